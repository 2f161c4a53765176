"""Fixtures on the real livekit-server; conftest.py takes them up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import Browsers
from tests.browser.console import Console, connection_of
from tests.browser.house import House
from tests.browser.watching import Problems
from tests.people.blocking import People
from tests.servers.fixtures import running_server
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Server

ROLES = {"alice": "administrator", "mona": "moderator", "mike": "moderator"}


@dataclasses.dataclass
class Proof:
    """A console on two real servers: project ``real`` as it comes, ``lenient`` with remote unmute."""

    console: Console
    real: Server
    lenient: Server


@pytest.fixture(scope="session")
def proof(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proof]:
    """Skipped where there is no livekit-server; a failure with GREENROOM_REQUIRE_LIVEKIT=1."""
    console = Console(tmp_path_factory.mktemp("proof"))
    real = running_server(servers, "real", Configuration(webhook_url=f"{console.url}/hooks/real/"))
    lenient = running_server(servers, "real", Configuration(remote_unmute=True))
    projects = {"real": connection_of(real), "lenient": connection_of(lenient)}
    console.seed(projects, {name: dict.fromkeys(projects, role) for name, role in ROLES.items()})
    console.start()
    yield Proof(console, real, lenient)
    console.stop()


@pytest.fixture
def real_house(proof: Proof, browser: Browser, problems: Problems, people: People, room: str) -> Iterator[House]:
    """A room of the test's own on the real server, in the project ``real``."""
    browsers = Browsers(browser, proof.console, problems, {})
    yield House(proof.console, browsers, people, proof.real, room, "real")
    browsers.close()
