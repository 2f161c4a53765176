"""The list of rooms, live; rooms that are made and closed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, dock, room_row, row, said
from tests.people import JoinRefused


def test_a_room_appears_when_somebody_comes_and_goes_when_it_closes(either_house: House) -> None:
    house = either_house
    mike = house.look("mike", house.console.rooms(house.slug))
    expect(room_row(mike, house.room)).to_have_count(0)

    house.join("carol")
    expect(room_row(mike, house.room)).to_be_visible()
    expect(room_row(mike, house.room).locator(".c-people")).to_contain_text("1")
    house.join("dave")
    expect(room_row(mike, house.room).locator(".c-people")).to_contain_text("2")

    house.outside.close(house.room)
    expect(room_row(mike, house.room)).to_have_count(0)


def test_a_full_room_says_so_and_takes_the_next_only_when_one_leaves(either_house: House) -> None:
    house = either_house
    house.outside.create(house.room, max_participants=2)
    carol, _ = house.join("carol", name="Carol"), house.join("dave", name="Dave")
    mona, mike = house.look("mona"), house.look("mike", house.console.rooms(house.slug))
    expect(mona.locator("#room-facts")).to_contain_text("2 of 2, full")
    expect(room_row(mike, house.room).locator(".c-people b")).to_have_text("2")
    expect(room_row(mike, house.room).locator(".c-people small")).to_have_text("of 2, full")

    with pytest.raises(JoinRefused) as refusal:
        house.join("erin", name="Erin")
    assert refusal.value.status == 500

    house.people.do(carol.leave())
    expect(row(mona, "carol")).to_have_count(0)
    expect(mona.locator("#room-facts")).to_contain_text("1 of 2")
    expect(mona.locator("#room-facts")).not_to_contain_text("full")
    expect(room_row(mike, house.room).locator(".c-people b")).to_have_text("1")
    expect(room_row(mike, house.room).locator(".c-people small")).to_have_text("of 2")
    assert said(mona, "Erin").count() == 0
    house.join("erin", name="Erin")
    expect(row(mona, "erin")).to_have_count(1)
    expect(said(mona, "Erin", "joined")).to_have_count(1)
    expect(mona.locator("#room-facts")).to_contain_text("2 of 2, full")


def test_one_creates_a_room_and_the_other_sees_it(house: House) -> None:
    mona, mike = house.both(house.console.rooms())

    mona.get_by_role("link", name="Create room").click()
    dialog(mona).get_by_label("Name", exact=True).fill(house.room)
    dialog(mona).get_by_label("Maximum of people").fill("25")
    dialog(mona).get_by_role("textbox", name="Metadata").fill('{"show": 1}')
    dialog(mona).get_by_role("button", name="Create room").click()

    expect(room_row(mike, house.room)).to_contain_text("of 25")
    expect(room_row(mike, house.room)).to_contain_text('{"show": 1}')
    mona.wait_for_url(house.address)
    expect(mona.get_by_role("heading", level=1)).to_have_text(house.room)


def test_a_room_that_existed_keeps_its_settings_and_the_page_says_so(house: House) -> None:
    house.outside.create(house.room, max_participants=7)
    mona = house.look("mona", house.console.rooms())

    mona.get_by_role("link", name="Create room").click()
    dialog(mona).get_by_label("Name", exact=True).fill(house.room)
    dialog(mona).get_by_label("Maximum of people").fill("99")
    dialog(mona).get_by_role("button", name="Create room").click()

    mona.wait_for_url(house.address)
    expect(mona.locator(".notices")).to_contain_text("already")
    room = house.outside.room(house.room)
    assert room is not None
    assert room.max_participants == 7


def test_closing_a_room_says_how_many_it_hits(house: House) -> None:
    people = [house.join("carol"), house.join("dave")]
    mona, mike = house.look("mona"), house.look("mike")
    listed = house.look("vic", house.console.rooms())
    expect(room_row(listed, house.room)).to_be_visible()

    mona.get_by_role("button", name="Close room…").click()
    expect(dialog(mona)).to_contain_text("2 people are disconnected.")
    dialog(mona).get_by_label("Reason").fill("over")
    dialog(mona).get_by_role("button", name="Close room").click()

    expect(room_row(listed, house.room)).to_have_count(0)
    expect(row(mike, "carol")).to_have_count(0)
    expect(mike.locator("#room-facts")).to_contain_text("This room is not open.")
    expect(said(mike, "closed", "by mona")).to_have_count(1)
    expect(dock(mona)).to_contain_text("is closed")
    for person in people:
        house.people.do(person.experiences("removed", reason="ROOM_DELETED"))
