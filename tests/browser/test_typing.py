"""Changes from outside take nothing away: neither what is being typed nor the focus."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, place, row, section
from tests.browser.watching import Problems

OWN = {"can_publish": False, "can_update_own_metadata": True}


def test_what_is_typed_survives_a_push_and_a_conflict_shows_both(house: House, problems: Problems) -> None:
    carol = house.join("carol", name="Carol", attributes={"lang": "de", "seat": "12"}, **OWN)
    mona = house.look("mona", house.person("carol"))
    problems.expect_status(409, 422)
    form = section(mona, "attributes")
    form.get_by_label("Value of lang").fill("fr")

    house.people.do(carol.set_attributes({"lang": "en"}))

    expect(form.get_by_text("Changed while you were here.")).to_be_visible()
    expect(row(mona, "carol").locator(".c-attrs")).to_contain_text("en")
    expect(form.get_by_label("Value of lang")).to_have_value("fr")
    form.get_by_role("button", name="Save attributes").click()

    clash = section(mona, "attributes").locator("[data-clash]")
    expect(clash).to_contain_text("lang")
    expect(clash).to_contain_text("en")
    expect(clash).to_contain_text("fr")
    assert house.outside.participant(house.room, "carol").attributes["lang"] == "en"
    section(mona, "attributes").get_by_role("button", name="Overwrite").click()
    expect(row(mona, "carol").locator(".c-attrs")).to_contain_text("fr")
    assert dict(house.outside.participant(house.room, "carol").attributes) == {"lang": "fr", "seat": "12"}


def test_theirs_can_be_taken_instead(house: House, problems: Problems) -> None:
    carol = house.join("carol", name="Carol", **OWN)
    mona = house.look("mona", house.person("carol"))
    problems.expect_status(409, 422)
    section(mona, "name").get_by_label("Name").fill("Caroline")
    house.people.do(carol.set_name("Lina"))
    expect(row(mona, "carol")).to_contain_text("Lina")

    section(mona, "name").get_by_role("button", name="Save name").click()
    expect(section(mona, "name").locator("[data-clash]")).to_contain_text("Lina")
    section(mona, "name").get_by_role("button", name="Take theirs").click()

    expect(section(mona, "name").get_by_label("Name")).to_have_value("Lina")
    assert house.outside.participant(house.room, "carol").name == "Lina"


def test_a_dialog_stays_as_it_is_while_the_room_changes(house: House) -> None:
    carol = house.join("carol", name="Carol", **OWN)
    mona = house.look("mona")
    mona.get_by_role("button", name="Send data…").click()
    dialog(mona).get_by_label("Text or JSON").fill("half a sen")

    house.people.do(carol.raise_hand())
    house.join("dave")

    expect(place(mona, "carol")).to_contain_text("Hand")
    expect(row(mona, "dave")).to_have_count(1)
    expect(dialog(mona).get_by_label("Text or JSON")).to_have_value("half a sen")
    expect(dialog(mona).get_by_label("Text or JSON")).to_be_focused()


def test_the_search_keeps_its_words_and_the_caret(house: House) -> None:
    carol = house.join("carol", name="Carol", **OWN)
    mona = house.look("mona")
    search = mona.get_by_role("searchbox", name="Search people")
    search.press_sequentially("caro")
    expect(mona.locator("#rows tr[data-identity]")).to_have_count(1)

    house.people.do(carol.raise_hand())

    expect(place(mona, "carol")).to_contain_text("Hand")
    expect(search).to_have_value("caro")
    expect(search).to_be_focused()


def test_the_focus_stays_on_a_row_that_changes_and_moves(house: House) -> None:
    carol = house.join("carol", name="Carol", **OWN)
    house.join("bob", name="Bob", can_publish=False)
    mona = house.look("mona")
    menu = row(mona, "carol").get_by_role("button", name="Actions for Carol")
    menu.focus()

    house.people.do(carol.raise_hand())

    expect(mona.locator("#rows tr[data-identity]").first).to_have_attribute("data-identity", "carol")
    expect(menu).to_be_focused()


def test_the_focus_goes_to_the_next_row_when_its_own_goes(house: House) -> None:
    carol = house.join("carol", name="Carol", can_publish=False)
    house.join("dave", name="Dave", can_publish=False)
    mona = house.look("mona")
    row(mona, "carol").get_by_role("link", name="Carol").focus()

    house.people.do(carol.leave())

    expect(row(mona, "carol")).to_have_count(0)
    expect(row(mona, "dave").get_by_role("link", name="Dave")).to_be_focused()
