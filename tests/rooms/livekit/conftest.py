"""Servers for the calls: the simulator, and the real livekit-server where there is one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from rooms.livekit.client import Connection
from tests.people import Person, join
from tests.servers.fixtures import demand, log_marks, pytest_runtest_makereport, running_server, servers
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Kind, Server

__all__ = ["log_marks", "pytest_runtest_makereport", "servers"]


@pytest.fixture(params=["simulator", "real"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Which server a test runs on."""
    name: Kind = request.param
    demand(name)
    return name


@pytest.fixture
def server(kind: Kind, servers: Servers) -> Server:
    """A plain self-hosted server."""
    return running_server(servers, kind)


@pytest.fixture
def unmuting(kind: Kind, servers: Servers) -> Server:
    """A server that lets its administrators unmute."""
    return running_server(servers, kind, Configuration(remote_unmute=True))


@pytest.fixture
def connection(server: Server) -> Connection:
    """The plain server and its key."""
    return connection_to(server)


@pytest.fixture
async def people() -> AsyncIterator[Any]:
    """``await people(server, room, identity, ...)`` lets somebody join; they leave when the test ends."""
    joined: list[Person] = []

    async def come(server: Server, room: str, identity: str, **options: Any) -> Person:
        person = await join(server, room, identity, **options)
        joined.append(person)
        return person

    yield come
    for person in joined:
        await person.leave()


def connection_to(server: Server) -> Connection:
    """The connection of a project on ``server``."""
    return Connection(server.url, server.key, server.secret)
