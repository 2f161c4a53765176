"""One acts, the other sees it: names, metadata, attributes, data."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, dock, row, said, section


def test_one_renames_somebody(house: House) -> None:
    house.join("carol", name="Carol")
    mona, mike = house.look("mona", house.person("carol")), house.look("mike")

    section(mona, "name").get_by_label("Name").fill("Caroline")
    section(mona, "name").get_by_role("button", name="Save name").click()

    expect(row(mike, "carol").get_by_role("link", name="Caroline")).to_be_visible()
    expect(said(mike, "name", "Carol", "Caroline")).to_contain_text("by mona")
    expect(mona.locator("#name")).to_contain_text("has a new name")


def test_one_changes_metadata(house: House) -> None:
    house.join("carol", name="Carol", metadata='{"team":"red"}')
    mona, mike = house.look("mona", house.person("carol")), house.look("mike")
    form = section(mona, "metadata")

    mona.get_by_text("Edit metadata").click()
    form.get_by_role("textbox", name="Metadata").fill('{"team":"blue","seat":1.10}')
    form.get_by_role("button", name="Check and format JSON").click()
    expect(form.get_by_role("textbox", name="Metadata")).to_have_value('{\n  "team": "blue",\n  "seat": 1.10\n}')
    form.get_by_role("button", name="Save metadata").click()

    expect(said(mike, "metadata changed, 2 keys")).to_contain_text("by mona")
    assert house.outside.participant(house.room, "carol").metadata == '{\n  "team": "blue",\n  "seat": 1.10\n}'


def test_one_deletes_an_attribute_and_adds_one_and_the_others_stay(house: House) -> None:
    house.join("carol", name="Carol", attributes={"lang": "de", "seat": "12", "table": "3"})
    mona, mike = house.look("mona", house.person("carol")), house.look("mike")
    form = section(mona, "attributes")

    form.get_by_label("Delete seat").check()
    form.get_by_label("Value of lang").fill("en")
    form.get_by_label("New key 1", exact=True).fill("role")
    form.get_by_label("Value of new key 1").fill("host")
    form.get_by_role("button", name="Save attributes").click()

    expect(row(mike, "carol").locator(".attr").filter(has_text="lang")).to_contain_text("en")
    expect(row(mike, "carol").locator(".c-attrs")).not_to_contain_text("seat")
    expect(said(mike, "seat removed")).to_have_count(1)
    expect(said(mike, "lang", "de", "en")).to_have_count(1)
    expect(said(mike, "table")).to_have_count(0)
    attributes = house.outside.participant(house.room, "carol").attributes
    assert dict(attributes) == {"lang": "en", "table": "3", "role": "host"}


def test_one_changes_the_metadata_of_the_room_and_clears_it(house: House) -> None:
    house.join("carol")
    mike = house.look("mike")
    mona = house.browser_of("mona", f"{house.address}facts/")

    mona.get_by_role("button", name="Edit metadata").click()
    dialog(mona).get_by_role("textbox", name="Metadata").fill("now: questions")
    dialog(mona).get_by_role("button", name="Save metadata").click()
    expect(dialog(mona)).to_have_count(0)

    expect(said(mike, "metadata set")).to_contain_text("by mona")
    assert house.outside.metadata_of(house.room) == "now: questions"
    mona.goto(f"{house.address}facts/")
    mona.get_by_role("button", name="Edit metadata").click()
    dialog(mona).get_by_role("textbox", name="Metadata").fill("")
    dialog(mona).get_by_role("button", name="Save metadata").click()
    expect(said(mike, "metadata cleared")).to_have_count(1)


def test_data_reaches_the_room_and_the_chosen(house: House) -> None:
    carol, dave = house.join("carol", name="Carol"), house.join("dave", name="Dave")
    mona = house.look("mona")

    mona.get_by_role("button", name="Send data…").click()
    dialog(mona).get_by_label("Text or JSON").fill("to all")
    dialog(mona).get_by_label("Topic").fill("chat")
    dialog(mona).get_by_role("button", name="Send data").click()
    expect(dock(mona)).to_contain_text("The data was handed to the room.")
    for person in (carol, dave):
        house.people.do(person.experiences("data", data=b"to all", topic="chat"))

    mona.get_by_role("button", name="Send data…").click()
    dialog(mona).get_by_label("Text or JSON").fill("to one")
    dialog(mona).get_by_text("Chosen people").click()
    dialog(mona).get_by_role("checkbox", name="Carol").check()
    dialog(mona).get_by_role("button", name="Send data").click()
    expect(dialog(mona)).to_have_count(0)
    house.people.do(carol.experiences("data", data=b"to one"))
    heard = house.people.do(dave.experienced())
    assert b"to one" not in [each.details.get("data") for each in heard]


def test_a_form_with_something_wrong_says_so_and_loses_nothing(house: House) -> None:
    house.join("carol")
    mona = house.look("mona")
    house.browser_of.problems.expect_status(422)

    mona.get_by_role("button", name="Send data…").click()
    dialog(mona).get_by_label("Text or JSON").fill("to nobody")
    dialog(mona).get_by_text("Chosen people").click()
    dialog(mona).get_by_role("button", name="Send data").click()

    expect(dialog(mona).locator(".wrong").first).to_be_visible()
    expect(dialog(mona).get_by_label("Text or JSON")).to_have_value("to nobody")
