"""Everything by the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, dock, place, row


def test_rows_are_walked_and_a_person_opened_and_closed(house: House) -> None:
    for name in ("Anna", "Bob"):
        house.join(name.lower(), name=name, can_publish=False)
    mona = house.look("mona", house.console.room(house.room, sort="name"))

    mona.keyboard.press("j")
    expect(row(mona, "anna").get_by_role("link", name="Anna")).to_be_focused()
    mona.keyboard.press("j")
    expect(row(mona, "bob")).to_have_class("at")
    mona.keyboard.press("k")
    expect(row(mona, "anna")).to_have_class("at")
    mona.keyboard.press("Enter")
    expect(mona.locator("#person-title")).to_have_text("Anna")
    expect(mona.locator("#person-title")).to_be_focused()
    mona.keyboard.press("Escape")
    expect(mona.locator("#feed-title")).to_be_visible()
    expect(mona).to_have_url(re.compile(r"sort=name$"))


def test_p_promotes_m_mutes_and_p_returns(house: House) -> None:
    carol = house.join("carol", name="Carol", can_publish=False)
    mona, mike = house.both()

    mona.keyboard.press("j")
    mona.keyboard.press("p")
    expect(place(mike, "carol")).to_contain_text("On stage")
    house.people.do(carol.publish("microphone"))
    expect(row(mona, "carol").locator(".track")).to_have_count(1)
    mona.keyboard.press("m")
    expect(row(mike, "carol").get_by_role("button", name="Unmute microphone")).to_be_visible()
    mona.keyboard.press("p")
    expect(dialog(mona)).to_contain_text("1 track: microphone")
    dialog(mona).get_by_role("button", name="Return Carol").press("Enter")
    expect(place(mike, "carol")).to_contain_text("Audience")
    expect(row(mona, "carol")).to_have_class("at")


def test_r_asks_escape_keeps_and_the_focus_returns(house: House) -> None:
    house.join("carol", name="Carol")
    mona = house.look("mona")
    mona.keyboard.press("j")

    mona.keyboard.press("r")
    expect(dialog(mona)).to_contain_text("Remove Carol")
    mona.keyboard.press("Escape")
    expect(dialog(mona)).to_have_count(0)
    expect(row(mona, "carol").locator(":focus")).to_have_count(1)

    mona.keyboard.press("r")
    dialog(mona).get_by_label("Reason").press_sequentially("left the camera on")
    mona.keyboard.press("Enter")
    expect(row(mona, "carol")).to_have_count(0)
    expect(dock(mona)).to_contain_text("Carol was removed.")


def test_a_typed_reason_survives_one_escape(house: House) -> None:
    house.join("carol", name="Carol")
    mona = house.look("mona")
    mona.keyboard.press("j")
    mona.keyboard.press("r")
    dialog(mona).get_by_label("Reason").press_sequentially("spam")

    mona.keyboard.press("Escape")
    expect(dialog(mona)).to_contain_text("Escape once more throws away what you typed.")
    expect(dialog(mona).get_by_label("Reason")).to_have_value("spam")
    mona.keyboard.press("Escape")
    expect(dialog(mona)).to_have_count(0)


def test_the_menu_of_a_row_reaches_every_verb(house: House) -> None:
    house.join("carol", name="Carol")
    mona = house.look("mona")
    mona.keyboard.press("j")

    mona.keyboard.press(".")
    items = mona.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    words = " ".join(items.all_inner_texts())
    for verb in ("Return to audience", "permission", "Rename", "metadata", "attributes", "data", "Move", "Forward"):
        assert verb in words
    mona.keyboard.press("End")
    expect(items.last).to_be_focused()
    mona.keyboard.press("Home")
    mona.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    mona.keyboard.press("Escape")
    expect(row(mona, "carol").locator(":focus")).to_have_count(1)

    mona.keyboard.press(".")
    items.filter(has_text="Rename").press("Enter")
    dialog(mona).get_by_role("textbox", name="Name").fill("Caroline")
    mona.keyboard.press("Enter")
    expect(row(mona, "carol")).to_contain_text("Caroline")


def test_a_slash_searches_and_a_question_mark_lists_the_keys(house: House) -> None:
    house.join("carol", name="Carol")
    mona = house.look("mona")

    mona.keyboard.press("/")
    search = mona.get_by_role("searchbox", name="Search people")
    expect(search).to_be_focused()
    mona.keyboard.type("jr?")
    expect(search).to_have_value("jr?")
    expect(mona.locator("dialog[open]")).to_have_count(0)
    mona.keyboard.press("Escape")
    mona.keyboard.press("?")
    keys = mona.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Bring up")
    mona.keyboard.press("Escape")
    expect(keys).to_be_hidden()
