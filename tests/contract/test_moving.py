"""MoveParticipant and ForwardParticipant: refused by the open-source server, working on Cloud (livekit.md 2.6).

What Cloud does is taken from the words of LiveKit's documentation; nobody has run it against Cloud.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from livekit.protocol import models, room

from tests.contract.twirp import METHODS, NOBODY_ANSWERS, PREFIX, Refusal
from tests.contract.under_test import UnderTest, eventually
from tests.people import JoinRefused

BOTH = ["MoveParticipant", "ForwardParticipant"]


@pytest.mark.parametrize("method", BOTH)
async def test_the_open_source_server_has_not_implemented_it(livekit: UnderTest, method: str) -> None:
    if livekit.server.cloud:
        pytest.skip("the named server is Cloud")
    elsewhere = (await livekit.create(livekit.new_name())).name
    await livekit.join("alice")
    answer = await livekit.call(method, room=livekit.room, identity="alice", destination_room=elsewhere)
    assert answer.refusal == Refusal(500, "unknown", PREFIX + "not implemented")
    assert set(await livekit.list_people()) == {"alice"}


@pytest.mark.parametrize("method", BOTH)
@pytest.mark.parametrize("there", [True, False], ids=["alice is there", "nobody is there"])
async def test_the_same_room_is_refused_before_anybody_is_looked_for(
    livekit: UnderTest, method: str, there: bool
) -> None:
    if there:
        await livekit.join("alice", signalling_only=True)
    answer = await livekit.call(method, room=livekit.room, identity="alice", destination_room=livekit.room)
    text = "destination room cannot be the same as source room "
    assert answer.refusal == Refusal(400, "invalid_argument", text)
    assert answer.meta == {"argument": "destination room cannot be the same as source room"}


async def test_on_cloud_a_moved_person_is_in_the_other_room_only(cloud: UnderTest) -> None:
    elsewhere = (await cloud.create(cloud.new_name())).name
    alice = await cloud.join("alice", publish=["microphone"], name="Alice", attributes={"a": "1"})
    answer = await cloud.call("MoveParticipant", room=cloud.room, identity="alice", destination_room=elsewhere)
    assert answer.reply == room.MoveParticipantResponse()
    await alice.experiences("moved", room=elsewhere)
    assert set(await cloud.list_people()) == set()
    moved = await eventually(lambda: cloud.list_people(elsewhere), bool)
    assert (moved["alice"].name, dict(moved["alice"].attributes)) == ("Alice", {"a": "1"})


async def test_on_cloud_moving_makes_the_destination(cloud: UnderTest) -> None:
    elsewhere = cloud.new_name()
    await cloud.join("alice")
    await cloud.call("MoveParticipant", room=cloud.room, identity="alice", destination_room=elsewhere)
    await eventually(lambda: cloud.list_people(elsewhere), lambda people: set(people) == {"alice"})


async def test_on_cloud_a_forwarded_person_is_in_both_rooms(cloud: UnderTest) -> None:
    elsewhere = (await cloud.create(cloud.new_name())).name
    alice = await cloud.join("alice", publish=["microphone"])
    answer = await cloud.call("ForwardParticipant", room=cloud.room, identity="alice", destination_room=elsewhere)
    assert answer.reply == room.ForwardParticipantResponse()
    there = (await eventually(lambda: cloud.list_people(elsewhere), bool))["alice"]
    assert list(there.kind_details) == [models.ParticipantInfo.FORWARDED]
    assert [track.source for track in there.tracks] == [models.MICROPHONE]
    assert set(await cloud.list_people()) == {"alice"}
    assert models.ParticipantInfo.FORWARDED not in (await cloud.get("alice")).kind_details
    await alice.leave()
    await eventually(lambda: cloud.list_people(elsewhere), lambda people: not people)


async def test_on_cloud_removing_the_forwarded_one_leaves_the_original(cloud: UnderTest) -> None:
    elsewhere = (await cloud.create(cloud.new_name())).name
    await cloud.join("alice")
    await cloud.call("ForwardParticipant", room=cloud.room, identity="alice", destination_room=elsewhere)
    await eventually(lambda: cloud.list_people(elsewhere), bool)
    await cloud.call("RemoveParticipant", room=elsewhere, identity="alice")
    await eventually(lambda: cloud.list_people(elsewhere), lambda people: not people)
    assert set(await cloud.list_people()) == {"alice"}


@pytest.mark.parametrize("kind", ["agent", "egress"])
async def test_on_cloud_agents_and_egress_are_not_moved(cloud: UnderTest, kind: str) -> None:
    await cloud.join("worker", kind=kind)
    elsewhere = cloud.new_name()
    answer = await cloud.call("MoveParticipant", room=cloud.room, identity="worker", destination_room=elsewhere)
    assert (answer.refusal.status, answer.refusal.code) == (412, "failed_precondition")
    assert "does not support moving" in answer.refusal.msg
    assert set(await cloud.list_people()) == {"worker"}


async def test_on_cloud_somebody_missing_is_503_as_elsewhere(cloud: UnderTest) -> None:
    await cloud.create()
    fields: dict[str, Any] = {"room": cloud.room, "identity": "nobody", "destination_room": "elsewhere"}
    answers = await asyncio.gather(*(cloud.call(method, **fields) for method in BOTH))
    assert [answer.refusal for answer in answers] == [NOBODY_ANSWERS, NOBODY_ANSWERS]


async def test_on_cloud_a_removal_revokes_earlier_tokens(cloud: UnderTest) -> None:
    alice = await cloud.join("alice")
    await cloud.call("RemoveParticipant", room=cloud.room, identity="alice")
    await alice.experiences("removed", reason="PARTICIPANT_REMOVED")
    with pytest.raises(JoinRefused) as refusal:
        await cloud.join("alice", token=alice.token)
    assert refusal.value.status == 401


async def test_on_cloud_a_revocation_has_its_time_and_its_person(cloud: UnderTest) -> None:
    alice = await cloud.join("alice")
    request = METHODS["RemoveParticipant"].request(
        room=cloud.room, identity="alice", revoke_token_ts=int(time.time()) - 3600
    )
    token = cloud.token(room_admin=True, room=cloud.room)
    await cloud.send("RemoveParticipant", request, headers={"Authorization": f"Bearer {token}"})
    await alice.experiences("removed")
    await cloud.join("alice", token=alice.token)
    await cloud.join("bob")
    assert set(await cloud.list_people()) == {"alice", "bob"}


async def test_on_cloud_remote_unmute_is_allowed(cloud: UnderTest) -> None:
    alice = await cloud.join("alice", publish=["microphone"])
    for muted in (True, False):
        fields: dict[str, Any] = {"identity": "alice", "track_sid": alice.tracks["microphone"], "muted": muted}
        answer = await cloud.call("MutePublishedTrack", room=cloud.room, **fields)
        assert answer.reply.track.muted is muted
