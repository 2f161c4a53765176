"""A change is marked for two seconds: by colour that fades, or, where motion is not wanted, by a dashed line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.house import House
from tests.browser.pages import place, row

# The end in milliseconds of each animation on the page; -1 for one without an end.
ENDS = """() => document.getAnimations().map((each) => each.effect.getComputedTiming().endTime)
  .map((end) => Number.isFinite(end) ? end : -1)"""
OWN = {"can_publish": False, "can_update_own_metadata": True}


def ends(page: Page) -> list[float]:
    """How long what moves now will have moved."""
    found: list[float] = page.evaluate(ENDS)
    return found


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_change_is_marked_and_the_mark_goes(house: House, motion: str) -> None:
    carol = house.join("carol", name="Carol", **OWN)
    page = house.look("mike", reduced_motion=motion)
    marked = row(page, "carol").locator("[data-glow]")
    expect(marked).to_have_count(0)
    page.clock.install()

    house.people.do(carol.set_attributes({"lang": "de"}))

    expect(marked).to_have_count(1)
    expect(marked).to_have_text("langde")
    if motion == "reduce":
        expect(marked).to_have_css("outline-style", "dashed")
        assert all(0 <= end <= 1 for end in ends(page))
    else:
        expect(marked).to_have_css("outline-style", "none")
        assert max(ends(page)) == 2000
    page.clock.fast_forward(2100)
    expect(marked).to_have_count(0)


def test_nothing_turns_while_one_waits_where_motion_is_not_wanted(house: House) -> None:
    house.join("carol", name="Carol", can_publish=False)
    page = house.look("mona", reduced_motion="reduce")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/do/promote/", hold)
    page.keyboard.press("j")
    with page.expect_request("**/do/promote/"):
        page.keyboard.press("p")
    expect(page.locator("[aria-busy=true]")).to_have_count(1)
    assert all(0 <= end <= 1 for end in ends(page))

    held[0].continue_()
    expect(place(page, "carol")).to_contain_text("On stage")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
