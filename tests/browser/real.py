"""Fixtures on the real livekit-server; conftest.py takes them up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.browsing import Browsers
from tests.browser.console import Console, connection_of
from tests.browser.house import House
from tests.browser.watching import Problems
from tests.people.blocking import People
from tests.servers.fixtures import running_server
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Server

ROLES = {"alice": "administrator", "mona": "moderator", "mike": "moderator"}
# Each on the server as it comes; of its own where a test changes what is known of the server, or the observer is on.
PLAIN = ("real", "mute", "moving", "observed")


@dataclasses.dataclass
class Proof:
    """A console on two real servers: the projects PLAIN on one as it comes, ``lenient`` on one with remote unmute.

    The project ``hooked`` is on the lenient one too, which sends it webhooks, and is read once a minute only.
    ``signed_in`` are the cookies of those who have signed in to the console during this run.
    """

    console: Console
    real: Server
    lenient: Server
    signed_in: dict[str, StorageState] = dataclasses.field(default_factory=dict)


@pytest.fixture(scope="session")
def proof(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proof]:
    """Skipped where there is no livekit-server; a failure with GREENROOM_REQUIRE_LIVEKIT=1."""
    console = Console(tmp_path_factory.mktemp("proof"))
    real = running_server(servers, "real", Configuration(webhook_url=f"{console.url}/hooks/real/"))
    lenient = running_server(
        servers, "real", Configuration(remote_unmute=True, webhook_url=f"{console.url}/hooks/hooked/")
    )
    projects = {slug: connection_of(real) for slug in PLAIN} | dict.fromkeys(
        ("lenient", "hooked"), connection_of(lenient)
    )
    projects["hooked"] = {**projects["hooked"], "reading_interval": 60}
    projects["observed"] |= {"observer": True, "observer_listens": True, "observer_chat": True}
    console.seed(projects, {name: dict.fromkeys(projects, role) for name, role in ROLES.items()})
    console.start()
    yield Proof(console, real, lenient)
    console.stop()


@pytest.fixture
def real_house(proof: Proof, browser: Browser, problems: Problems, people: People, room: str) -> Iterator[House]:
    """A room of the test's own on the real server, in the project ``real``."""
    browsers = Browsers(browser, proof.console, problems, proof.signed_in)
    yield House(proof.console, browsers, people, proof.real, room, "real")
    browsers.close()


@pytest.fixture
def observed_house(real_house: House) -> House:
    """A room of the project whose observer is on, listens, and tells of the chat."""
    return dataclasses.replace(real_house, slug="observed")


@pytest.fixture(params=["house", "real_house"], ids=["simulator", "real"])
def either_house(request: pytest.FixtureRequest) -> House:
    """A room of the test's own: once on the simulator, once on the real server."""
    house: House = request.getfixturevalue(request.param)
    return house
