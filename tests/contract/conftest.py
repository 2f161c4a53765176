"""Which servers the contract runs on.

Without settings: the simulator, and the real livekit-server where there is one. With CONTRACT_URL, CONTRACT_KEY and
CONTRACT_SECRET: that server alone; it must have no rooms unless CONTRACT_FORCE=1. CONTRACT_CLOUD=1 and
CONTRACT_REMOTE_UNMUTE=1 tell what that server is set up for.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from rooms.livekit import client
from rooms.livekit.client import Connection
from tests.contract import early as beginnings
from tests.contract.early import Early
from tests.contract.twirp import ENCODINGS, Encoding
from tests.contract.under_test import Enter, UnderTest
from tests.people.blocking import People
from tests.people.joining import listed
from tests.people.signalling_person import SignallingPerson
from tests.people.tokens import join_token
from tests.servers.fixtures import (
    is_required,
    log_marks,
    pytest_runtest_makereport,
    running_server,
    servers,
    why_not_real,
)
from tests.servers.manager import Servers
from tests.servers.receiver import Receiver
from tests.servers.server import Configuration, Kind, Server

__all__ = ["log_marks", "pytest_runtest_makereport", "servers"]

CONTRACT_URL = os.environ.get("CONTRACT_URL", "")
NOT_REAL = "" if CONTRACT_URL else why_not_real()
OURS_ONLY = {"webhooks", "configured", "short_lived", beginnings.FIXTURE}
REMOTE_UNMUTE = Configuration(remote_unmute=True)
CLOUD = Configuration(cloud=True)


def kinds() -> list[str]:
    """The servers of this run; a real one that is missing is left out, unless the run demands it."""
    if CONTRACT_URL:
        return ["named"]
    return ["simulator"] if NOT_REAL and not is_required() else ["simulator", "real"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a named server, leave out what needs a configuration of our own; what takes minutes goes last."""
    beginnings.put_last(items)
    if CONTRACT_URL:
        left_out = [item for item in items if OURS_ONLY & set(getattr(item, "fixturenames", ()))]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in one line what did not run, and how to get it."""
    if NOT_REAL and not is_required():
        terminalreporter.write_line(f"the contract ran on the simulator alone: {NOT_REAL}", yellow=True)
    if CONTRACT_URL:
        terminalreporter.write_line(
            "on a named server, webhooks, other configurations and what takes minutes are not looked at"
        )


@pytest.fixture(scope="session")
async def named_server() -> Server | None:
    """The server of CONTRACT_URL. The run ends here when it does not answer, or has rooms that are not ours."""
    if not CONTRACT_URL:
        return None
    key, secret = os.environ.get("CONTRACT_KEY", ""), os.environ.get("CONTRACT_SECRET", "")
    if not (key and secret):
        pytest.exit("CONTRACT_URL needs CONTRACT_KEY and CONTRACT_SECRET beside it", returncode=2)
    found = await client.probe(Connection(CONTRACT_URL, key, secret))
    await client.aclose()
    if not found.ok:
        pytest.exit(f"{CONTRACT_URL}: {found.title}. {found.words} {found.remedy}", returncode=2)
    if found.rooms and os.environ.get("CONTRACT_FORCE") != "1":
        there = "a room" if found.rooms == 1 else f"{found.rooms} rooms"
        pytest.exit(f"{CONTRACT_URL} has {there}: it is not touched without CONTRACT_FORCE=1", returncode=2)
    url = client.base_of(CONTRACT_URL)
    async with aiohttp.ClientSession() as http, http.get(url + "/control/calls") as answer:
        kind: Kind = "simulator" if answer.status == 200 else "real"
    cloud = os.environ.get("CONTRACT_CLOUD") == "1"
    remote_unmute = cloud or os.environ.get("CONTRACT_REMOTE_UNMUTE") == "1"
    return Server(url, key, secret, kind, cloud=cloud, remote_unmute=remote_unmute, started_here=False)


@pytest.fixture(params=kinds())
def kind(request: pytest.FixtureRequest) -> str:
    """Which server a case runs on."""
    name: str = request.param
    return name


@pytest.fixture(params=ENCODINGS)
def encoding(request: pytest.FixtureRequest) -> Encoding:
    """How the calls of a case are encoded."""
    name: Encoding = request.param
    return name


@pytest.fixture
def server(kind: str, servers: Servers, named_server: Server | None) -> Server:
    """The plain server: self-hosted, remote unmute off, as it comes."""
    return named_server or running_server(servers, "real" if kind == "real" else "simulator")


@pytest.fixture
async def livekit(server: Server, encoding: Encoding) -> AsyncIterator[UnderTest]:
    """The plain server, once in each encoding."""
    async with aiohttp.ClientSession() as http:
        under_test = UnderTest(server, encoding, http)
        yield under_test
        await under_test.close()


@pytest.fixture
async def livekit_once(server: Server) -> AsyncIterator[UnderTest]:
    """The plain server in protobuf only: for cases that wait, or that are not about a call."""
    async with aiohttp.ClientSession() as http:
        under_test = UnderTest(server, "protobuf", http)
        yield under_test
        await under_test.close()


@pytest.fixture
async def enter(livekit_once: UnderTest) -> AsyncIterator[Enter]:
    """Let somebody into the case's room by the WebSocket, whichever server it is."""
    came: list[SignallingPerson] = []

    async def one(identity: str, **options: Any) -> SignallingPerson:
        token = join_token(livekit_once.server, livekit_once.room, identity, **options)
        person = SignallingPerson(livekit_once.server, livekit_once.room, identity, token)
        await person.connect()
        came.append(person)
        await listed(livekit_once.server, person, signalling_only=True)
        return person

    yield one
    for person in came:
        await person.lose_connection()


