"""The page of a room's facts follows the room while it is looked at."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import wait_until_live


def test_facts_and_metadata_follow_the_room(house: House) -> None:
    house.join("carol")
    page = house.browser_of("mike", f"{house.address}facts/")
    wait_until_live(page)
    people = page.locator("#facts div").filter(has=page.locator("dt", has_text="People")).first.locator("dd")
    expect(people).to_contain_text("1")
    house.join("dave")
    expect(people).to_contain_text("2")
    house.outside.set_room_metadata(house.room, '{"topic": "budget"}')
    expect(page.locator("#metadata pre")).to_contain_text('"topic": "budget"')
    house.outside.close(house.room)
    expect(page.locator("#facts")).to_contain_text("This room is not open")


def test_facts_are_there_without_a_script(house: House) -> None:
    house.join("carol")
    page = house.browser_of("mike", f"{house.address}facts/", java_script_enabled=False)
    expect(page.locator("#facts")).to_contain_text("Empty timeout")
    expect(page.locator("#fresh")).to_contain_text("as of")
