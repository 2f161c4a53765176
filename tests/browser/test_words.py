"""One acts, the other sees it: names, metadata, attributes, data."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.pages import dialog, dock, row, said, section


def test_one_renames_somebody(either_house: House) -> None:
    house = either_house
    carol = house.join("carol", name="Carol")
    mona, mike = house.look("mona", house.person("carol")), house.look("mike")

    section(mona, "name").get_by_label("Name").fill("Caroline")
    section(mona, "name").get_by_role("button", name="Save name").click()

    expect(row(mike, "carol").get_by_role("link", name="Caroline")).to_be_visible()
    expect(said(mike, "name", "Carol", "Caroline")).to_contain_text("by mona")
    expect(mona.locator("#name")).to_contain_text("has a new name")
    house.people.do(carol.experiences("name_changed", name="Caroline"))


def test_one_changes_metadata(either_house: House) -> None:
    house = either_house
    carol = house.join("carol", name="Carol", metadata='{"team":"red"}')
    mona, mike = house.look("mona", house.person("carol")), house.look("mike")
    form = section(mona, "metadata")

    mona.get_by_text("Edit metadata").click()
    form.get_by_role("textbox", name="Metadata").fill('{"team":"blue","seat":1.10}')
    form.get_by_role("button", name="Check and format JSON").click()
    expect(form.get_by_role("textbox", name="Metadata")).to_have_value('{\n  "team": "blue",\n  "seat": 1.10\n}')
    form.get_by_role("button", name="Save metadata").click()

    expect(said(mike, "metadata changed, 2 keys")).to_contain_text("by mona")
    house.people.do(carol.experiences("metadata_changed", metadata='{\n  "team": "blue",\n  "seat": 1.10\n}'))


def test_one_deletes_an_attribute_and_adds_one_and_the_others_stay(either_house: House) -> None:
    house = either_house
    carol = house.join("carol", name="Carol", attributes={"lang": "de", "seat": "12", "table": "3"})
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
    left = {"lang": "en", "table": "3", "role": "host"}
    house.people.do(carol.experiences("attributes_changed", attributes=left))


def test_one_changes_the_metadata_of_the_room_and_clears_it(either_house: House) -> None:
    house = either_house
    carol = house.join("carol")
    mike = house.look("mike")
    mona = house.browser_of("mona", f"{house.address}facts/")

    mona.get_by_role("button", name="Edit metadata").click()
    dialog(mona).get_by_role("textbox", name="Metadata").fill("now: questions")
    dialog(mona).get_by_role("button", name="Save metadata").click()
    expect(dialog(mona)).to_have_count(0)

    expect(said(mike, "metadata set")).to_contain_text("by mona")
    house.people.do(carol.experiences("room_metadata_changed", metadata="now: questions"))
    mona.goto(f"{house.address}facts/")
    mona.get_by_role("button", name="Edit metadata").click()
    dialog(mona).get_by_role("textbox", name="Metadata").fill("")
    dialog(mona).get_by_role("button", name="Save metadata").click()
    expect(said(mike, "metadata cleared")).to_have_count(1)
    house.people.do(carol.experiences("room_metadata_changed", metadata=""))


def test_data_reaches_the_room_and_the_chosen(either_house: House) -> None:
    house = either_house
    carol, dave = house.join("carol", name="Carol"), house.join("dave", name="Dave")
    mona = house.look("mona")

    send(mona, "to all", topic="chat")
    expect(dock(mona)).to_contain_text("The data was handed to the room.")
    for person in (carol, dave):
        house.people.do(person.experiences("data", data=b"to all", topic="chat"))

    send(mona, "to one", to="Carol")
    house.people.do(carol.experiences("data", data=b"to one"))
    send(mona, "to all again")
    # What is reliable comes in order: the last to come tells what did not.
    house.people.do(dave.experiences("data", data=b"to all again"))
    heard = house.people.do(dave.experienced())
    assert [each.details["data"] for each in heard if each.event == "data"] == [b"to all", b"to all again"]


def send(page: Page, text: str, *, topic: str = "", to: str = "") -> None:
    """Send data from the page of a room: to everybody, or to one of the names."""
    page.get_by_role("button", name="Send data…").click()
    dialog(page).get_by_label("Text or JSON").fill(text)
    dialog(page).get_by_label("Topic").fill(topic)
    if to:
        dialog(page).get_by_text("Chosen people").click()
        dialog(page).get_by_role("checkbox", name=to).check()
    dialog(page).get_by_role("button", name="Send data").click()
    expect(dialog(page)).to_have_count(0)


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
    mona.keyboard.press("Escape")
    expect(dialog(mona)).to_contain_text("Escape once more throws away what you typed.")
    expect(dialog(mona).get_by_label("Text or JSON")).to_have_value("to nobody")
    mona.keyboard.press("Escape")
    expect(dialog(mona)).to_have_count(0)
