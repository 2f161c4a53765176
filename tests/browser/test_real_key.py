"""The key of a real livekit-server changes while a page is open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import row
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Server

HEALING = 40_000
NEW_SECRET = "the-new-secret-has-at-least-32-characters"


Start = Callable[[Configuration], Server]


@pytest.fixture
def start(real_house: House, servers: Servers) -> Iterator[Start]:
    """Starts real servers of the test's own, which end with it."""
    with ExitStack() as ending:

        def started(configuration: Configuration) -> Server:
            server = servers.start("real", configuration)
            ending.callback(server.stop)
            return server

        yield started


def test_a_rotated_key_is_named_and_healed_on_the_settings_page(real_house: House, start: Start) -> None:
    server = start(Configuration())
    settings = real_house.browser_of("alice", "/projects/new/")
    settings.get_by_label("Name", exact=True).fill("Rotating")
    settings.get_by_label("URL").fill(server.url)
    settings.get_by_label("API key").fill(server.key)
    settings.get_by_label("API secret").fill(server.secret)
    settings.get_by_role("button", name="Test and save").click()
    expect(settings).to_have_url(re.compile("/p/rotating/"))
    house = replace(real_house, server=server, slug="rotating")
    house.join("carol", name="Carol")
    page = house.look("alice")
    expect(row(page, "carol")).to_have_count(1)

    house.server.kill()
    rotated = start(replace(server.configuration, port=server.port, secret=NEW_SECRET))
    expect(page.locator("#fresh")).to_have_text(re.compile("^stale since"), timeout=HEALING)
    expect(page.locator("#stale")).to_contain_text(re.compile("key|secret"), timeout=HEALING)
    expect(page.locator("#stale")).not_to_contain_text("eyJ")
    settings.goto("/p/rotating/settings/")
    settings.get_by_label("API secret").fill(NEW_SECRET)
    settings.get_by_role("button", name="Test and save").click()

    expect(page.locator("#fresh")).to_have_text("live", timeout=HEALING)
    replace(house, server=rotated).join("dave", name="Dave")
    expect(row(page, "dave")).to_have_count(1)
