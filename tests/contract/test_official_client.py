"""The official Python client, with no special case for either server (livekit.md 9.2, 2.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from livekit import api

from tests.contract.under_test import UnderTest, eventually


@pytest.fixture
async def client(livekit_once: UnderTest) -> AsyncIterator[api.LiveKitAPI]:
    """The client for the server under test."""
    server = livekit_once.server
    async with api.LiveKitAPI(server.url, server.key, server.secret) as made:
        yield made


async def test_a_room_from_its_making_to_its_end(livekit_once: UnderTest, client: api.LiveKitAPI) -> None:
    name = livekit_once.room
    made = await client.room.create_room(api.CreateRoomRequest(name=name, metadata="first", empty_timeout=60))
    assert (made.name, made.metadata, made.empty_timeout) == (name, "first", 60)
    listed = await client.room.list_rooms(api.ListRoomsRequest(names=[name]))
    assert [room.sid for room in listed.rooms] == [made.sid]
    changed = await client.room.update_room_metadata(api.UpdateRoomMetadataRequest(room=name, metadata="second"))
    assert changed.metadata == "second"
    await client.room.delete_room(api.DeleteRoomRequest(room=name))
    assert not (await client.room.list_rooms(api.ListRoomsRequest(names=[name]))).rooms


async def test_everything_that_is_done_to_a_person(livekit_once: UnderTest, client: api.LiveKitAPI) -> None:
    alice = await livekit_once.join("alice", publish=["microphone"])
    await livekit_once.join("bob")
    who: dict[str, Any] = {"room": livekit_once.room, "identity": "alice"}
    sid = alice.tracks["microphone"]
    listed = await client.room.list_participants(api.ListParticipantsRequest(room=livekit_once.room))
    assert {person.identity for person in listed.participants} == {"alice", "bob"}
    assert (await client.room.get_participant(api.RoomParticipantIdentity(**who))).sid == alice.sid
    muted = await client.room.mute_published_track(api.MuteRoomTrackRequest(**who, track_sid=sid, muted=True))
    assert (muted.track.sid, muted.track.muted) == (sid, True)
    await alice.experiences("muted", track_sid=sid)
    permission = api.ParticipantPermission(can_subscribe=True, can_publish=True)
    update = api.UpdateParticipantRequest(**who, name="A", metadata="m", attributes={"a": "1"}, permission=permission)
    changed = await client.room.update_participant(update)
    assert (changed.name, changed.metadata, dict(changed.attributes)) == ("A", "m", {"a": "1"})
    assert changed.permission == permission
    await client.room.update_subscriptions(
        api.UpdateSubscriptionsRequest(room=livekit_once.room, identity="bob", track_sids=[sid], subscribe=False)
    )
    await client.room.send_data(
        api.SendDataRequest(room=livekit_once.room, data=b"hi", topic="chat", destination_identities=["alice"])
    )
    await alice.experiences("data", data=b"hi", topic="chat")
    await client.room.remove_participant(api.RoomParticipantIdentity(**who))
    await alice.experiences("removed", reason="PARTICIPANT_REMOVED")
    await eventually(livekit_once.list_people, lambda people: set(people) == {"bob"})


async def test_the_client_tells_status_code_and_text(livekit_once: UnderTest, client: api.LiveKitAPI) -> None:
    nobody = api.RoomParticipantIdentity(room=livekit_once.room, identity="nobody")
    with pytest.raises(api.TwirpError) as error:
        await client.room.get_participant(nobody)
    assert (error.value.status, error.value.code) == (404, "not_found")
    assert "participant does not exist" in error.value.message


@pytest.mark.parametrize("method", ["move_participant", "forward_participant"])
async def test_moving_is_not_implemented(livekit_once: UnderTest, client: api.LiveKitAPI, method: str) -> None:
    if livekit_once.server.cloud:
        pytest.skip("the named server is Cloud")
    await livekit_once.join("alice")
    fields: dict[str, Any] = {"room": livekit_once.room, "identity": "alice", "destination_room": "elsewhere"}
    if method == "move_participant":
        call = client.room.move_participant(api.MoveParticipantRequest(**fields))
    else:
        call = client.room.forward_participant(api.ForwardParticipantRequest(**fields))
    with pytest.raises(api.TwirpError) as error:
        await call
    assert (error.value.status, error.value.code) == (500, "unknown")


@pytest.mark.parametrize("wrong", ["key", "secret"])
async def test_with_the_wrong_key_or_secret_only_the_status_tells(livekit_once: UnderTest, wrong: str) -> None:
    """The plain-text 401 is no Twirp error: the client shows neither its code nor its text."""
    server = livekit_once.server
    key = "nobodys-key" if wrong == "key" else server.key
    secret = "another-secret-of-at-least-32-characters" if wrong == "secret" else server.secret
    async with api.LiveKitAPI(server.url, key, secret) as client:
        with pytest.raises(api.TwirpError) as error:
            await client.room.list_rooms(api.ListRoomsRequest())
    assert (error.value.status, error.value.message) == (401, "")
