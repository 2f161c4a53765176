"""MutePublishedTrack (livekit.md 3.6)."""

from __future__ import annotations

import asyncio

import pytest
from livekit.protocol import models

from tests.contract.twirp import PREFIX, Answer, Refusal
from tests.contract.under_test import UnderTest, eventually

NOT_ENABLED = Refusal(412, "failed_precondition", PREFIX + "remote unmute not enabled")


async def mute(livekit: UnderTest, track_sid: str, muted: bool, identity: str = "alice") -> Answer:
    return await livekit.call(
        "MutePublishedTrack", room=livekit.room, identity=identity, track_sid=track_sid, muted=muted
    )


async def is_muted(livekit: UnderTest, track_sid: str) -> bool:
    alice = await livekit.get("alice")
    return next(track.muted for track in alice.tracks if track.sid == track_sid)


@pytest.mark.parametrize("source", ["microphone", "camera", "screen_share", "screen_share_audio"])
async def test_muting_answers_the_muted_track_and_is_experienced(livekit: UnderTest, source: str) -> None:
    alice = await livekit.join("alice", publish=[source])
    sid = alice.tracks[source]
    before = await livekit.get("alice")
    track = (await mute(livekit, sid, True)).reply.track
    assert (track.sid, track.muted, track.source) == (sid, True, models.TrackSource.Value(source.upper()))
    await alice.experiences("muted", track_sid=sid)
    assert await is_muted(livekit, sid)
    assert (await livekit.get("alice")).version > before.version


async def test_only_the_named_track_is_muted(livekit: UnderTest) -> None:
    alice = await livekit.join("alice", publish=["microphone", "camera"])
    await mute(livekit, alice.tracks["microphone"], True)
    assert {track.source: track.muted for track in (await livekit.get("alice")).tracks} == {
        models.MICROPHONE: True,
        models.CAMERA: False,
    }


@pytest.mark.parametrize("track", ["a muted one", "one that is not muted", "an unknown one"])
async def test_unmuting_is_refused_before_the_track_is_looked_up(livekit: UnderTest, track: str) -> None:
    if livekit.server.remote_unmute:
        pytest.skip("the named server allows remote unmute")
    alice = await livekit.join("alice", publish=["microphone"])
    sid = "TR_unknown" if track == "an unknown one" else alice.tracks["microphone"]
    if track == "a muted one":
        await mute(livekit, sid, True)
    assert (await mute(livekit, sid, False)).refusal == NOT_ENABLED
    assert await is_muted(livekit, alice.tracks["microphone"]) == (track == "a muted one")


async def test_where_it_is_allowed_unmuting_answers_the_unmuted_track(unmuting: UnderTest) -> None:
    alice = await unmuting.join("alice", publish=["microphone"])
    sid = alice.tracks["microphone"]
    await mute(unmuting, sid, True)
    await alice.experiences("muted", track_sid=sid)
    track = (await mute(unmuting, sid, False)).reply.track
    assert (track.sid, track.muted) == (sid, False)
    await alice.experiences("unmute_asked", track_sid=sid)
    # A client repeats to the server what it was told: her "muted" may come after the unmute, and her "unmuted" later.
    await eventually(lambda: is_muted(unmuting, sid), lambda muted: not muted)


async def test_where_it_is_allowed_unmuting_an_unknown_track_answers_no_track(unmuting: UnderTest) -> None:
    await unmuting.join("alice")
    assert not (await mute(unmuting, "TR_unknown", False)).reply.HasField("track")


async def test_a_mute_does_not_hold(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", publish=["microphone"])
    sid = alice.tracks["microphone"]
    await mute(livekit_once, sid, True)
    await alice.experiences("muted", track_sid=sid)
    await alice.unmute(sid)
    await eventually(lambda: is_muted(livekit_once, sid), lambda muted: not muted)


async def test_an_own_mute_is_seen_by_the_api(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", publish=["microphone"])
    sid = alice.tracks["microphone"]
    await alice.mute(sid)
    await eventually(lambda: is_muted(livekit_once, sid), bool)
    assert not [each for each in await alice.experienced() if each.event == "muted"]


async def test_taking_the_source_away_is_what_holds(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", publish=["microphone", "camera"])
    permission = (await livekit_once.get("alice")).permission
    permission.can_publish_sources.append(models.CAMERA)
    await livekit_once.update("alice", permission=permission)
    only_camera = await eventually(lambda: livekit_once.get("alice"), lambda found: len(found.tracks) == 1)
    assert [track.source for track in only_camera.tracks] == [models.CAMERA]
    await alice.experiences("permission_changed")
    await alice.publish("microphone")
    assert alice.refused == ["NOT_ALLOWED"]


async def test_an_unpublished_track_is_gone(livekit: UnderTest) -> None:
    alice = await livekit.join("alice", publish=["microphone"])
    sid = alice.tracks["microphone"]
    await alice.unpublish(sid)
    await eventually(lambda: livekit.get("alice"), lambda found: not found.tracks)
    assert not (await mute(livekit, sid, True)).reply.HasField("track")


async def test_a_track_of_somebody_else_is_unknown(livekit: UnderTest) -> None:
    alice, _ = await asyncio.gather(livekit.join("alice", publish=["microphone"]), livekit.join("bob"))
    answer = await mute(livekit, alice.tracks["microphone"], True, identity="bob")
    assert not answer.reply.HasField("track")
    assert not await is_muted(livekit, alice.tracks["microphone"])


async def test_a_track_tells_what_it_is(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", publish=["microphone", "camera"])
    tracks = {track.source: track for track in (await livekit_once.get("alice")).tracks}
    microphone, camera = tracks[models.MICROPHONE], tracks[models.CAMERA]
    assert (microphone.sid, microphone.type) == (alice.tracks["microphone"], models.AUDIO)
    assert (microphone.name, microphone.mime_type, microphone.muted) == ("microphone", "audio/red", False)
    assert (camera.sid, camera.type, camera.name) == (alice.tracks["camera"], models.VIDEO, "camera")
    assert (camera.width, camera.height, camera.stream) == (320, 180, "camera")
    assert camera.mime_type.startswith("video/")
    assert len(camera.layers) >= 1
    assert list(camera.codecs[0].layers) == list(camera.layers)
