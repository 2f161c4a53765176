"""Times on the page: they go on by themselves, in the reader's own zone, and a wrong clock does not matter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import House
from tests.browser.pages import row

SECONDS = re.compile(r"^[0-9]{1,2} s$")


def since(page: Page, identity: str) -> Locator:
    """How long somebody is in the room."""
    return row(page, identity).locator(".c-since time")


def opened(page: Page) -> Locator:
    """How long ago the room was opened."""
    return page.locator("#room-facts time")


def test_times_go_on_without_a_word_from_the_server(house: House) -> None:
    house.join("carol", name="Carol")
    page = house.browser_of("mike")
    page.clock.install(time=datetime.now(UTC))
    page.goto(house.address)
    expect(since(page, "carol")).to_have_text(SECONDS)
    expect(opened(page)).to_have_text(re.compile(r"^[0-9]{1,2} s ago$"))
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    page.clock.run_for(1000)
    shown = seconds(since(page, "carol"))
    assert 60 <= shown < 120

    for _ in range(3):
        page.clock.run_for(1000)
        shown += 1
        expect(since(page, "carol")).to_have_text(f"1 min {shown - 60:02} s")
    page.clock.run_for(2 * 60_000)
    expect(opened(page)).to_have_text(re.compile(r"^3 min [0-5][0-9] s ago$"))
    page.clock.fast_forward(60 * 60_000)
    expect(opened(page)).to_have_text(re.compile("^1 h 03 min ago$"))
    page.clock.fast_forward(49 * 3_600_000)
    expect(opened(page)).to_have_text(re.compile("^2 d 2 h ago$"))


def seconds(time: Locator) -> int:
    """The figure of a time below an hour."""
    minutes, rest = re.fullmatch(r"(?:(\d+) min )?(\d+) s", time.inner_text()).groups()  # type: ignore[union-attr]
    return int(minutes or 0) * 60 + int(rest)


@pytest.mark.parametrize("wrong", [timedelta(hours=-3), timedelta(days=2)])
def test_a_computer_whose_clock_is_wrong_shows_what_is_right(house: House, wrong: timedelta) -> None:
    house.join("carol", name="Carol")
    page = house.browser_of("mike")
    page.clock.install(time=datetime.now(UTC) + wrong)

    page.goto(house.address)

    expect(since(page, "carol")).to_have_text(SECONDS)


def test_the_time_of_day_is_the_reader_s_own_and_the_title_is_utc(house: House) -> None:
    house.join("carol", name="Carol")
    room = house.outside.room(house.room)
    assert room is not None
    at = datetime.fromtimestamp(room.creation_time_ms / 1000, UTC)
    page = house.browser_of("mike", f"{house.address}facts/", timezone_id="Asia/Tokyo")

    time = page.locator('time[data-tick="day"]').first
    tokyo = at + timedelta(hours=9)
    expect(time).to_have_text(f"{tokyo.day} {tokyo:%b}, {tokyo:%H:%M:%S}")
    expect(time).to_have_attribute("title", f"{at.day} {at:%b %Y, %H:%M:%S} UTC")


def test_what_comes_between_two_ticks_is_told_at_once(house: House) -> None:
    house.join("carol", name="Carol")
    page = house.browser_of("mike")
    page.clock.install(time=datetime.now(UTC))
    page.goto(house.address)
    expect(since(page, "carol")).to_have_text(SECONDS)
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=5))

    house.join("dave", name="Dave")

    expect(since(page, "dave")).to_have_text(SECONDS)
    expect(page.locator("#feed time").first).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
