"""The dock at the foot of the page: what came of an act, how long it stands, and how it is put away."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.pages import dock, place, row
from tests.browser.watching import Problems


def notes(page: Page) -> Locator:
    """What stands in the dock."""
    return dock(page).locator(".note")


def promote(page: Page, *names: str) -> None:
    """Bring them on stage, one after the other."""
    for name in names:
        row(page, name.lower()).hover()
        row(page, name.lower()).get_by_role("button", name=f"Promote {name}").click()
        expect(place(page, name.lower())).to_contain_text("On stage")


def test_the_newest_stand_first_at_most_three_and_go_by_themselves(house: House) -> None:
    names = ("Ada", "Bob", "Cleo", "Dan")
    for name in names:
        house.join(name.lower(), name=name, can_publish=False)
    page = house.look("mona")
    page.clock.install()

    promote(page, *names)
    expect(notes(page)).to_have_count(3)
    for place_in_dock, name in enumerate(("Dan", "Cleo", "Bob")):
        expect(notes(page).nth(place_in_dock)).to_contain_text(f"{name} may publish now.")
    notes(page).last.get_by_role("button", name="Dismiss").click()
    expect(notes(page)).to_have_count(2)
    page.mouse.move(5, 5)
    page.clock.run_for(8_100)
    expect(notes(page)).to_have_count(0)


def test_a_note_that_is_being_read_stays_and_a_failure_waits_for_somebody(house: House, problems: Problems) -> None:
    house.join("ada", name="Ada", can_publish=False)
    page = house.look("mona")
    page.clock.install()
    promote(page, "Ada")

    notes(page).hover()
    page.clock.run_for(20_000)
    expect(notes(page)).to_have_count(1)
    page.mouse.move(5, 5)
    page.clock.run_for(8_100)
    expect(notes(page)).to_have_count(0)

    problems.expect_lost_connection()
    page.route("**/do/return_to_audience/**", lambda route: route.abort())
    row(page, "ada").get_by_role("button", name="Return Ada to the audience").click()
    expect(notes(page)).to_contain_text("Greenroom cannot be reached.")
    page.mouse.move(5, 5)
    page.clock.run_for(60_000)
    expect(notes(page)).to_have_count(1)
    notes(page).get_by_role("button", name="Dismiss").click()
    expect(notes(page)).to_have_count(0)
