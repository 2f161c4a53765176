"""Rooms: create, list, delete, metadata (livekit.md 2.6, 0.2, 0.3, 0.6)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from livekit.protocol import models, room

from tests.contract.twirp import NO_ROOM, PREFIX, Refusal
from tests.contract.under_test import UnderTest, eventually


async def test_a_room_has_the_servers_defaults(livekit: UnderTest) -> None:
    made = await livekit.create()
    assert made.sid.startswith("RM_")
    assert (made.name, made.empty_timeout, made.departure_timeout, made.max_participants) == (livekit.room, 300, 20, 0)
    assert (made.metadata, made.num_participants, made.num_publishers) == ("", 0, 0)
    assert abs(made.creation_time - time.time()) < 90
    assert made.creation_time == made.creation_time_ms // 1000


async def test_the_enabled_codecs_are_told(livekit_once: UnderTest) -> None:
    made = await livekit_once.create()
    assert {codec.mime.lower() for codec in made.enabled_codecs} == {
        "audio/pcmu",
        "audio/pcma",
        "audio/opus",
        "audio/red",
        "video/vp8",
        "video/h264",
        "video/vp9",
        "video/av1",
        "video/h265",
        "video/rtx",
    }


async def test_a_room_takes_its_settings(livekit: UnderTest) -> None:
    made = await livekit.create(empty_timeout=7, departure_timeout=8, max_participants=9, metadata="m")
    assert (made.empty_timeout, made.departure_timeout, made.max_participants, made.metadata) == (7, 8, 9, "m")
    assert await livekit.find_room() == made


async def test_playout_delay_tags_and_replay_are_taken_and_not_told(livekit: UnderTest) -> None:
    made = await livekit.create(
        min_playout_delay=100, max_playout_delay=2000, sync_streams=True, replay_enabled=True, tags={"a": "b"}
    )
    assert made.name == livekit.room


async def test_creating_a_live_room_answers_its_old_settings(livekit: UnderTest) -> None:
    first = await livekit.create(empty_timeout=60, max_participants=3, metadata="first")
    second = await livekit.create(empty_timeout=90, max_participants=9, metadata="second", departure_timeout=5)
    assert second == first


@pytest.mark.parametrize("field", ["empty_timeout", "departure_timeout"])
async def test_zero_means_the_default(livekit: UnderTest, field: str) -> None:
    zero: dict[str, Any] = {field: 0}
    made = await livekit.create(**zero)
    assert getattr(made, field) == {"empty_timeout": 300, "departure_timeout": 20}[field]


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        ({"metadata": "m" * 524_289}, "metadata size exceeds limits 524288"),
        ({"attributes": {"a": "v" * 65_536}}, "attribute size exceeds limits 65536"),
    ],
    ids=["metadata", "attributes"],
)
async def test_an_agent_in_the_request_has_limits_too(livekit: UnderTest, agent: dict[str, Any], text: str) -> None:
    answer = await livekit.call("CreateRoom", name=livekit.room, agents=[{"agent_name": "a", **agent}])
    assert answer.refusal == Refusal(400, "invalid_argument", text)


async def test_an_unknown_preset_is_refused(livekit: UnderTest) -> None:
    answer = await livekit.call("CreateRoom", name=livekit.room, room_preset="no-such-preset")
    assert answer.refusal == Refusal(
        400, "invalid_argument", PREFIX + "unknown room configuration in create room request"
    )


async def test_an_egress_needs_redis_and_is_canceled_or_forgotten_after_ten_seconds(livekit_once: UnderTest) -> None:
    egress = room.RoomEgress(room={"room_name": livekit_once.room, "file": {"filepath": "x.mp4"}})
    answer = await livekit_once.call("CreateRoom", name=livekit_once.room, egress=egress)
    assert 8 < answer.seconds < 25
    assert answer.status == 200 or answer.refusal[:2] == (408, "canceled")


STRANGE_NAMES = [
    "",
    " ",
    "a b",
    "a/b",
    "a%2Fb",
    "..",
    "?x=1#y",
    "sofa \U0001f6cb️",
    "\"'<b>&",
    "line\nbreak\tand tab",
    "\u202ereversed",
    "n" * 256,
    "é" * 128,
]


@pytest.mark.parametrize("name", STRANGE_NAMES, ids=repr)
async def test_any_name_up_to_256_bytes_is_a_room(livekit: UnderTest, name: str) -> None:
    livekit.also_delete(name)
    made = (await livekit.call("CreateRoom", name=name)).reply
    assert made.name == name
    listed = (await livekit.call("ListRooms")).reply.rooms
    assert made.sid in {each.sid for each in listed if each.name == name}


async def test_all_rooms_are_listed_or_those_asked_for(livekit: UnderTest) -> None:
    names = [livekit.new_name() for _ in range(3)]
    for name in names:
        await livekit.create(name)
    everything = {each.name for each in (await livekit.call("ListRooms")).reply.rooms}
    assert set(names) <= everything
    some = (await livekit.call("ListRooms", names=[names[0], names[2], "no-such-room"])).reply.rooms
    assert {each.name for each in some} == {names[0], names[2]}


async def test_counts_follow_with_a_lag(livekit_once: UnderTest) -> None:
    await asyncio.gather(livekit_once.join("alice", publish=["microphone"]), livekit_once.join("bob"))

    def counted(found: models.Room | None) -> bool:
        return found is not None and (found.num_participants, found.num_publishers) == (2, 1)

    await eventually(livekit_once.find_room, counted, within=15)


async def test_deleting_twice_answers_404(livekit: UnderTest) -> None:
    await livekit.create()
    answer = await livekit.call("DeleteRoom", room=livekit.room)
    assert answer.reply == room.DeleteRoomResponse()
    assert await livekit.find_room() is None
    assert (await livekit.call("DeleteRoom", room=livekit.room)).refusal == NO_ROOM


async def test_a_room_is_deleted_by_name_and_not_by_sid(livekit: UnderTest) -> None:
    made = await livekit.create()
    assert (await livekit.call("DeleteRoom", room=made.sid)).refusal == NO_ROOM
    assert await livekit.find_room() is not None


async def test_deleting_sends_everybody_away(livekit_once: UnderTest) -> None:
    alice, bob = await asyncio.gather(livekit_once.join("alice"), livekit_once.join("bob"))
    await livekit_once.call("DeleteRoom", room=livekit_once.room)
    await alice.experiences("removed", reason="ROOM_DELETED")
    await bob.experiences("removed", reason="ROOM_DELETED")
    await eventually(livekit_once.list_people, lambda people: not people)


async def test_whoever_comes_back_after_a_deletion_opens_a_new_room(livekit_once: UnderTest) -> None:
    first = await livekit_once.create()
    alice = await livekit_once.join("alice")
    await livekit_once.call("DeleteRoom", room=livekit_once.room)
    await alice.experiences("removed")
    await livekit_once.join("alice", token=alice.token)
    again = await eventually(livekit_once.find_room, lambda found: found is not None)
    assert again is not None
    assert again.sid != first.sid


async def test_metadata_is_replaced_and_can_be_cleared(livekit: UnderTest) -> None:
    await livekit.create(metadata="first")
    for text in ("second", ""):
        changed = (await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata=text)).reply
        assert (changed.name, changed.metadata) == (livekit.room, text)
        found = await livekit.find_room()
        assert found is not None
        assert found.metadata == text


@pytest.mark.parametrize("text", ["\x00", "a\x00\x01b", "\u202eevil", "<script>alert(1)</script>"])
async def test_metadata_may_hold_any_text(livekit: UnderTest, text: str) -> None:
    await livekit.create()
    assert (await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata=text)).reply.metadata == text
    found = await livekit.find_room()
    assert found is not None
    assert found.metadata == text


async def test_metadata_reaches_the_people_in_the_room(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    await livekit_once.call("UpdateRoomMetadata", room=livekit_once.room, metadata='{"topic": "tea"}')
    await alice.experiences("room_metadata_changed", metadata='{"topic": "tea"}')


async def test_joining_an_absent_room_makes_it(livekit_once: UnderTest) -> None:
    await livekit_once.join("alice")
    found = await eventually(livekit_once.find_room, lambda found: found is not None)
    assert found is not None
    assert (found.empty_timeout, found.departure_timeout) == (300, 20)
