"""What is not there: one case for each row of the table in livekit.md 2.5."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from livekit.protocol import models, room

from tests.contract.twirp import ENCODINGS, NO_PARTICIPANT, NO_ROOM, NOBODY_ANSWERS, Answer, Caller
from tests.contract.under_test import UnderTest, eventually
from tests.people import Person

# What a call says after it has looked for three seconds, one each second.
WAITED = (2.5, 10.0)


async def call_in_both_encodings(livekit: UnderTest, calls: dict[str, tuple[str, dict[str, Any]]]) -> dict[str, Answer]:
    """All calls at once, because each may wait three seconds."""
    callers = [Caller(livekit.server, encoding, livekit.http) for encoding in ENCODINGS]
    named = [
        (f"{name}, {caller.encoding}", caller.call(method, **fields))
        for name, (method, fields) in calls.items()
        for caller in callers
    ]
    answers = await asyncio.gather(*(call for _, call in named))
    return dict(zip((name for name, _ in named), answers, strict=True))


def sought(room_name: str, identity: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Calls that are handed to whoever hosts the participant."""
    who = {"room": room_name, "identity": identity}
    return {
        "mute": ("MutePublishedTrack", {**who, "track_sid": "TR_x", "muted": True}),
        "unmute": ("MutePublishedTrack", {**who, "track_sid": "TR_x", "muted": False}),
        "subscriptions": ("UpdateSubscriptions", {**who, "track_sids": ["TR_x"], "subscribe": True}),
        "move": ("MoveParticipant", {**who, "destination_room": "elsewhere"}),
        "forward": ("ForwardParticipant", {**who, "destination_room": "elsewhere"}),
        "rpc": ("PerformRpc", {"room": room_name, "destination_identity": identity, "method": "m"}),
    }


async def test_calls_on_a_missing_room_answer_503_after_three_seconds(livekit_once: UnderTest) -> None:
    calls = sought(livekit_once.room, "nobody")
    calls["data"] = ("SendData", {"room": livekit_once.room, "data": b"x"})
    for name, answer in (await call_in_both_encodings(livekit_once, calls)).items():
        assert answer.refusal == NOBODY_ANSWERS, name
        assert WAITED[0] < answer.seconds < WAITED[1], name


async def test_calls_on_a_missing_participant_answer_503_after_three_seconds(livekit_once: UnderTest) -> None:
    await livekit_once.create()
    for name, answer in (await call_in_both_encodings(livekit_once, sought(livekit_once.room, "nobody"))).items():
        assert answer.refusal == NOBODY_ANSWERS, name
        assert WAITED[0] < answer.seconds < WAITED[1], name


async def test_a_missing_room_has_an_empty_list_of_people(livekit: UnderTest) -> None:
    answer = await livekit.call("ListParticipants", room=livekit.room)
    assert answer.reply == room.ListParticipantsResponse()
    if livekit.encoding == "json":
        assert answer.json == {"participants": []}


async def test_a_room_without_people_has_an_empty_list_too(livekit: UnderTest) -> None:
    await livekit.create()
    assert await livekit.list_people() == {}


@pytest.mark.parametrize("method", ["GetParticipant", "RemoveParticipant", "UpdateParticipant"])
@pytest.mark.parametrize("room_exists", [False, True], ids=["room missing", "participant missing"])
async def test_these_methods_answer_404_at_once(livekit: UnderTest, method: str, room_exists: bool) -> None:
    if room_exists:
        await livekit.create()
    answer = await livekit.call(method, room=livekit.room, identity="nobody")
    assert answer.refusal == NO_PARTICIPANT
    assert answer.seconds < WAITED[0]


async def test_metadata_of_a_missing_room_is_404(livekit: UnderTest) -> None:
    answer = await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata="m")
    assert answer.refusal == NO_ROOM


async def test_deleting_a_missing_room_is_404(livekit: UnderTest) -> None:
    assert (await livekit.call("DeleteRoom", room=livekit.room)).refusal == NO_ROOM


async def test_listing_a_missing_room_leaves_it_out(livekit: UnderTest) -> None:
    assert list((await livekit.call("ListRooms", names=[livekit.room])).reply.rooms) == []


