"""One acts, the other sees it: removing, moving, forwarding."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.pages import choose, dialog, dock, menu_item, row, said
from tests.browser.watching import Problems


def test_whoever_is_removed_comes_back_with_the_same_token_and_both_are_told(either_house: House) -> None:
    house = either_house
    carol = house.join("carol", name="Carol", publish=["microphone"])
    mona, mike = house.both()
    expect(row(mike, "carol")).to_be_visible()

    choose(mona, "carol", "Remove…")
    expect(dialog(mona)).to_contain_text("1 track: microphone")
    expect(dialog(mona)).to_contain_text("token")
    dialog(mona).get_by_label("Reason").fill("shouting")
    dialog(mona).get_by_role("button", name="Remove Carol").click()

    expect(row(mike, "carol")).to_have_count(0)
    expect(said(mike, "Carol", "left", "by mona")).to_have_count(1)
    expect(dock(mona)).to_contain_text("Carol was removed.")
    house.people.do(carol.experiences("removed", reason="PARTICIPANT_REMOVED"))

    assert said(mike, "Carol", "joined").count() == 0
    house.join("carol", token=carol.token)
    expect(row(mike, "carol")).to_be_visible()
    expect(said(mike, "Carol", "joined")).to_have_count(1)
    mona.goto(f"/p/{house.slug}/audit/")
    entry = mona.locator("tbody tr").filter(has_text="shouting").filter(has_text=house.room)
    expect(entry).to_contain_text("Remove")
    expect(entry).to_contain_text("Carol")


@pytest.mark.parametrize("verb", ["move", "forward"])
def test_cloud_takes_somebody_elsewhere(cloud_house: House, verb: str) -> None:
    cloud_house.room = f"{verb}-from"
    there = f"{verb}-to"
    cloud_house.join("carol", name="Carol")
    cloud_house.join("guide", room=there)
    mona, mike = cloud_house.look("mona"), cloud_house.look("mike", cloud_house.console.room(there, "cloud"))

    choose(mona, "carol", f"{verb.capitalize()}…")
    pick(mona, there)
    dialog(mona).get_by_role("button", name=f"{verb.capitalize()} Carol").click()

    expect(row(mike, "carol")).to_be_visible()
    if verb == "forward":
        expect(row(mike, "carol")).to_contain_text("Forwarded", ignore_case=True)
        expect(row(mona, "carol")).to_be_visible()
    else:
        expect(row(mona, "carol")).to_have_count(0)


@pytest.mark.parametrize("verb", ["move", "forward"])
def test_a_self_hosted_server_says_no_and_that_is_remembered(
    either_house: House, problems: Problems, verb: str
) -> None:
    house = replace(either_house, slug="moving", room=f"no-{verb}")
    house.join("carol", name="Carol")
    house.join("guide", room=f"no-{verb}-there")
    mona, mike = house.both()
    problems.expect_status(422, 502)

    choose(mona, "carol", f"{verb.capitalize()}…")
    pick(mona, f"no-{verb}-there")
    dialog(mona).get_by_role("button", name=f"{verb.capitalize()} Carol").click()
    expect(dialog(mona)).to_contain_text("This server cannot move or forward people")
    expect(dialog(mona)).to_contain_text("not implemented")
    expect(dialog(mona)).to_contain_text("LiveKit Cloud")
    expect(row(mona, "carol")).to_be_visible()

    mike.reload()
    row(mike, "carol").get_by_role("button", name="Actions for").click()
    item = menu_item(mike, f"{verb.capitalize()}…")
    expect(item).to_have_attribute("aria-disabled", "true")
    item.click(force=True)
    expect(dialog(mike)).to_contain_text("not implemented")
    dialog(mike).get_by_role("button", name="Check again").click()
    expect(dialog(mike).get_by_role("button", name=f"{verb.capitalize()} Carol")).not_to_have_attribute(
        "aria-disabled", "true"
    )


def pick(page: Page, name: str) -> None:
    """Choose a room in the dialog, as one does when there are many: by searching, and again for one just opened.

    What the console knows of the list may be three seconds old.
    """
    choices = dialog(page).get_by_role("radio")
    for words in (name, name[:-1], name, name[:-1], name):
        with page.expect_response(lambda answer: "q=" in answer.url):
            dialog(page).get_by_role("searchbox", name="Search rooms").fill(words)
        with contextlib.suppress(AssertionError):
            # The one that was found, and the new one.
            expect(choices).to_have_count(2, timeout=1_000)
            break
    expect(choices).to_have_count(2)
    dialog(page).get_by_role("radio", name=name).check()
