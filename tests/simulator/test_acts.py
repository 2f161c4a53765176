"""What people may do by themselves, and what they are told."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from livekit import api
from livekit.protocol import models

from tests.simulator.running import Refused, RunningSimulator


async def refused(simulator: RunningSimulator, identity: str, do: str, **details: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as refusal:
        await simulator.act("talk", identity, do, **details)
    assert set(refusal.value.body) == {"error", "message"}
    return refusal.value.status, refusal.value.body["error"]


@pytest.mark.parametrize(
    ("source", "mime_type", "size"),
    [
        ("camera", "video/VP8", (1280, 720)),
        ("screen_share", "video/VP8", (1920, 1080)),
        ("microphone", "audio/red", (0, 0)),
        ("screen_share_audio", "audio/red", (0, 0)),
        ("unknown", "audio/red", (0, 0)),
    ],
)
async def test_publishing(simulator: RunningSimulator, source: str, mime_type: str, size: tuple[int, int]) -> None:
    await simulator.join("talk", "ana")
    sid = await simulator.publish("talk", "ana", source)
    (track,) = (await simulator.person("talk", "ana")).tracks
    assert (track.sid, track.source) == (sid, models.TrackSource.Value(source.upper()))
    assert (track.mime_type, (track.width, track.height), track.muted) == (mime_type, size, False)
    assert (track.type == models.VIDEO) == mime_type.startswith("video/")
    assert list(track.codecs[0].layers) == list(track.layers)


async def test_publishing_as_told(simulator: RunningSimulator) -> None:
    await simulator.join("talk", "ana")
    details = {"name": "deck", "muted": True, "width": 640, "height": 360, "mime_type": "video/AV1", "simulcast": False}
    await simulator.publish("talk", "ana", "screen_share", **details)
    (track,) = (await simulator.person("talk", "ana")).tracks
    assert (track.name, track.muted, track.width, track.height) == ("deck", True, 640, 360)
    assert (track.mime_type, track.simulcast, len(track.layers)) == ("video/AV1", False, 1)


@pytest.mark.parametrize(
    ("granted", "source"),
    [({"canPublish": False}, "microphone"), ({"canPublishSources": ["microphone"]}, "camera")],
)
async def test_publishing_needs_the_right(simulator: RunningSimulator, granted: dict[str, Any], source: str) -> None:
    await simulator.join("talk", "ana", granted)
    assert await refused(simulator, "ana", "publish", source=source) == (403, "NOT_ALLOWED")
    assert not (await simulator.person("talk", "ana")).tracks


async def test_muting_oneself_and_unpublishing(simulator: RunningSimulator) -> None:
    await simulator.join("talk", "ana")
    sid = await simulator.publish("talk", "ana", "microphone")
    for do, muted in (("mute", True), ("unmute", False)):
        assert (await simulator.act("talk", "ana", do, track_sid=sid))["track"]["muted"] is muted
        assert (await simulator.person("talk", "ana")).tracks[0].muted is muted
    await simulator.act("talk", "ana", "unpublish", track_sid=sid)
    assert not (await simulator.person("talk", "ana")).tracks
    for do in ("mute", "unmute", "unpublish"):
        assert await refused(simulator, "ana", do, track_sid=sid) == (404, "NOT_FOUND")
    assert not await simulator.experienced("talk", "ana", "muted")


OWN: dict[str, tuple[Any, Any]] = {
    "set_name": ({"name": "Ana"}, {"name": "n" * 257}),
    "set_metadata": ({"metadata": "m"}, {"metadata": "m" * 524_289}),
    "set_attributes": ({"attributes": {"a": "1"}}, {"attributes": {"a": "1" * 65_536}}),
}


@pytest.mark.parametrize("do", OWN)
async def test_own_facts_need_the_right_and_keep_the_limits(simulator: RunningSimulator, do: str) -> None:
    fits, too_much = OWN[do]
    await simulator.join("talk", "ana", {"canUpdateOwnMetadata": True})
    await simulator.join("talk", "bo")
    assert await refused(simulator, "bo", do, **fits) == (403, "NOT_ALLOWED")
    assert await refused(simulator, "ana", do, **too_much) == (400, "LIMIT_EXCEEDED")
    await simulator.act("talk", "ana", do, **fits)
    ana = await simulator.person("talk", "ana")
    assert (ana.name or ana.metadata or dict(ana.attributes)) == next(iter(fits.values()))


async def test_data_reaches_whom_it_is_for(simulator: RunningSimulator) -> None:
    for identity in ("ana", "bo", "cy"):
        await simulator.join("talk", identity, {"canPublishData": identity != "cy"})
    hello, secret = (base64.b64encode(text).decode() for text in (b"hello", b"secret"))
    assert await simulator.act("talk", "ana", "send_data", data=hello, topic="chat") == {"delivered": 2}
    details = {"data": secret, "destination_identities": ["bo"]}
    assert await simulator.act("talk", "ana", "send_data", **details) == {"delivered": 1}
    assert await simulator.act("talk", "cy", "send_data", data=hello) == {"delivered": 0}
    await simulator.rooms.send_data(api.SendDataRequest(room="talk", data=b"all", topic="admin"))
    heard = {
        identity: [(each["data"], each["topic"], each["sender"]) for each in events]
        for identity in ("ana", "bo", "cy")
        for events in [await simulator.experienced("talk", identity, "data")]
    }
    everyone = (base64.b64encode(b"all").decode(), "admin", None)
    assert heard == {
        "ana": [everyone],
        "bo": [(hello, "chat", "ana"), (secret, "", "ana"), everyone],
        "cy": [(hello, "chat", "ana"), everyone],
    }


async def test_leaving(simulator: RunningSimulator) -> None:
    for identity, do in (("ana", "leave"), ("bo", "lose_connection")):
        await simulator.join("talk", identity)
        await simulator.act("talk", identity, do)
        assert await refused(simulator, identity, "leave") == (404, "NOT_FOUND")
    assert await simulator.people("talk") == {}
    assert await simulator.experienced("talk", "ana", "removed") == []
    assert [each["reason"] for each in await simulator.experienced("talk", "bo", "removed")] == ["CONNECTION_TIMEOUT"]


@pytest.mark.parametrize(
    "body",
    [
        {"room": "talk", "identity": "ana", "do": "dance"},
        {"room": "talk", "identity": "ana", "do": "publish", "source": "kitchen"},
        {"room": "talk", "identity": "ana", "do": "send_data"},
        {"room": "talk", "identity": "ana", "do": "send_data", "data": "!"},
    ],
)
async def test_what_makes_no_sense_is_400(simulator: RunningSimulator, body: dict[str, Any]) -> None:
    await simulator.join("talk", "ana")
    with pytest.raises(Refused) as refusal:
        await simulator.control("POST", "act", body)
    assert (refusal.value.status, refusal.value.body["error"]) == (400, "INVALID_REQUEST")


async def test_a_moderators_acts_are_felt_in_order_also_afterwards(simulator: RunningSimulator) -> None:
    await simulator.join("talk", "ana", {"canUpdateOwnMetadata": True}, attributes={"a": "1"})
    sid = await simulator.publish("talk", "ana", "microphone")
    rooms = simulator.rooms
    await rooms.mute_published_track(api.MuteRoomTrackRequest(room="talk", identity="ana", track_sid=sid, muted=True))
    update = api.UpdateParticipantRequest(room="talk", identity="ana", name="Ana", metadata="m", attributes={"a": ""})
    update.permission.can_subscribe = True
    await rooms.update_participant(update)
    await rooms.update_room_metadata(api.UpdateRoomMetadataRequest(room="talk", metadata="topic"))
    await rooms.remove_participant(api.RoomParticipantIdentity(room="talk", identity="ana"))
    felt = [each for each in await simulator.experienced("talk", "ana") if each["event"] != "token_refreshed"]
    assert [each["event"] for each in felt] == [
        "muted",
        "name_changed",
        "metadata_changed",
        "attributes_changed",
        "permission_changed",
        "track_unpublished",
        "room_metadata_changed",
        "removed",
    ]
    assert felt[0]["track_sid"] == felt[5]["track_sid"] == sid
    assert (felt[1]["name"], felt[2]["metadata"], felt[6]["metadata"]) == ("Ana", "m", "topic")
    assert (felt[3]["attributes"], felt[3]["changed"]) == ({}, {"a": ""})
    assert (felt[4]["can_subscribe"], felt[4]["can_publish"]) == (True, False)
    assert felt[7]["reason"] == "PARTICIPANT_REMOVED"
