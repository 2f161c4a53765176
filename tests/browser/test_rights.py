"""Who may see and do what, on the page, behind it and on its socket."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Page, expect

from tests.browser.browsing import Browsers
from tests.browser.house import House
from tests.browser.pages import dialog, place, row, wait_until_live
from tests.browser.watching import Problems


def post(page: Page, address: str) -> int:
    """The status of a form that is sent to ``address`` with the cookies and the token of ``page``."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    headers = {"X-CSRFToken": cookies.get("greenroom_csrf", ""), "Referer": page.url}
    return page.request.post(address, headers=headers).status


def test_a_viewer_sees_everything_and_finds_no_button(house: House, problems: Problems) -> None:
    house.join("carol", name="Carol", publish=["microphone"], attributes={"lang": "de"})
    vic = house.look("vic")
    asked: list[str] = []
    vic.on("request", lambda request: asked.append(request.url))

    expect(row(vic, "carol")).to_contain_text("de")
    expect(vic.locator("main [form=act], main [form=ask]")).to_have_count(0)
    vic.keyboard.press("j")
    vic.keyboard.press("r")
    vic.keyboard.press(".")
    expect(dialog(vic)).to_have_count(0)
    vic.goto(house.person("carol"))
    expect(vic.locator("#person-title")).to_have_text("Carol")
    expect(vic.locator("#side form")).to_have_count(0)
    wait_until_live(vic)
    assert [address for address in asked if "/do/" in address] == []
    assert post(vic, f"{house.person('carol')}do/promote/") == 403
    assert post(vic, f"{house.person('carol')}do/remove/") == 403
    assert vic.request.get("/p/studio/settings/").status == 403
    problems.expect_status(403)
    vic.goto(f"{house.person('carol')}do/remove/")
    expect(vic.get_by_role("heading", level=1)).to_have_text("Not allowed")
    assert house.outside.participant(house.room, "carol").tracks
    # It is the right that was missing, not the form's token.
    mona = house.look("mona")
    assert post(mona, f"{house.person('carol')}do/remove/") == 200
    expect(row(mona, "carol")).to_have_count(0)


def test_an_outsider_learns_of_nothing(house: House, problems: Problems) -> None:
    house.join("carol", name="Carol")
    problems.expect_status(404)
    nora = house.browser_of("nora", "/")
    expect(nora.locator("main")).not_to_contain_text("Studio")

    for address in (house.console.rooms(), house.address, house.person("carol"), "/p/studio/audit/", "/p/none/rooms/"):
        answer = nora.goto(address)
        assert answer is not None
        assert answer.status == 404
        expect(nora.get_by_role("heading", level=1)).to_have_text("Not found")
    assert post(nora, f"{house.person('carol')}do/promote/") == 404


def test_a_stranger_is_asked_to_sign_in_and_comes_back(house: House) -> None:
    house.join("carol", name="Carol")
    page = house.browser_of.stranger()

    page.goto(house.person("carol"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("User name").fill("vic")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(house.person("carol"))


def test_a_role_that_is_taken_away_closes_the_open_page(house: House, problems: Problems) -> None:
    house = replace(house, slug="settings")
    house.join("carol", name="Carol", can_publish=False)
    mike, vic = house.look("mike"), house.look("vic")
    alice = house.browser_of("alice", "/p/settings/settings/")
    expect(row(mike, "carol").get_by_role("button", name="Promote Carol")).to_be_attached()

    alice.get_by_role("combobox", name="Role of mike").select_option("viewer")
    expect(row(mike, "carol").locator("button")).to_have_count(0)
    expect(place(mike, "carol")).to_contain_text("Audience")

    problems.expect_status(404)
    alice.get_by_role("button", name="Take the role of vic away").click()
    expect(vic.get_by_role("heading", level=1)).to_have_text("Not found")


def test_signing_out_ends_the_other_pages_too(house: House) -> None:
    house.join("carol")
    page = house.browser_of.stranger()
    page.goto(house.address)
    page.get_by_label("User name").fill("mona")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    wait_until_live(page)
    other = page.context.new_page()
    other.goto(house.console.rooms())

    other.get_by_role("button", name="Account").click()
    other.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_read_only_project_is_unlocked_before_anything_is_changed(house: House) -> None:
    house = replace(house, slug="locked")
    house.join("carol", name="Carol", can_publish=False)
    mona = house.look("mona")
    expect(mona.get_by_role("region", name="Read only")).to_be_visible()
    expect(mona.locator("#rows [form=act]")).to_have_count(0)
    assert post(mona, f"{house.person('carol')}do/promote/") == 403

    mona.get_by_role("button", name="Unlock").click()
    wait_until_live(mona)
    expect(mona.get_by_role("region", name="Unlocked")).to_be_visible()
    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Promote Carol").click()
    expect(place(mona, "carol")).to_contain_text("On stage")


def test_too_many_wrong_passwords_make_a_name_wait(browser_of: Browsers, problems: Problems) -> None:
    page = browser_of.stranger()
    problems.expect_status(422, 429)
    page.goto("/login/")

    for wrong in range(5):
        page.get_by_label("User name").fill("nobody-here")
        page.get_by_label("Password").fill(f"wrong {wrong}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()

    expect(page.get_by_role("alert")).to_contain_text("Too many wrong passwords.")
    page.get_by_label("User name").fill("vic")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")
