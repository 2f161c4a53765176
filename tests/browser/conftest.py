"""One console for the run, on a self-hosted and on a Cloud simulator; people with browsers; problems on their pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.browser import keeping
from tests.browser.browsing import ARGUMENTS, PATIENCE, Browsers, find_chromium
from tests.browser.console import Console, connection_of
from tests.browser.house import House
from tests.browser.real import either_house, observed_house, proof, real_house
from tests.browser.watching import Problems
from tests.people.blocking import People
from tests.servers.fixtures import log_marks, pytest_runtest_makereport, servers
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Server
from tests.servers.simulated import start_simulator

__all__ = ["either_house", "log_marks", "observed_house", "proof", "pytest_runtest_makereport", "real_house", "servers"]

HERE = Path(__file__).parent
NO_CHROMIUM = "the browser tests need Chromium: apt install chromium, or CHROMIUM=/path/to/chromium"
# Each on the self-hosted simulator; of its own where a test changes the project or what is known of its server.
STUDIOS = ("studio", "mute", "moving", "settings", "managed", "locked", "small")
ROLES = {"alice": "administrator", "mona": "moderator", "mike": "moderator", "vic": "viewer"}
OUTSIDER = "nora"
# The self-hosted simulator takes these too: for a project that changes its key.
NEXT_KEY, NEXT_SECRET = "nextkey", "next-secret-of-at-least-32-characters"

expect.set_options(timeout=PATIENCE)


def pytest_configure(config: pytest.Config) -> None:
    """Keep what the pages of a failing test show."""
    config.pluginmanager.register(keeping)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and leave it out of a run with other tests, which have an event loop of their own."""
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    alone = len(ours) == len(items)
    for item in ours:
        item.add_marker(pytest.mark.browser)
        if not alone:
            item.add_marker(pytest.mark.skip(reason="the browser tests are a run of their own: pytest tests/browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the run; without a Chromium a skip, with GREENROOM_REQUIRE_BROWSER=1 a failure."""
    chromium = find_chromium()
    if not chromium and os.environ.get("GREENROOM_REQUIRE_BROWSER") == "1":
        pytest.fail(f"GREENROOM_REQUIRE_BROWSER=1, but {NO_CHROMIUM}", pytrace=False)
    if not chromium:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def unstarted(tmp_path_factory: pytest.TempPathFactory) -> Console:
    """The console before it runs: its address is known, so that webhooks can be sent there."""
    return Console(tmp_path_factory.mktemp("console"))


@pytest.fixture(scope="session")
def simulator(servers: Servers, unstarted: Console) -> Iterator[Server]:
    """The simulator in the self-hosted manner, with webhooks to the projects that stand on it."""
    hooks = [option for slug in STUDIOS for option in ("--webhook", f"{unstarted.url}/hooks/{slug}/")]
    server = start_simulator(Configuration(other_keys=((NEXT_KEY, NEXT_SECRET),)), servers.folder, *hooks)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def cloud(servers: Servers, unstarted: Console) -> Server:
    """The simulator in the manner of LiveKit Cloud, behind the project ``cloud``."""
    return servers.get("simulator", Configuration(cloud=True, webhook_url=f"{unstarted.url}/hooks/cloud/"))


@pytest.fixture(scope="session")
def console(unstarted: Console, simulator: Server, cloud: Server) -> Iterator[Console]:
    """The running console. alice administers, mona and mike moderate, vic looks on, nora has no role anywhere."""
    projects = {slug: connection_of(simulator) for slug in STUDIOS} | {"cloud": connection_of(cloud)}
    projects["locked"] |= {"read_only": True}
    projects["small"] |= {"metadata_limit": 20, "attributes_limit": 20}
    people = {name: dict.fromkeys(projects, role) for name, role in ROLES.items()}
    unstarted.seed(projects, {**people, OUTSIDER: {}})
    unstarted.start()
    yield unstarted
    unstarted.stop()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of those who have signed in during this run."""
    return {}


@pytest.fixture
def problems(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Problems]:
    """Errors, warnings and violations on the pages of this test; any that the test does not expect fail it."""
    problems = Problems()
    request.node.stash[keeping.PROBLEMS] = problems
    request.node.stash[keeping.TEMPORARY] = tmp_path_factory.getbasetemp()
    yield problems
    assert problems.unexpected == []


@pytest.fixture
def browser_of(
    problems: Problems, browser: Browser, console: Console, signed_in: dict[str, StorageState]
) -> Iterator[Browsers]:
    """``browser_of("mona", address)`` is a page of mona's, signed in, in a browser of her own."""
    browsers = Browsers(browser, console, problems, signed_in)
    yield browsers
    browsers.close()


@pytest.fixture
def people() -> Iterator[People]:
    """Participants, who leave when the test ends."""
    with People() as people:
        yield people


@pytest.fixture
def room(request: pytest.FixtureRequest) -> str:
    """A room name of the test's own."""
    name: str = request.node.name
    return name.removeprefix("test_").replace("_", "-")


@pytest.fixture
def house(console: Console, browser_of: Browsers, people: People, simulator: Server, room: str) -> House:
    """A room of the test's own in the project ``studio``, on the self-hosted simulator."""
    return House(console, browser_of, people, simulator, room)


@pytest.fixture
def cloud_house(console: Console, browser_of: Browsers, people: People, cloud: Server, room: str) -> House:
    """A room of the test's own in the project ``cloud``."""
    return House(console, browser_of, people, cloud, room, "cloud")
