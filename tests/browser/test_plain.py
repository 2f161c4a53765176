"""Where no script runs: reading and plain actions still work."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import Browsers
from tests.browser.house import House
from tests.browser.pages import place, row, section
from tests.browser.seed import PASSWORD


@pytest.fixture
def plain(browser_of: Browsers) -> Page:
    """mona's page in a browser without JavaScript."""
    return browser_of("mona", java_script_enabled=False)


def test_one_signs_in_and_out_without_a_script(browser_of: Browsers) -> None:
    page = browser_of.stranger(java_script_enabled=False)
    page.goto("/p/studio/rooms/")
    page.get_by_label("User name").fill("vic")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rooms")
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_lists_search_and_a_person_are_pages(house: House, plain: Page) -> None:
    house.join("carol", name="Carol", publish=["microphone"], attributes={"lang": "de"})
    house.join("bob", name="Bob")

    plain.goto(house.console.rooms(q=house.room))
    plain.get_by_role("link", name=house.room).click()
    expect(row(plain, "carol")).to_contain_text("de")
    expect(plain.locator("#fresh")).to_have_text(re.compile("as of"))
    plain.get_by_role("searchbox", name="Search people").fill("car")
    plain.keyboard.press("Enter")
    expect(plain.locator("#rows tr[data-identity]")).to_have_count(1)
    row(plain, "carol").get_by_role("link", name="Carol").click()
    expect(plain.locator("#person-title")).to_have_text("Carol")
    expect(plain.locator("#person-tracks")).to_contain_text("Microphone")


def test_promote_and_mute_without_a_script(house: House, plain: Page) -> None:
    carol = house.join("carol", name="Carol", can_publish=False)
    plain.goto(house.address)
    row(plain, "carol").hover()

    row(plain, "carol").get_by_role("button", name="Promote Carol").click()
    expect(plain.locator(".notices")).to_contain_text("Carol may publish now.")
    house.people.do(carol.publish("microphone"))
    plain.goto(house.address)
    expect(place(plain, "carol")).to_contain_text("On stage")
    row(plain, "carol").get_by_role("button", name="Mute microphone of Carol").click()

    expect(plain.locator(".notices")).to_contain_text("muted")
    house.people.do(carol.experiences("muted"))


def test_remove_asks_for_its_reason_on_a_page(house: House, plain: Page) -> None:
    carol = house.join("carol", name="Carol")
    plain.goto(house.person("carol"))

    plain.locator("#side").get_by_role("button", name="Remove").first.click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Remove Carol")
    plain.get_by_role("textbox", name="Reason").fill("spam")
    plain.get_by_role("button", name="Remove Carol").click()

    expect(plain.locator(".notices")).to_contain_text("Carol was removed.")
    expect(plain).to_have_url(house.address)
    house.people.do(carol.experiences("removed"))


def test_one_attribute_is_edited_and_a_wrong_form_keeps_what_was_typed(house: House, plain: Page) -> None:
    house.join("carol", name="Carol", attributes={"lang": "de", "seat": "12"})
    house.browser_of.problems.expect_status(422)
    plain.goto(house.person("carol"))

    section(plain, "attributes").get_by_label("Value of lang").fill("en")
    section(plain, "attributes").get_by_role("button", name="Save attributes").click()
    expect(row(plain, "carol")).to_contain_text("en")
    assert dict(house.outside.participant(house.room, "carol").attributes) == {"lang": "en", "seat": "12"}

    section(plain, "name").get_by_label("Name").fill("x" * 300)
    section(plain, "name").get_by_role("button", name="Save name").click()
    expect(plain.locator("main")).to_contain_text("LiveKit takes at most 256")
    expect(plain.get_by_label("Name", exact=True)).to_have_value("x" * 300)


def test_a_room_is_created_and_closed_without_a_script(house: House, plain: Page) -> None:
    plain.goto(house.console.rooms())
    plain.get_by_role("link", name="Create room").click()
    plain.get_by_label("Name", exact=True).fill(house.room)
    plain.get_by_role("button", name="Create room").click()
    expect(plain).to_have_url(house.address)

    plain.get_by_role("button", name="Close room…").click()
    expect(plain.locator("main")).to_contain_text("Nobody is in it")
    plain.get_by_role("button", name="Close room").click()
    expect(plain).to_have_url(house.console.rooms())
    assert house.outside.room(house.room) is None
