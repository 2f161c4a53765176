"""One acts, the other sees it: who is on stage, and what they send."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, dock, place, row, said, section
from tests.browser.real import Proof
from tests.browser.watching import Problems


def test_one_brings_a_listener_on_stage_and_the_other_sees_it(house: House) -> None:
    house.join("carol", name="Carol", can_publish=False)
    mona, mike = house.both()
    expect(place(mike, "carol")).to_contain_text("Audience")

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Promote Carol").click()

    expect(place(mike, "carol")).to_contain_text("On stage")
    expect(said(mike, "may publish")).to_contain_text("by mona")
    expect(place(mona, "carol")).to_contain_text("On stage")
    expect(said(mona, "may publish")).to_contain_text("by you")
    expect(dock(mona)).to_contain_text("Carol may publish now.")
    expect(dock(mike)).to_be_empty()


def test_a_listener_publishes_on_stage_and_loses_the_tracks_with_the_stage(either_house: House) -> None:
    house = either_house
    carol = house.join("carol", name="Carol", can_publish=False, can_publish_data=True)
    mona, mike = house.both()
    expect(place(mike, "carol")).to_contain_text("Audience")

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Promote Carol").click()
    expect(place(mike, "carol")).to_contain_text("On stage")
    house.people.do(carol.experiences("permission_changed", can_publish=True, can_subscribe=True))
    for number, source in enumerate(("microphone", "camera"), start=1):
        assert house.people.do(carol.publish(source))
        expect(row(mike, "carol").locator(".track")).to_have_count(number)

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Return Carol to the audience").click()
    expect(dialog(mona)).to_contain_text("2 tracks: camera, microphone")
    expect(place(mike, "carol")).to_contain_text("On stage")
    dialog(mona).get_by_role("button", name="Return Carol").click()
    expect(place(mike, "carol")).to_contain_text("Audience")
    expect(row(mike, "carol").locator(".track")).to_have_count(0)
    expect(dialog(mona)).to_have_count(0)
    expect(dock(mona)).to_contain_text("Carol is in the audience.")
    house.people.do(carol.experiences("permission_changed", can_publish=False))
    now = house.outside.participant(house.room, "carol")
    assert not now.tracks
    assert now.permission.can_subscribe
    assert now.permission.can_publish_data


def test_one_mutes_and_the_participant_and_the_other_know(either_house: House) -> None:
    house = either_house
    carol = house.join("carol", name="Carol", publish=["microphone", "camera"])
    mona, mike = house.both()

    row(mona, "carol").get_by_role("button", name="Mute microphone of Carol").click()

    expect(row(mike, "carol").get_by_role("button", name="Unmute microphone of Carol")).to_be_visible()
    expect(row(mike, "carol").get_by_role("button", name="Mute camera of Carol")).to_be_visible()
    expect(said(mike, "muted")).to_contain_text("by mona")
    house.people.do(carol.experiences("muted", track_sid=carol.tracks["microphone"]))

    house.people.do(carol.unmute(carol.tracks["microphone"]))
    expect(row(mike, "carol").get_by_role("button", name="Mute microphone of Carol")).to_be_visible()


def test_a_server_that_does_not_unmute_is_explained_remembered_and_greyed(
    either_house: House, problems: Problems
) -> None:
    house = replace(either_house, slug="mute")
    carol = house.join("carol", name="Carol", publish=["microphone"])
    house.people.do(carol.mute(carol.tracks["microphone"]))
    mona, mike = house.both()
    problems.expect_status(502)
    unmute = row(mona, "carol").get_by_role("button", name="Unmute microphone of Carol")

    unmute.click()

    expect(dock(mona)).to_contain_text("This server does not allow unmuting from outside")
    expect(dock(mona)).to_contain_text("412")
    expect(dock(mona)).to_contain_text("enable_remote_unmute: true")
    for page in (mona, mike):
        greyed = row(page, "carol").get_by_role("button", name="Unmute microphone of Carol")
        expect(greyed).to_have_attribute("aria-disabled", "true")
    row(mike, "carol").get_by_role("button", name="Unmute microphone of Carol").click(force=True)
    expect(dialog(mike)).to_contain_text("This server does not allow unmuting from outside")
    mike.keyboard.press("Escape")
    alice = house.browser_of("alice", f"/p/{house.slug}/settings/")
    again = alice.get_by_role("button", name="Check again: ")
    expect(alice.locator("#server")).to_contain_text("refused")
    again.first.click()
    expect(alice.locator("#server")).not_to_contain_text("refused")
    expect(unmute).not_to_have_attribute("aria-disabled", "true")


@pytest.fixture(params=["cloud", "lenient"])
def unmuting_house(request: pytest.FixtureRequest) -> House:
    """A room on a server that unmutes: the simulator in the manner of Cloud, the real one with remote unmute."""
    if request.param == "cloud":
        cloud_house: House = request.getfixturevalue("cloud_house")
        return cloud_house
    proof: Proof = request.getfixturevalue("proof")
    real_house: House = request.getfixturevalue("real_house")
    return replace(real_house, server=proof.lenient, slug="lenient")


def test_a_server_that_allows_it_unmutes(unmuting_house: House) -> None:
    house = unmuting_house
    carol = house.join("carol", name="Carol", publish=["microphone"])
    house.people.do(carol.mute(carol.tracks["microphone"]))
    mona, mike = house.both()

    row(mona, "carol").get_by_role("button", name="Unmute microphone of Carol").click()

    expect(row(mike, "carol").get_by_role("button", name="Mute microphone of Carol")).to_be_visible()
    expect(dock(mona)).to_contain_text("a device that was stopped may stay silent")
    house.people.do(carol.experiences("unmute_asked", track_sid=carol.tracks["microphone"]))
    assert not house.outside.participant(house.room, "carol").tracks[0].muted


def test_narrowing_the_sources_takes_the_screen_down_and_leaves_the_camera(
    either_house: House, problems: Problems
) -> None:
    house = either_house
    house.join("carol", name="Carol", publish=["camera", "screen_share"])
    mona, mike = house.look("mona", house.person("carol")), house.look("mike")
    problems.expect_status(422)
    form = section(mona, "permission")

    form.get_by_label("Screen share", exact=True).uncheck()
    form.get_by_role("button", name="Save permission").click()
    confirm = section(mona, "permission").get_by_role("button", name="Save and take down 1 track: screen share")
    confirm.click()

    expect(row(mike, "carol").locator(".track")).to_have_count(1)
    expect(row(mike, "carol").get_by_role("button", name="Mute camera of Carol")).to_be_visible()
    expect(said(mike, "may publish from")).to_contain_text("by mona")
    now = house.outside.participant(house.room, "carol")
    assert [track.name for track in now.tracks] == ["camera"]
    permission = now.permission
    assert len(permission.can_publish_sources) == 4
    assert permission.can_publish
    assert permission.can_subscribe
    assert permission.can_publish_data
