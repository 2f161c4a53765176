"""LiveKit Cloud's manner: people who are moved and forwarded, tokens that are revoked."""

from __future__ import annotations

import time

import pytest
from livekit import api
from livekit.protocol import models

from tests.simulator.running import Refused, RunningSimulator

FORWARDED = models.ParticipantInfo.FORWARDED


async def forward(cloud: RunningSimulator, identity: str, destination: str) -> None:
    request = api.ForwardParticipantRequest(room="talk", identity=identity, destination_room=destination)
    await cloud.rooms.forward_participant(request)


async def move(cloud: RunningSimulator, identity: str, destination: str) -> None:
    request = api.MoveParticipantRequest(room="talk", identity=identity, destination_room=destination)
    await cloud.rooms.move_participant(request)


async def test_a_move_takes_everything_along(cloud: RunningSimulator) -> None:
    video = {"canUpdateOwnMetadata": True, "canSubscribe": False}
    await cloud.join("talk", "ana", video, name="Ana", metadata="m", attributes={"a": "1"})
    sid = await cloud.publish("talk", "ana", "camera")
    before = await cloud.person("talk", "ana")
    await move(cloud, "ana", "hall")
    assert await cloud.people("talk") == {}
    after = await cloud.person("hall", "ana")
    assert after.sid != before.sid
    assert (after.name, after.metadata, dict(after.attributes)) == ("Ana", "m", {"a": "1"})
    assert (after.permission, after.is_publisher) == (before.permission, True)
    assert [track.sid for track in after.tracks] == [sid]
    assert await cloud.experienced("talk", "ana", "removed") == []
    for room in ("talk", "hall"):
        (moved,) = await cloud.experienced(room, "ana", "moved")
        assert moved["room"] == "hall"
    await cloud.act("talk", "ana", "set_name", name="Ana in the hall")
    assert (await cloud.person("hall", "ana")).name == "Ana in the hall"


@pytest.mark.parametrize("kind", ["agent", "egress"])
async def test_some_kinds_cannot_be_moved(cloud: RunningSimulator, kind: str) -> None:
    await cloud.join("talk", "worker", kind=kind)
    with pytest.raises(api.TwirpError) as refused:
        await move(cloud, "worker", "hall")
    assert refused.value.status == 412


@pytest.mark.parametrize("travel", [move, forward])
async def test_a_full_destination_refuses(cloud: RunningSimulator, travel: type) -> None:
    await cloud.rooms.create_room(api.CreateRoomRequest(name="hall", max_participants=1))
    await cloud.join("hall", "bo")
    await cloud.join("talk", "ana")
    with pytest.raises(api.TwirpError):
        await travel(cloud, "ana", "hall")
    assert set(await cloud.people("talk")) == {"ana"}
    assert set(await cloud.people("hall")) == {"bo"}


async def test_a_forwarded_person_follows_the_original(cloud: RunningSimulator) -> None:
    await cloud.join("talk", "ana", {"canUpdateOwnMetadata": True}, kind="sip")
    await forward(cloud, "ana", "hall")
    sid = await cloud.publish("talk", "ana", "microphone")
    await cloud.act("talk", "ana", "mute", track_sid=sid)
    await cloud.act("talk", "ana", "set_attributes", attributes={"a": "1"})
    copy = await cloud.person("hall", "ana")
    assert (copy.kind, list(copy.kind_details)) == (models.ParticipantInfo.SIP, [FORWARDED])
    assert [(track.sid, track.muted) for track in copy.tracks] == [(sid, True)]
    assert dict(copy.attributes) == {"a": "1"}
    assert list((await cloud.person("talk", "ana")).kind_details) == []
    hall = await cloud.rooms.update_room_metadata(api.UpdateRoomMetadataRequest(room="hall", metadata="m"))
    assert (hall.num_participants, hall.num_publishers) == (1, 1)


async def test_a_mute_of_the_forwarded_one_stays_in_its_room(cloud: RunningSimulator) -> None:
    await cloud.join("talk", "ana")
    sid = await cloud.publish("talk", "ana", "microphone")
    await forward(cloud, "ana", "hall")
    mute = api.MuteRoomTrackRequest(room="hall", identity="ana", track_sid=sid, muted=True)
    assert (await cloud.rooms.mute_published_track(mute)).track.muted
    tracks = [(await cloud.person(room, "ana")).tracks[0] for room in ("talk", "hall")]
    assert [track.muted for track in tracks] == [False, True]


@pytest.mark.parametrize("end", ["leave", "lose_connection"])
async def test_a_forwarded_person_goes_with_the_original(cloud: RunningSimulator, end: str) -> None:
    await cloud.join("talk", "ana")
    for destination in ("hall", "yard"):
        await forward(cloud, "ana", destination)
    await cloud.rooms.remove_participant(api.RoomParticipantIdentity(room="yard", identity="ana"))
    assert [set(await cloud.people(room)) for room in ("talk", "hall", "yard")] == [{"ana"}, {"ana"}, set()]
    await cloud.act("talk", "ana", end)
    assert [set(await cloud.people(room)) for room in ("talk", "hall", "yard")] == [set(), set(), set()]


async def test_removal_revokes_tokens_up_to_a_time(cloud: RunningSimulator) -> None:
    old, new = (cloud.token("talk", "ana", nbf=int(time.time()) + shift) for shift in (-30, 0))
    await cloud.control("POST", "join", {"token": old})
    request = api.RoomParticipantIdentity(room="talk", identity="ana", revoke_token_ts=int(time.time()) - 10)
    await cloud.rooms.remove_participant(request)
    with pytest.raises(Refused) as refused:
        await cloud.control("POST", "join", {"token": old})
    assert refused.value.status == 401
    await cloud.control("POST", "join", {"token": new})
    await cloud.join("hall", "ana")
    await cloud.join("talk", "bo")


async def test_the_self_hosted_server_revokes_nothing(simulator: RunningSimulator) -> None:
    token = simulator.token("talk", "ana")
    await simulator.control("POST", "join", {"token": token})
    request = api.RoomParticipantIdentity(room="talk", identity="ana", revoke_token_ts=int(time.time()) + 60)
    await simulator.rooms.remove_participant(request)
    await simulator.control("POST", "join", {"token": token})
    assert set(await simulator.people("talk")) == {"ana"}