@pytest.fixture
async def unmuting(
    kind: str, servers: Servers, named_server: Server | None, encoding: Encoding
) -> AsyncIterator[UnderTest]:
    """A server that lets its administrators unmute."""
    if named_server and not named_server.remote_unmute:
        pytest.skip("the named server does not allow remote unmute")
    server = named_server or running_server(servers, "real" if kind == "real" else "simulator", REMOTE_UNMUTE)
    async with aiohttp.ClientSession() as http:
        under_test = UnderTest(server, encoding, http)
        yield under_test
        await under_test.close()


@pytest.fixture
async def cloud(servers: Servers, named_server: Server | None, encoding: Encoding) -> AsyncIterator[UnderTest]:
    """LiveKit Cloud's manner: the simulator's --cloud, or a named server that says it is Cloud."""
    if named_server and not named_server.cloud:
        pytest.skip("the named server is not Cloud")
    server = named_server or running_server(servers, "simulator", CLOUD)
    async with aiohttp.ClientSession() as http:
        under_test = UnderTest(server, encoding, http)
        yield under_test
        await under_test.close()


@pytest.fixture
async def configured(kind: str, servers: Servers, request: pytest.FixtureRequest) -> AsyncIterator[UnderTest]:
    """A server of the configuration that the case names as a parameter."""
    server = running_server(servers, "real" if kind == "real" else "simulator", request.param)
    async with aiohttp.ClientSession() as http:
        under_test = UnderTest(server, "protobuf", http)
        yield under_test
        await under_test.close()


@pytest.fixture
def short_lived(kind: str, servers: Servers) -> Iterator[Server]:
    """A server of the case's own, to be killed and started again."""
    running_server(servers, "real" if kind == "real" else "simulator")
    server = servers.start("real" if kind == "real" else "simulator", Configuration())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def receivers() -> Iterator[dict[str, Receiver]]:
    """A place where webhooks arrive, for each kind of server."""
    with Receiver() as of_the_simulator, Receiver() as of_the_real:
        yield {"simulator": of_the_simulator, "real": of_the_real}


@pytest.fixture(scope="session", autouse=True)
def begun(
    request: pytest.FixtureRequest, servers: Servers, receivers: dict[str, Receiver]
) -> Iterator[dict[tuple[str, str], Early]]:
    """What takes minutes, by kind of server and name, from the beginning of a run that asks for it."""
    wanted = sorted(beginnings.wanted(request.session.items))
    with People() as people:
        yield {
            (kind, name): beginnings.begin(name, people, telling_server(kind, servers, receivers), receivers[kind])
            for name in wanted
            for kind in kinds()
        }


def telling_server(kind: str, servers: Servers, receivers: dict[str, Receiver]) -> Server:
    """The server of this kind that sends webhooks, with defaults otherwise."""
    configuration = Configuration(webhook_url=receivers[kind].url)
    return running_server(servers, "real" if kind == "real" else "simulator", configuration)


@pytest.fixture
def early(kind: str, request: pytest.FixtureRequest, begun: dict[tuple[str, str], Early]) -> Early:
    """What began under the name in the case's parameter when the run did."""
    return begun[kind, request.param]


@pytest.fixture
async def webhooks(
    kind: str, servers: Servers, receivers: dict[str, Receiver]
) -> AsyncIterator[tuple[UnderTest, Receiver]]:
    """A server that sends webhooks, and the place where they arrive."""
    async with aiohttp.ClientSession() as http:
        under_test = UnderTest(telling_server(kind, servers, receivers), "protobuf", http)
        yield under_test, receivers[kind]
        await under_test.close()
