"""One acts, the other sees it: who is on stage, and what they send."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.browsing import Browsers
from tests.browser.console import Console
from tests.browser.pages import dialog, dock, live, place, row, said
from tests.people.blocking import People
from tests.servers.server import Server


def test_one_brings_a_listener_on_stage_and_the_other_sees_it(
    browser_of: Browsers, console: Console, people: People, simulator: Server, room: str
) -> None:
    people.join(simulator, room, "carol", name="Carol", can_publish=False)
    mona, mike = (live(browser_of(name), console.room(room)) for name in ("mona", "mike"))
    expect(place(mike, "carol")).to_contain_text("Audience")

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Promote Carol").click()

    expect(place(mike, "carol")).to_contain_text("On stage")
    expect(said(mike, "may publish")).to_contain_text("by mona")
    expect(place(mona, "carol")).to_contain_text("On stage")
    expect(said(mona, "may publish")).to_contain_text("by you")
    expect(dock(mona)).to_contain_text("Carol may publish now.")
    expect(dock(mike)).to_be_empty()


def test_returning_to_the_audience_names_the_tracks_that_go(
    browser_of: Browsers, console: Console, people: People, simulator: Server, room: str
) -> None:
    people.join(simulator, room, "carol", name="Carol", publish=["microphone", "camera"])
    mona, mike = (live(browser_of(name), console.room(room)) for name in ("mona", "mike"))

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Return Carol to the audience").click()
    expect(dialog(mona)).to_contain_text("microphone")
    expect(dialog(mona)).to_contain_text("camera")
    expect(place(mike, "carol")).to_contain_text("On stage")
    dialog(mona).get_by_role("button", name="Return Carol").click()

    expect(place(mike, "carol")).to_contain_text("Audience")
    expect(row(mike, "carol").locator(".track")).to_have_count(0)
    expect(dialog(mona)).to_have_count(0)
    expect(dock(mona)).to_contain_text("Carol is in the audience.")
