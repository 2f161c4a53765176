"""Who speaks: a ring on their row and on their panel, where the project's observer listens."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.pages import row
from tests.people import Person

RING = re.compile("2px")
# Milliseconds. LiveKit tells of speakers about every 0.4 s, and of changes only.
HEARD = 3_000


def test_a_ring_stands_on_the_row_of_who_speaks_until_they_mute(observed_house: House) -> None:
    house = observed_house
    carol = house.join("carol", name="Carol", publish=["microphone"])
    house.join("dave", name="Dave", publish=["camera"])
    mike, mona = house.look("mike"), house.look("mona", house.person("carol"))
    for page in (mike, mona):
        expect(page.locator("#room-facts")).to_contain_text("Greenroom is watching")

    speak(house, carol, mike)
    panel = mona.locator("#side [data-person]")
    for ringed in (row(mike, "carol").locator(".who > a"), panel.locator(".h1")):
        expect(ringed).to_have_css("box-shadow", RING)
    expect(row(mike, "dave").locator(".who > a")).to_have_css("box-shadow", "none")

    house.people.do(carol.mute(carol.tracks["microphone"]))
    for ringed in (row(mike, "carol").locator(".who > a"), panel.locator(".h1")):
        expect(ringed).to_have_css("box-shadow", "none")


def speak(house: House, person: Person, page: Page) -> None:
    """Let somebody hum until their row on ``page`` says so. LiveKit tells of changes only, and the hum never changes by
    itself: they fall silent, until the page shows it, and begin again.
    """
    sid = person.tracks["microphone"]
    for _ in range(8):
        house.people.do(person.mute(sid))
        expect(row(page, person.identity).get_by_role("button", name="Unmute microphone")).to_be_visible()
        house.people.do(person.unmute(sid))
        with suppress(AssertionError):
            expect(row(page, person.identity)).to_have_attribute("data-speaking", "", timeout=HEARD)
            return
    raise AssertionError(f"{person.identity} was never heard")