async def test_muting_a_missing_track_succeeds_with_no_track(livekit: UnderTest) -> None:
    await livekit.join("alice")
    which: dict[str, Any] = {"identity": "alice", "track_sid": "TR_missing", "muted": True}
    answer = await livekit.call("MutePublishedTrack", room=livekit.room, **which)
    assert not answer.reply.HasField("track")


async def test_subscriptions_to_missing_tracks_succeed(livekit: UnderTest) -> None:
    await livekit.join("alice")
    answer = await livekit.call(
        "UpdateSubscriptions", room=livekit.room, identity="alice", track_sids=["TR_missing"], subscribe=True
    )
    assert answer.reply == room.UpdateSubscriptionsResponse()


async def test_data_for_a_missing_participant_succeeds(livekit: UnderTest) -> None:
    await livekit.create()
    answer = await livekit.call("SendData", room=livekit.room, data=b"x", destination_identities=["nobody"])
    assert answer.reply == room.SendDataResponse()


async def alice_with_a_microphone(livekit: UnderTest) -> tuple[Person, str]:
    alice = await livekit.join("alice", publish=["microphone"])
    return alice, alice.tracks["microphone"]


async def test_repeating_a_mute_answers_the_same_track(livekit: UnderTest) -> None:
    _, track_sid = await alice_with_a_microphone(livekit)
    muted: dict[str, Any] = {"room": livekit.room, "identity": "alice", "track_sid": track_sid, "muted": True}
    first, second = [(await livekit.call("MutePublishedTrack", **muted)).reply.track for _ in range(2)]
    assert (first.sid, first.muted) == (second.sid, second.muted) == (track_sid, True)


async def test_repeating_an_update_answers_the_same_person(livekit: UnderTest) -> None:
    await livekit.join("alice")
    first, second = [await livekit.update(name="Alice", attributes={"a": "1"}) for _ in range(2)]
    assert (first.name, dict(first.attributes)) == (second.name, dict(second.attributes)) == ("Alice", {"a": "1"})


async def test_repeating_subscriptions_succeeds(livekit: UnderTest) -> None:
    _, track_sid = await alice_with_a_microphone(livekit)
    await livekit.join("bob")
    fields: dict[str, Any] = {"room": livekit.room, "identity": "bob", "track_sids": [track_sid]}
    for subscribe in (False, False, True, True):
        answer = await livekit.call("UpdateSubscriptions", subscribe=subscribe, **fields)
        assert answer.reply == room.UpdateSubscriptionsResponse()


async def test_subscriptions_may_name_tracks_by_participant(livekit: UnderTest) -> None:
    alice, track_sid = await alice_with_a_microphone(livekit)
    await livekit.join("bob")
    tracks = [models.ParticipantTracks(participant_sid=alice.sid, track_sids=[track_sid])]
    answer = await livekit.call("UpdateSubscriptions", room=livekit.room, identity="bob", participant_tracks=tracks)
    assert answer.status == 200


async def test_removing_twice_answers_404(livekit: UnderTest) -> None:
    alice = await livekit.join("alice")
    answer = await livekit.call("RemoveParticipant", room=livekit.room, identity="alice")
    assert answer.reply == room.RemoveParticipantResponse()
    await alice.experiences("removed", reason="PARTICIPANT_REMOVED")
    await eventually(livekit.list_people, lambda people: not people)
    assert (await livekit.call("RemoveParticipant", room=livekit.room, identity="alice")).refusal == NO_PARTICIPANT
    assert (await livekit.call("GetParticipant", room=livekit.room, identity="alice")).refusal == NO_PARTICIPANT


async def test_reading_again_reads_the_same(livekit: UnderTest) -> None:
    await livekit.join("alice", publish=["microphone"])
    once, again = [await livekit.get("alice") for _ in range(2)]
    assert once == again == (await livekit.list_people())["alice"]


async def test_repeating_metadata_of_a_room_succeeds(livekit: UnderTest) -> None:
    await livekit.create()
    answers = [await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata="m") for _ in range(2)]
    assert [answer.reply.metadata for answer in answers] == ["m", "m"]
