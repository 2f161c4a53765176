"""People come, go, raise their hand; the feed tells it and can be paused."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.pages import feed, place, row, said

OWN = {"can_publish": False, "can_update_own_metadata": True}


def chip(page: Page, words: str) -> Locator:
    """One of the filters above the list, with its count."""
    return page.locator("#people-chips a.chip").filter(has_text=words)


def test_somebody_joins_raises_a_hand_and_leaves(either_house: House) -> None:
    house = either_house
    house.join("guide")
    mike = house.look("mike")
    expect(chip(mike, "All")).to_contain_text("1")

    carol = house.join("carol", name="Carol", **OWN)
    expect(place(mike, "carol")).to_contain_text("Audience")
    expect(said(mike, "Carol", "joined")).to_have_count(1)
    expect(chip(mike, "All")).to_contain_text("2")
    expect(chip(mike, "Hands")).to_contain_text("0")

    house.people.do(carol.raise_hand())
    expect(place(mike, "carol")).to_contain_text("Hand")
    expect(chip(mike, "Hands")).to_contain_text("1")
    expect(said(mike, "raised a hand")).to_have_count(1)

    house.people.do(carol.lower_hand())
    expect(place(mike, "carol")).to_contain_text("Audience")
    house.people.do(carol.leave())
    expect(row(mike, "carol")).to_have_count(0)
    expect(said(mike, "Carol", "left")).to_have_count(1)
    expect(chip(mike, "All")).to_contain_text("1")


def test_a_raised_hand_moves_the_row_to_its_group(house: House) -> None:
    carol = house.join("carol", name="Carol", **OWN)
    house.join("bob", name="Bob", can_publish=False)
    mike = house.look("mike")
    order = mike.locator("#rows tr[data-identity]")
    expect(order.first).to_have_attribute("data-identity", "bob")

    house.people.do(carol.raise_hand())

    expect(order.first).to_have_attribute("data-identity", "carol")
    expect(mike.locator("#rows tr.group").first).to_contain_text("Hand")


def test_a_paused_feed_keeps_count_and_loses_nothing(house: House) -> None:
    carol = house.join("carol", name="Carol", **OWN)
    mike = house.look("mike")
    house.people.do(carol.set_attributes({"step": "before"}))
    expect(said(mike, "before")).to_have_count(1)
    lines = feed(mike).count()

    mike.get_by_role("button", name="Pause").click()
    for step in ("one", "two", "three"):
        house.people.do(carol.set_attributes({step: "done"}))
        expect(row(mike, "carol").locator(".c-attrs")).to_contain_text(step)
    expect(feed(mike)).to_have_count(lines)
    expect(mike.locator("#feed-paused")).to_have_text("3 new. Show")

    mike.locator("#feed-paused").click()
    expect(feed(mike)).to_have_count(lines + 3)
    expect(feed(mike).first).to_contain_text("three")
    expect(mike.locator("#feed-paused")).to_be_hidden()


def test_somebody_who_comes_twice_is_one_row_with_a_new_session(either_house: House) -> None:
    house = either_house
    first = house.join("carol", name="Carol")
    mike = house.look("mike")
    expect(mike.locator(f"#p-{first.sid}")).to_have_count(1)
    assert said(mike, "Carol").count() == 0

    second = house.join("carol", name="Carol")

    house.people.do(first.experiences("removed", reason="DUPLICATE_IDENTITY"))
    expect(mike.locator(f"#p-{second.sid}")).to_have_count(1)
    expect(row(mike, "carol")).to_have_count(1)
    # One reading may fall between the end of the first session and the start of the second.
    back = re.compile("is back with a new session|joined")
    expect(said(mike, "Carol").filter(has_text=back)).to_have_count(1)
