"""The page stays truthful when the console, LiveKit or the line goes away, and heals by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.accessible import demand_accessible
from tests.browser.browsing import Browsers
from tests.browser.console import Console, connection_of
from tests.browser.house import House
from tests.browser.pages import dock, place, row, said, wait_until_live
from tests.browser.watching import Problems
from tests.people.blocking import People
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Server

# Milliseconds: a page tries again after 15 s at the latest, and so does the console at LiveKit.
HEALING = 40_000
OWN = {"can_publish": False, "can_update_own_metadata": True}


@pytest.fixture(scope="module")
def mortal(servers: Servers) -> Iterator[Server]:
    """A simulator that these tests may kill."""
    server = servers.start("simulator", Configuration())
    yield server
    server.stop()


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory, mortal: Server) -> Iterator[Console]:
    """A console that these tests may stop."""
    console = Console(tmp_path_factory.mktemp("fragile"))
    console.seed({"studio": connection_of(mortal)}, {"mona": {"studio": "moderator"}, "mike": {"studio": "moderator"}})
    console.start()
    yield console
    console.stop()


@pytest.fixture
def broken(
    fragile: Console, mortal: Server, browser: Browser, problems: Problems, people: People, room: str
) -> Iterator[House]:
    """A room on what can be stopped."""
    browsers = Browsers(browser, fragile, problems, {})
    yield House(fragile, browsers, people, mortal, room)
    browsers.close()


@contextmanager
def away(server: Server, servers: Servers) -> Iterator[None]:
    """The server is killed, and comes back at the same address with its rooms gone."""
    server.kill()
    try:
        yield
    finally:
        server.process = servers.restart(server).process


def badge(page: Page, words: str) -> None:
    """Wait until the badge beside the title says ``words``."""
    expect(page.locator("#fresh")).to_have_text(re.compile(words), timeout=HEALING)


def test_a_page_outlives_a_restart_of_the_console(broken: House, problems: Problems) -> None:
    carol = broken.join("carol", name="Carol", **OWN)
    mike = broken.look("mike")
    expect(place(mike, "carol")).to_contain_text("Audience")
    problems.expect_lost_connection()

    broken.console.stop()
    badge(mike, "connecting")
    broken.people.do(carol.raise_hand())
    expect(place(mike, "carol")).to_contain_text("Audience")
    broken.console.start()

    badge(mike, "^live$")
    expect(place(mike, "carol")).to_contain_text("Hand")
    broken.join("dave")
    expect(row(mike, "dave")).to_have_count(1)


def test_livekit_goes_away_and_comes_back(broken: House, servers: Servers) -> None:
    broken.join("carol", name="Carol")
    mike = broken.look("mike", reduced_motion="reduce")

    with away(broken.server, servers):
        badge(mike, r"^stale since \d\d:\d\d:\d\d$")
        expect(mike.locator("#stale")).to_contain_text("refused the connection")
        expect(mike.locator("#stale")).to_contain_text("Check that LiveKit runs")
        expect(row(mike, "carol")).to_have_count(1)
        demand_accessible(mike)

    badge(mike, "^live$")
    expect(mike.locator("#stale")).to_be_hidden()
    expect(row(mike, "carol")).to_have_count(0)
    broken.join("dave", name="Dave")
    expect(row(mike, "dave")).to_have_count(1)


def test_an_act_on_a_livekit_that_is_away_says_so(broken: House, servers: Servers, problems: Problems) -> None:
    broken.join("carol", name="Carol", can_publish=False)
    mona = broken.look("mona")
    problems.expect_status(502)

    with away(broken.server, servers):
        mona.keyboard.press("j")
        mona.keyboard.press("p")
        expect(dock(mona)).to_contain_text("refused the connection")
        expect(dock(mona)).to_contain_text("Check that LiveKit runs")
    badge(mona, "^live$")


def test_a_frame_that_is_lost_is_made_good(broken: House) -> None:
    carol = broken.join("carol", name="Carol", **OWN)
    lost: list[str] = []
    page = broken.browser_of("mike")

    def swallow_the_first_step(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def deliver(message: str | bytes) -> None:
            if not lost and json.loads(message)["t"] == "step":
                lost.append(str(message))
            else:
                socket.send(message)

        server.on_message(deliver)

    page.route_web_socket(re.compile("/ws/"), swallow_the_first_step)
    page.goto(broken.address)
    wait_until_live(page)

    broken.people.do(carol.set_attributes({"lost": "yes"}))
    expect(row(page, "carol").locator(".c-attrs")).to_contain_text("lost", timeout=HEALING)
    expect(said(page, "lost", "yes")).to_have_count(1)
    broken.people.do(carol.set_attributes({"next": "yes"}))
    expect(row(page, "carol").locator(".c-attrs")).to_contain_text("next")
    expect(said(page, "set to")).to_have_count(2)
    assert len(lost) == 1


def test_an_act_without_a_line_is_not_swallowed(broken: House, problems: Problems) -> None:
    broken.join("carol", name="Carol", can_publish=False)
    mona = broken.look("mona")
    problems.expect_lost_connection()

    mona.context.set_offline(True)
    mona.keyboard.press("j")
    mona.keyboard.press("p")
    expect(dock(mona)).to_contain_text("Greenroom cannot be reached.")
    mona.context.set_offline(False)
    badge(mona, "^live$")
    mona.keyboard.press("p")

    expect(place(mona, "carol")).to_contain_text("On stage")


def test_what_the_console_recorded_outlives_its_restart(broken: House, problems: Problems) -> None:
    broken.join("carol", name="Carol", can_publish=False)
    mona = broken.look("mona")
    mona.keyboard.press("j")
    mona.keyboard.press("p")
    expect(place(mona, "carol")).to_contain_text("On stage")
    problems.expect_lost_connection()

    broken.console.stop()
    broken.console.start()

    mona.goto("/p/studio/audit/")
    expect(mona.locator("main tbody tr").filter(has_text=broken.room).first).to_contain_text("Bring up")
    mona.goto(f"{broken.address}history/")
    expect(mona.locator("main")).to_contain_text("may publish")
