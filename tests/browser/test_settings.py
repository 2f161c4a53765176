"""What an administrator sets takes effect at once, on the pages that are open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NEXT_KEY, NEXT_SECRET
from tests.browser.house import House
from tests.browser.pages import choose, dialog, dock, place, row, wait_until_live
from tests.browser.watching import Problems

OWN = {"can_publish": False, "can_update_own_metadata": True}


@pytest.fixture
def managed(house: House) -> House:
    """A room of the project whose settings these tests change."""
    return replace(house, slug="managed")


@contextmanager
def switched(page: Page, label: str) -> Iterator[None]:
    """Flip a switch, and flip it back whatever happens: the next test has the same project."""
    switch(page, label)
    try:
        yield
    finally:
        switch(page, label)


def switch(page: Page, label: str) -> None:
    """Flip a switch of the settings page and wait until it is kept."""
    before = page.get_by_role("switch", name=label).is_checked()
    page.get_by_role("switch", name=label).click()
    expect(page.get_by_role("switch", name=label)).to_be_checked(checked=not before)
    page.reload()
    expect(page.get_by_role("switch", name=label)).to_be_checked(checked=not before)


def test_hidden_people_are_shown_or_not(managed: House) -> None:
    managed.join("carol", name="Carol")
    managed.join("ghost", name="Ghost", hidden=True)
    mike, alice = managed.look("mike"), managed.browser_of("alice", "/p/managed/settings/")
    expect(row(mike, "ghost")).to_contain_text("Hidden", ignore_case=True)

    with switched(alice, "Show hidden participants"):
        expect(row(mike, "ghost")).to_have_count(0)
        expect(row(mike, "carol")).to_have_count(1)
    expect(row(mike, "ghost")).to_have_count(1)


def test_a_project_can_ask_for_a_reason(managed: House, problems: Problems) -> None:
    managed.join("carol", name="Carol")
    alice = managed.browser_of("alice", "/p/managed/settings/")
    problems.expect_status(422)

    with switched(alice, "Ask for a reason"):
        mona = managed.look("mona")
        choose(mona, "carol", "Remove…")
        dialog(mona).get_by_role("button", name="Remove Carol").click()
        expect(dialog(mona)).to_contain_text("This project asks for a reason.")
        expect(row(mona, "carol")).to_have_count(1)
        dialog(mona).get_by_label("Reason").fill("left the camera on")
        dialog(mona).get_by_role("button", name="Remove Carol").click()
        expect(row(mona, "carol")).to_have_count(0)


def test_the_gate_of_the_console_closes_unmuting(managed: House) -> None:
    carol = managed.join("carol", name="Carol", publish=["microphone"])
    managed.people.do(carol.mute(carol.tracks["microphone"]))
    mona, alice = managed.look("mona"), managed.browser_of("alice", "/p/managed/settings/")
    unmute = row(mona, "carol").get_by_role("button", name="Unmute microphone of Carol")
    expect(unmute).not_to_have_attribute("aria-disabled", "true")

    with switched(alice, "Moderators may unmute remotely"):
        expect(unmute).to_have_attribute("aria-disabled", "true")
        unmute.click(force=True)
        expect(dialog(mona)).to_contain_text("This project does not allow unmuting from here.")
        mona.keyboard.press("Escape")
    expect(unmute).not_to_have_attribute("aria-disabled", "true")


def test_which_attribute_means_a_raised_hand_is_the_project_s_choice(managed: House) -> None:
    carol = managed.join("carol", name="Carol", **OWN)
    mike, alice = managed.look("mike"), managed.browser_of("alice", "/p/managed/settings/")
    managed.people.do(carol.set_attributes({"asksToSpeak": "yes"}))
    expect(row(mike, "carol").locator(".c-attrs")).to_contain_text("asksToSpeak")
    expect(place(mike, "carol")).to_contain_text("Audience")

    field = alice.get_by_label("Attributes that mean a raised hand")
    before = field.input_value()
    field.fill("asksToSpeak")
    alice.locator("#hands").get_by_role("button", name="Save").click()
    try:
        expect(place(mike, "carol")).to_contain_text("Hand")
    finally:
        field.fill(before)
        alice.locator("#hands").get_by_role("button", name="Save").click()
    expect(place(mike, "carol")).to_contain_text("Audience")


def test_a_project_that_becomes_read_only_takes_the_buttons_away(managed: House) -> None:
    managed.join("carol", name="Carol", can_publish=False)
    mona, alice = managed.look("mona"), managed.browser_of("alice", "/p/managed/settings/")
    expect(row(mona, "carol").get_by_role("button", name="Promote Carol")).to_be_attached()

    with switched(alice, "Read only until unlocked"):
        expect(row(mona, "carol").locator("button")).to_have_count(0)
    expect(row(mona, "carol").get_by_role("button", name="Promote Carol")).to_be_attached()


def test_the_key_is_changed_while_pages_are_open(managed: House, problems: Problems) -> None:
    managed.join("carol", name="Carol", can_publish=False)
    mona, alice = managed.look("mona"), managed.browser_of("alice", "/p/managed/settings/")
    problems.expect_status(422)
    key, secret = alice.get_by_label("API key"), alice.get_by_label("API secret")

    key.fill(NEXT_KEY)
    secret.fill("this is not its secret, but long enough")
    alice.get_by_role("button", name="Test and save").click()
    expect(alice.locator("#connection .note[data-tone=danger]")).to_be_visible()
    secret.fill(NEXT_SECRET)
    alice.get_by_role("button", name="Test and save").click()
    expect(alice.locator("#connection .note[data-tone=danger]")).to_have_count(0)
    expect(key).to_have_value(NEXT_KEY)
    assert NEXT_SECRET not in alice.content()

    wait_until_live(mona)
    mona.keyboard.press("j")
    mona.keyboard.press("p")
    expect(place(mona, "carol")).to_contain_text("On stage")
    expect(dock(mona)).to_contain_text("Carol may publish now.")
