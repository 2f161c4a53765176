"""Every page and every dialog: axe, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import demand_accessible
from tests.browser.browsing import Browsers
from tests.browser.console import Console
from tests.browser.pages import choose, dialog, row, wait_until_live
from tests.browser.watching import Problems
from tests.people.blocking import People
from tests.servers.server import Server

ROOM = "furnished"
METADATA = '{"title": "Quarterly figures", "host": {"name": "Carol"}}'
PAGES = {
    "home": ("mona", "/"),
    "rooms": ("mona", "/p/studio/rooms/"),
    "rooms, nothing found": ("mona", "/p/studio/rooms/?q=no-such-room"),
    "room": ("mona", f"/p/studio/rooms/{ROOM}/"),
    "room for a viewer": ("vic", f"/p/studio/rooms/{ROOM}/"),
    "room that is not open": ("mona", "/p/studio/rooms/nowhere/"),
    "person": ("mona", f"/p/studio/rooms/{ROOM}/people/carol/"),
    "person for a viewer": ("vic", f"/p/studio/rooms/{ROOM}/people/carol/"),
    "person who is gone": ("mona", f"/p/studio/rooms/{ROOM}/people/nobody/"),
    "room facts": ("mona", f"/p/studio/rooms/{ROOM}/facts/"),
    "room history": ("mona", f"/p/studio/rooms/{ROOM}/history/"),
    "history": ("mona", "/p/studio/history/"),
    "create room as a page": ("mona", "/p/studio/new-room/"),
    "remove as a page": ("mona", f"/p/studio/rooms/{ROOM}/people/carol/do/remove/"),
    "tokens": ("alice", "/p/studio/tokens/"),
    "tokens for a moderator": ("mona", "/p/studio/tokens/"),
    "token inspection": ("mona", "/p/studio/tokens/inspect/"),
    "audit": ("mona", "/p/studio/audit/"),
    "settings": ("alice", "/p/studio/settings/"),
    "read-only project": ("mona", "/p/locked/rooms/"),
    "new project": ("alice", "/projects/new/"),
    "account": ("mona", "/account/"),
}
# These answer 404, and still say what is known.
ABSENT = ("person who is gone",)
ASKING = (
    "Return",
    "Change permission",
    "Rename",
    "Edit metadata",
    "Edit attributes",
    "Send data",
    "Move",
    "Forward",
    "Remove",
)


@pytest.fixture(scope="module")
def furnished(simulator: Server, console: Console) -> Iterator[None]:
    """A room with people of every sort in it."""
    with People() as people:
        join = people.join
        join(simulator, ROOM, "carol", name="Carol", publish=["microphone", "camera"], metadata=METADATA)
        join(simulator, ROOM, "bob", name="Bob", can_publish=False, attributes={"hand_raised": "true", "lang": "de"})
        join(simulator, ROOM, "dave", can_publish=False)
        join(simulator, ROOM, "bot", name="Helper", kind="agent")
        join(simulator, ROOM, "ghost", hidden=True)
        yield


@pytest.fixture
def calm(browser_of: Browsers, furnished: None) -> Browsers:
    """Browsers on the furnished room."""
    return browser_of


@pytest.mark.parametrize("name", PAGES)
def test_page(calm: Browsers, name: str) -> None:
    who, address = PAGES[name]
    if name in ABSENT:
        calm.problems.expect_status(404)
    demand_accessible(calm(who, address, reduced_motion="reduce"))


@pytest.mark.parametrize(("status", "who", "address"), [(403, "vic", "settings/"), (404, "mona", "rooms/~0/")])
def test_page_of_a_refusal(calm: Browsers, problems: Problems, status: int, who: str, address: str) -> None:
    problems.expect_status(status)
    demand_accessible(calm(who, f"/p/studio/{address}", reduced_motion="reduce"))


def test_login(calm: Browsers) -> None:
    page = calm.stranger(reduced_motion="reduce")
    page.goto("/login/")
    demand_accessible(page)


@pytest.mark.parametrize("verb", ASKING)
def test_dialog_of_a_person(calm: Browsers, verb: str) -> None:
    page = room_page(calm)
    choose(page, "carol", verb)
    expect(dialog(page)).to_be_visible()
    demand_accessible(page)


@pytest.mark.parametrize("verb", ["Send data…", "Close room…"])
def test_dialog_of_the_room(calm: Browsers, verb: str) -> None:
    page = room_page(calm)
    page.get_by_role("button", name=verb).click()
    expect(dialog(page)).to_be_visible()
    demand_accessible(page)


def test_dialog_of_the_room_s_metadata(calm: Browsers) -> None:
    page = calm("mona", f"/p/studio/rooms/{ROOM}/facts/", reduced_motion="reduce")
    page.get_by_role("button", name="Edit metadata").click()
    expect(dialog(page)).to_be_visible()
    demand_accessible(page)


def test_dialog_with_something_wrong(calm: Browsers, problems: Problems) -> None:
    page = room_page(calm)
    problems.expect_status(422)
    page.get_by_role("button", name="Send data…").click()
    dialog(page).get_by_label("Text or JSON").fill("{")
    dialog(page).get_by_role("button", name="Check and format JSON").click()
    dialog(page).get_by_text("Chosen people").click()
    dialog(page).get_by_role("button", name="Send data").click()
    expect(dialog(page).locator(".wrong").first).to_be_visible()
    demand_accessible(page)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_contain_text("Escape once more")
    demand_accessible(page)


def test_dialog_of_a_new_room(calm: Browsers) -> None:
    page = calm("mona", "/p/studio/rooms/", reduced_motion="reduce")
    wait_until_live(page)
    page.get_by_role("link", name="Create room").click()
    expect(dialog(page)).to_be_visible()
    demand_accessible(page)


def test_open_menus_and_keys(calm: Browsers) -> None:
    page = room_page(calm)
    row(page, "carol").get_by_role("button", name="Actions for").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    demand_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Account").click()
    demand_accessible(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    demand_accessible(page)


def test_results_feed_and_audit_entry(calm: Browsers) -> None:
    page = room_page(calm)
    row(page, "dave").hover()
    row(page, "dave").get_by_role("button", name="Promote dave").click()
    expect(page.locator("#results .note")).to_be_visible()
    expect(page.locator("#feed > li")).not_to_have_count(0)
    demand_accessible(page)
    page.goto("/p/studio/audit/")
    page.locator("main tbody tr").first.get_by_role("link", name="Details").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    demand_accessible(page)


def test_token_and_its_inspection(calm: Browsers) -> None:
    page = calm("alice", "/p/studio/tokens/", reduced_motion="reduce")
    page.get_by_label("Identity").fill("guest")
    page.get_by_label("Room", exact=True).fill(ROOM)
    page.get_by_role("button", name="Make token").last.click()
    expect(page.get_by_role("heading", name="Token for guest")).to_be_visible()
    demand_accessible(page)
    token = page.locator(".token pre").inner_text()
    page.goto("/p/studio/tokens/inspect/")
    page.get_by_role("textbox").first.fill(token)
    page.locator("main").get_by_role("button", name="Inspect").click()
    expect(page.locator("main")).to_contain_text("guest")
    demand_accessible(page)


def test_one_time_password_link(calm: Browsers) -> None:
    alice = calm("alice", "/p/studio/settings/", reduced_motion="reduce")
    alice.get_by_role("button", name="Password link for vic").click()
    link = alice.locator("#members .note pre").inner_text()
    demand_accessible(alice)
    stranger = calm.stranger(reduced_motion="reduce")
    stranger.goto(link)
    expect(stranger.get_by_label("password").first).to_be_visible()
    demand_accessible(stranger)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)])
def test_a_fault_is_found_where_it_is(browser_of: Browsers, scheme: str, width: int) -> None:
    page = browser_of.stranger()
    where = f"(prefers-color-scheme: {scheme}) and {'(width > 400px)' if width > 400 else '(width < 400px)'}"
    page.set_content(
        f"""<!doctype html><html lang="en"><title>A page</title><style>@media {where} {{ p {{ color: #888 }} }}
        body {{ background: #fff }}</style><main><h1>A page</h1><p>Too pale to read.</p></main>"""
    )
    with pytest.raises(AssertionError, match="color-contrast") as fault:
        demand_accessible(page)
    assert str(fault.value).count(" px\n") == 1
    assert f"{scheme}, {width} px\n" in str(fault.value)


def room_page(browsers: Browsers) -> Page:
    """The furnished room, live."""
    page = browsers("mona", f"/p/studio/rooms/{ROOM}/", reduced_motion="reduce")
    wait_until_live(page)
    return page
