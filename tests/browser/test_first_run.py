"""From an empty database to a project that works."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessible import demand_accessible
from tests.browser.browsing import Browsers
from tests.browser.console import Console
from tests.browser.watching import Problems
from tests.servers.server import Server


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console without accounts and projects."""
    console = Console(tmp_path_factory.mktemp("empty"))
    console.start()
    yield console
    console.stop()


@pytest.fixture
def first(empty: Console, browser: Browser, problems: Problems) -> Iterator[Browsers]:
    """Browsers on it."""
    browsers = Browsers(browser, empty, problems, {})
    yield browsers
    browsers.close()


def test_the_first_administrator_makes_the_first_project(empty: Console, first: Browsers, simulator: Server) -> None:
    page = first.stranger(reduced_motion="reduce")
    first.problems.expect_status(422)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("The first administrator")
    demand_accessible(page)
    found = re.search(r"First run: .*\n\s*(\S+)", empty.log())
    assert found is not None

    page.get_by_label("Code from the terminal").fill("WRONG-CODE")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill("a long enough secret")
    page.get_by_role("button", name="Create and sign in").click()
    expect(page.locator(".wrong")).to_have_count(1)
    page.get_by_label("Code from the terminal").fill(found[1])
    page.get_by_label("Password").fill("a long enough secret")
    page.get_by_role("button", name="Create and sign in").click()

    page.goto("/projects/new/")
    demand_accessible(page)
    page.get_by_label("Name", exact=True).fill("First")
    page.get_by_label("URL").fill(simulator.url)
    page.get_by_label("API key").fill(simulator.key)
    page.get_by_label("API secret").fill("not the secret")
    page.get_by_role("button", name="Test and save").click()
    expect(page.locator("main")).to_contain_text("secret", ignore_case=True)
    demand_accessible(page)
    page.get_by_label("API secret").fill(simulator.secret)
    page.get_by_role("button", name="Test and save").click()
    expect(page).to_have_url(re.compile(r"/p/first/"))
    page.goto("/p/first/rooms/")
    expect(page.locator("#fresh")).to_have_text("live")
    assert simulator.secret not in page.goto("/p/first/settings/").text()  # type: ignore[union-attr]
