"""The main job on the real livekit-server, with people who really publish: the stage and the tracks."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.pages import dialog, dock, place, row, said, section
from tests.browser.real import Proof
from tests.browser.watching import Problems


def test_somebody_is_promoted_and_can_publish_and_is_returned(real_house: House) -> None:
    carol = real_house.join("carol", name="Carol", can_publish=False, can_publish_data=True)
    mona, mike = real_house.both()
    expect(place(mike, "carol")).to_contain_text("Audience")

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Promote Carol").click()
    expect(place(mike, "carol")).to_contain_text("On stage")
    real_house.people.do(carol.experiences("permission_changed", can_publish=True, can_subscribe=True))
    assert real_house.people.do(carol.publish("microphone"))
    assert real_house.people.do(carol.publish("camera"))
    expect(row(mike, "carol").locator(".track")).to_have_count(2)

    row(mona, "carol").hover()
    row(mona, "carol").get_by_role("button", name="Return Carol to the audience").click()
    expect(dialog(mona)).to_contain_text("2 tracks: camera, microphone")
    dialog(mona).get_by_role("button", name="Return Carol").click()
    expect(place(mike, "carol")).to_contain_text("Audience")
    expect(row(mike, "carol").locator(".track")).to_have_count(0)
    real_house.people.do(carol.experiences("permission_changed", can_publish=False))
    now = real_house.outside.participant(real_house.room, "carol")
    assert not now.tracks
    assert now.permission.can_subscribe
    assert now.permission.can_publish_data


def test_mute_is_experienced_and_unmuting_refused_with_the_remedy(real_house: House, problems: Problems) -> None:
    carol = real_house.join("carol", name="Carol", publish=["microphone"])
    mona, mike = real_house.both()
    problems.expect_status(502)

    row(mona, "carol").get_by_role("button", name="Mute microphone of Carol").click()
    expect(row(mike, "carol").get_by_role("button", name="Unmute microphone of Carol")).to_be_visible()
    real_house.people.do(carol.experiences("muted", track_sid=carol.tracks["microphone"]))

    row(mona, "carol").get_by_role("button", name="Unmute microphone of Carol").click()
    expect(dock(mona)).to_contain_text("412")
    expect(dock(mona)).to_contain_text("enable_remote_unmute: true")
    expect(row(mike, "carol").get_by_role("button", name="Unmute microphone")).to_have_attribute(
        "aria-disabled", "true"
    )
    real_house.people.do(carol.unmute(carol.tracks["microphone"]))
    expect(row(mike, "carol").get_by_role("button", name="Mute microphone of Carol")).to_be_visible()


def test_a_server_that_allows_it_unmutes(real_house: House, proof: Proof) -> None:
    house = replace(real_house, server=proof.lenient, slug="lenient")
    carol = house.join("carol", name="Carol", publish=["microphone"])
    house.people.do(carol.mute(carol.tracks["microphone"]))
    mona, mike = house.both()

    row(mona, "carol").get_by_role("button", name="Unmute microphone of Carol").click()

    expect(row(mike, "carol").get_by_role("button", name="Mute microphone of Carol")).to_be_visible()
    assert not house.outside.participant(house.room, "carol").tracks[0].muted


def test_the_screen_share_goes_and_the_camera_stays(real_house: House, problems: Problems) -> None:
    real_house.join("carol", name="Carol", publish=["camera", "screen_share"])
    mona, mike = real_house.look("mona", real_house.person("carol")), real_house.look("mike")
    expect(row(mike, "carol").locator(".track")).to_have_count(2)
    problems.expect_status(422)

    section(mona, "permission").get_by_label("Screen share", exact=True).uncheck()
    section(mona, "permission").get_by_role("button", name="Save permission").click()
    section(mona, "permission").get_by_role("button", name="Save and take down 1 track: screen share").click()

    expect(row(mike, "carol").locator(".track")).to_have_count(1)
    expect(said(mike, "stopped the screen share")).not_to_have_count(0)
    tracks = real_house.outside.participant(real_house.room, "carol").tracks
    assert [track.name for track in tracks] == ["camera"]
