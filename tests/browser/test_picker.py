"""Choosing a room or people out of many: by typing, by the keyboard, and nothing below moves."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.browser.house import House
from tests.browser.pages import choose, dialog, menu_item, row
from tests.browser.watching import Problems

SHOWN = 50


def search(page: Page, words: str) -> None:
    """Type into the search of the dialog, a key at a time."""
    field = dialog(page).get_by_role("searchbox")
    field.clear()
    field.press_sequentially(words)


def open_move(house: House, *rooms: str) -> Page:
    """Carol's "Move…" on mona's page, where ``rooms`` are open too."""
    for name in rooms:
        house.outside.create(name)
    house.join("carol", name="Carol")
    page = house.look("mona")
    choose(page, "carol", "Move…")
    expect(dialog(page)).to_be_visible()
    return page


def test_typing_narrows_the_list_and_nothing_below_it_moves(house: House) -> None:
    page = open_move(house, *(f"pick-{number:02}" for number in range(SHOWN + 3)))
    choices, button = dialog(page).get_by_role("radio"), dialog(page).get_by_role("button", name="Move Carol")
    expect(choices).to_have_count(SHOWN + 1)
    expect(dialog(page)).to_contain_text("more rooms match. Search to narrow the list.")
    stands = button.bounding_box()

    search(page, "pick-0")
    expect(choices).to_have_count(11)
    expect(page.locator("#say")).to_have_text("11 to choose from.")
    assert button.bounding_box() == stands
    search(page, "PICK-07")
    expect(choices).to_have_count(2)
    expect(dialog(page).get_by_text("more rooms match")).to_be_hidden()
    assert button.bounding_box() == stands
    search(page, "no such room")
    expect(dialog(page).get_by_role("radiogroup").locator("label")).to_have_text(["A new room, named belownew"])
    assert button.bounding_box() == stands
    dialog(page).get_by_role("searchbox").clear()
    expect(choices).to_have_count(SHOWN + 1)
    expect(dialog(page).get_by_text("more rooms match")).to_be_visible()
    assert button.bounding_box() == stands


def test_what_is_chosen_stays_whatever_is_searched_for(house: House) -> None:
    carol, dave = house.join("carol", name="Carol"), house.join("dave", name="Dave")
    page = house.look("mona")
    page.get_by_role("button", name="Send data…").click()
    dialog(page).get_by_label("Text or JSON").fill("for two")
    dialog(page).get_by_text("Chosen people").click()

    dialog(page).get_by_role("checkbox", name="Carol").check()
    search(page, "dav")
    people = dialog(page).get_by_role("group", name="People").get_by_role("checkbox")
    expect(people).to_have_count(2)
    expect(dialog(page).get_by_role("checkbox", name="Carol")).to_be_checked()
    dialog(page).get_by_role("checkbox", name="Dave").check()
    search(page, "nobody")
    expect(dialog(page).get_by_role("group", name="People")).to_contain_text("Nobody matches.")
    expect(people).to_have_count(2)
    dialog(page).get_by_role("button", name="Send data").click()

    for person in (carol, dave):
        house.people.do(person.experiences("data", data=b"for two"))


def test_a_late_answer_does_not_replace_a_newer_one(house: House) -> None:
    page = open_move(house, "late-one", "late-two")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/do/move/?q=late-one", hold)
    with page.expect_request("**/do/move/?q=late-one"):
        search(page, "late-one")
    search(page, "late-two")
    expect(dialog(page).get_by_role("radio")).to_have_count(2)
    expect(dialog(page).get_by_role("radio", name="late-two")).to_be_visible()

    held[0].fulfill(body="<div data-pick><label>late-one <input type=radio></label></div>", content_type="text/html")
    page.evaluate("fetch('/login/').then((answer) => answer.text()).then(() => true)")

    expect(dialog(page).get_by_role("radio", name="late-one")).to_have_count(0)
    expect(dialog(page).get_by_role("radio", name="late-two")).to_be_visible()


def test_without_an_answer_the_list_stays_as_it_is(house: House, problems: Problems) -> None:
    page = open_move(house, "stays-here")
    choices = dialog(page).get_by_role("radio")
    before = choices.count()
    problems.expect_lost_connection()

    page.route("**/do/move/?q=*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        search(page, "stays")
    expect(choices).to_have_count(before)
    page.unroute("**/do/move/?q=*")
    search(page, "stays-here")
    expect(choices).to_have_count(2)


def test_a_room_is_found_chosen_and_moved_to_by_the_keyboard(cloud_house: House) -> None:
    house = cloud_house
    house.join("guide", room="keyboard-there")
    house.join("carol", name="Carol")
    page, there = house.look("mona"), house.look("mike", house.console.room("keyboard-there", "cloud"))

    page.keyboard.press("j")
    page.keyboard.press(".")
    menu_item(page, "Move…").press("Enter")
    expect(dialog(page).get_by_role("searchbox", name="Search rooms")).to_be_focused()
    with page.expect_response(lambda answer: answer.url.endswith("q=keyboard-there")):
        page.keyboard.type("keyboard-there")
        page.keyboard.press("Enter")
    expect(dialog(page).get_by_role("radio")).to_have_count(2)
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(dialog(page).get_by_role("radio", name="keyboard-there")).to_be_focused()
    page.keyboard.press("Space")
    expect(dialog(page).get_by_role("radio", name="keyboard-there")).to_be_checked()
    page.keyboard.press("Enter")

    expect(row(there, "carol")).to_be_visible()
    expect(row(page, "carol")).to_have_count(0)
    expect(dialog(page)).to_have_count(0)
