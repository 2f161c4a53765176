"""A project is deleted: its name is typed, open pages close, its audit is kept."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.browsing import Browsers
from tests.browser.console import Console, connection_of
from tests.browser.pages import wait_until_live
from tests.browser.watching import Problems
from tests.servers.server import Server


def test_a_project_is_deleted_by_its_name(
    browser_of: Browsers, console: Console, simulator: Server, problems: Problems
) -> None:
    console.seed(
        {"passing": connection_of(simulator)},
        {"alice": {"passing": "administrator"}, "mona": {"passing": "moderator"}},
    )
    problems.expect_status(422)
    problems.expect_status(404)
    mona, alice = browser_of("mona", "/p/passing/rooms/"), browser_of("alice", "/p/passing/settings/")
    wait_until_live(mona)

    alice.get_by_role("navigation", name="Settings").get_by_role("link", name="Delete").press("Enter")
    alice.get_by_label("Name of the project").fill("passing")
    alice.get_by_role("button", name="Delete Passing").press("Enter")
    expect(alice.locator("#deletion-name_error")).to_contain_text("Nothing was deleted.")
    expect(alice.get_by_label("Name of the project")).to_be_in_viewport()
    expect(alice.get_by_label("Name of the project")).to_have_value("passing")
    wait_until_live(mona)

    alice.get_by_label("Name of the project").fill("Passing")
    alice.get_by_label("Name of the project").press("Enter")
    expect(alice).to_have_url(re.compile(r"/\?all=1#main$"))
    expect(alice.get_by_role("status").filter(has_text="Passing is deleted. Its audit is kept.")).to_be_visible()
    expect(alice.locator(".projects")).not_to_contain_text("Passing")

    expect(mona.get_by_role("heading", level=1)).to_have_text("Not found")
    hook = mona.request.post("/hooks/passing/", data="{}")
    assert hook.status == 404


def test_deleting_works_without_scripts(browser_of: Browsers, console: Console, simulator: Server) -> None:
    console.seed({"brief": connection_of(simulator)}, {"alice": {"brief": "administrator"}})
    alice = browser_of("alice", "/p/brief/settings/", java_script_enabled=False, viewport={"width": 390, "height": 844})
    alice.get_by_label("Name of the project").fill("Brief")
    alice.get_by_role("button", name="Delete Brief").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Projects")
    expect(alice.locator(".projects")).not_to_contain_text("Brief")
