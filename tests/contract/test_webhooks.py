"""Webhooks: what is sent, signed how, and what never is (livekit.md 6, 0.7)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from typing import Any

import jwt
import pytest
from livekit import api
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.servers.receiver import HANG_UP, Receiver

Webhooks = tuple[UnderTest, Receiver]
WHOLE_LIFE = [
    "room_started",
    "participant_joined",
    "track_published",
    "track_unpublished",
    "participant_left",
    "room_finished",
]


async def told(receiver: Receiver, room: str, *events: str, within: float = 15.0) -> None:
    """Wait until exactly these events came about ``room``, in this order."""
    await eventually(lambda: receiver.events(room), lambda came: came == list(events), within=within)


async def test_a_life_is_told_in_order(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice", publish=["microphone"])
    await told(receiver, livekit.room, *WHOLE_LIFE[:3])
    await alice.unpublish(alice.tracks["microphone"])
    await told(receiver, livekit.room, *WHOLE_LIFE[:4])
    await alice.leave()
    await told(receiver, livekit.room, *WHOLE_LIFE[:5])
    await livekit.call("DeleteRoom", room=livekit.room)
    await told(receiver, livekit.room, *WHOLE_LIFE)


async def test_a_delivery_is_signed_over_its_raw_bytes(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    await livekit.create()
    await told(receiver, livekit.room, "room_started")
    (delivery,) = await receiver.about(livekit.room)
    assert delivery.headers["content-type"] == "application/webhook+json"
    assert delivery.headers["user-agent"] == "Go-http-client/1.1"
    assert not delivery.authorization.startswith("Bearer")
    assert jwt.get_unverified_header(delivery.authorization) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(delivery.authorization, livekit.server.secret, algorithms=["HS256"], leeway=60)
    assert claims["iss"] == livekit.server.key
    assert claims["sha256"] == base64.b64encode(hashlib.sha256(delivery.body).digest()).decode()
    assert 240 <= claims["exp"] - time.time() <= 360


async def test_the_official_receiver_accepts_it_and_refuses_a_changed_one(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    await livekit.create()
    await told(receiver, livekit.room, "room_started")
    (delivery,) = await receiver.about(livekit.room)
    official = api.WebhookReceiver(api.TokenVerifier(livekit.server.key, livekit.server.secret))
    event = official.receive(delivery.body.decode(), delivery.authorization)
    assert (event.event, event.room.name) == ("room_started", livekit.room)
    with pytest.raises(Exception, match="hash mismatch"):
        official.receive(delivery.body.decode().replace("room_started", "room_finished"), delivery.authorization)


async def test_the_body_is_camel_case_without_defaults(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    await livekit.join("alice", publish=["microphone"])
    await told(receiver, livekit.room, *WHOLE_LIFE[:3])
    started, joined, published = [delivery.json for delivery in await receiver.about(livekit.room)]
    assert set(started) == {"event", "room", "id", "createdAt"}
    assert started["id"].startswith("EV_")
    assert abs(int(started["createdAt"]) - time.time()) < 90
    room = started["room"]
    assert {"sid", "name", "emptyTimeout", "departureTimeout", "creationTime", "creationTimeMs"} <= set(room)
    assert room["turnPassword"]
    assert not {"metadata", "numParticipants", "activeRecording", "maxParticipants"} & set(room)
    assert isinstance(room["creationTime"], str)
    assert set(joined) == {"event", "room", "participant", "id", "createdAt"}
    participant = joined["participant"]
    assert (participant["identity"], participant["state"]) == ("alice", "ACTIVE")
    assert participant["permission"] == {"canSubscribe": True, "canPublish": True, "canPublishData": True}
    assert not {"metadata", "name", "kind", "attributes", "isPublisher", "disconnectReason"} & set(participant)
    track = published["track"]
    assert (track["source"], track["name"]) == ("MICROPHONE", "microphone")
    assert not {"type", "muted", "width"} & set(track)


async def test_ids_differ(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    await livekit.join("alice", publish=["microphone"])
    await told(receiver, livekit.room, *WHOLE_LIFE[:3])
    assert len({delivery.json["id"] for delivery in await receiver.about(livekit.room)}) == 3


async def test_a_track_event_names_room_and_participant_only(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice", publish=["camera"], name="Alice", metadata="m")
    await told(receiver, livekit.room, *WHOLE_LIFE[:3])
    published = (await receiver.about(livekit.room))[2].json
    assert set(published) == {"event", "room", "participant", "track", "id", "createdAt"}
    assert set(published["room"]) == {"sid", "name"}
    assert published["participant"] == {"sid": alice.sid, "identity": "alice"}
    assert (published["track"]["sid"], published["track"]["type"]) == (alice.tracks["camera"], "VIDEO")


async def test_joining_tells_the_whole_participant(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice", name="Alice", metadata="m", attributes={"a": "1"}, kind="sip")
    await told(receiver, livekit.room, "room_started", "participant_joined")
    (event,) = await receiver.find(livekit.room, "participant_joined")
    who = event.participant
    assert (who.sid, who.name, who.metadata, dict(who.attributes)) == (alice.sid, "Alice", "m", {"a": "1"})
    assert who.kind == models.ParticipantInfo.Kind.SIP
    assert (event.room.name, event.room.empty_timeout) == (livekit.room, 300)


@pytest.mark.parametrize(
    ("end", "reason"),
    [("leave", "CLIENT_INITIATED"), ("remove", "PARTICIPANT_REMOVED"), ("delete", "ROOM_DELETED")],
)
async def test_leaving_tells_why(webhooks: Webhooks, end: str, reason: str) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice")
    if end == "leave":
        await alice.leave()
    elif end == "remove":
        await livekit.call("RemoveParticipant", room=livekit.room, identity="alice")
    else:
        await livekit.call("DeleteRoom", room=livekit.room)
    (left,) = await eventually(lambda: receiver.find(livekit.room, "participant_left"), bool)
    assert left.participant.disconnect_reason == models.DisconnectReason.Value(reason)
    assert (left.participant.sid, left.participant.state) == (alice.sid, models.ParticipantInfo.State.DISCONNECTED)


async def test_a_deletion_tells_of_everybody_and_then_of_the_room(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    await asyncio.gather(livekit.join("alice"), livekit.join("bob"))
    joined = ["room_started", "participant_joined", "participant_joined"]
    await told(receiver, livekit.room, *joined)
    await livekit.call("DeleteRoom", room=livekit.room)
    await told(receiver, livekit.room, *joined, "participant_left", "participant_left", "room_finished")


async def test_a_second_session_tells_of_both(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    first = await livekit.join("alice")
    second = await livekit.join("alice")
    await told(receiver, livekit.room, "room_started", "participant_joined", "participant_left", "participant_joined")
    (left,) = await receiver.find(livekit.room, "participant_left")
    joined = await receiver.find(livekit.room, "participant_joined")
    assert (left.participant.sid, left.participant.disconnect_reason) == (first.sid, models.DUPLICATE_IDENTITY)
    assert [event.participant.sid for event in joined] == [first.sid, second.sid]


@pytest.mark.parametrize(
    ("end", "reason"),
    [("vanish", "SIGNAL_CLOSE"), ("leave", "CLIENT_INITIATED"), ("remove", "PARTICIPANT_REMOVED")],
)
async def test_a_session_without_media_is_aborted_and_never_joined(webhooks: Webhooks, end: str, reason: str) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice", signalling_only=True)
    if end == "vanish":
        await alice.lose_connection()
    elif end == "leave":
        await alice.leave()
    else:
        await livekit.call("RemoveParticipant", room=livekit.room, identity="alice")
    await told(receiver, livekit.room, "room_started", "participant_connection_aborted")
    (aborted,) = await receiver.find(livekit.room, "participant_connection_aborted")
    assert aborted.participant.identity == "alice"
    assert aborted.participant.disconnect_reason == models.DisconnectReason.Value(reason)


@pytest.mark.parametrize("options", [{"hidden": True}, {"kind": "agent"}], ids=["hidden", "agent"])
async def test_hidden_people_and_agents_are_told_of(webhooks: Webhooks, options: dict[str, Any]) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice", **options)
    await alice.leave()
    await told(receiver, livekit.room, "room_started", "participant_joined", "participant_left")


async def test_an_idle_room_tells_its_end(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    await livekit.create(empty_timeout=1)
    await told(receiver, livekit.room, "room_started", "room_finished")


async def test_taking_a_right_away_tells_of_the_track(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice", publish=["microphone"])
    await livekit.update("alice", permission=models.ParticipantPermission(can_subscribe=True))
    await told(receiver, livekit.room, *WHOLE_LIFE[:4])
    (gone,) = await receiver.find(livekit.room, "track_unpublished")
    assert gone.track.sid == alice.tracks["microphone"]


async def test_changes_of_a_person_or_a_room_are_never_told(webhooks: Webhooks) -> None:
    """The next join is the clock: webhooks of a room keep their order."""
    livekit, receiver = webhooks
    alice = await livekit.join("alice", publish=["microphone"], can_update_own_metadata=True)
    sid = alice.tracks["microphone"]
    await livekit.call("MutePublishedTrack", room=livekit.room, identity="alice", track_sid=sid, muted=True)
    await alice.experiences("muted")
    await alice.unmute(sid)
    await alice.raise_hand()
    permission = models.ParticipantPermission(can_subscribe=True, can_publish=True)
    await livekit.update("alice", name="A", metadata="m", attributes={"a": "1"}, permission=permission)
    await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata="m")
    await livekit.call("SendData", room=livekit.room, data=b"hi")
    await livekit.join("bob")
    await told(receiver, livekit.room, *WHOLE_LIFE[:3], "participant_joined")


async def test_a_failed_delivery_comes_again_and_holds_the_queue(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    receiver.answer(livekit.room, 500, 429)
    await livekit.create()
    await livekit.join("alice", signalling_only=True)
    await livekit.call("DeleteRoom", room=livekit.room)
    life = ["room_started", "participant_connection_aborted", "room_finished"]
    await told(receiver, livekit.room, "room_started", "room_started", *life, within=15)
    first, second, third = (await receiver.about(livekit.room))[:3]
    assert first.json["id"] == second.json["id"] == third.json["id"]
    assert first.body == third.body
    assert 0.8 < second.at - first.at < 6
    assert 1.6 < third.at - second.at < 8


async def test_a_delivery_that_is_cut_off_comes_again(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    receiver.answer(livekit.room, HANG_UP)
    await livekit.create()
    await told(receiver, livekit.room, "room_started", "room_started")


async def test_a_room_whose_events_fail_does_not_hold_those_of_another(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    receiver.answer(livekit.room, 500, 500, 500, 500)
    await livekit.create()
    await eventually(lambda: receiver.events(livekit.room), bool)
    other = await livekit.create(livekit.new_name())
    await told(receiver, other.name, "room_started")
    assert len(await receiver.events(livekit.room)) < 5


@pytest.mark.parametrize("status", [400, 404, 501])
async def test_other_refusals_do_not_come_again(webhooks: Webhooks, status: int) -> None:
    livekit, receiver = webhooks
    receiver.answer(livekit.room, status)
    await livekit.create()
    await livekit.call("DeleteRoom", room=livekit.room)
    await told(receiver, livekit.room, "room_started", "room_finished")


async def test_a_lost_connection_is_noticed(webhooks: Webhooks) -> None:
    livekit, receiver = webhooks
    alice = await livekit.join("alice")
    await alice.lose_connection()
    await told(receiver, livekit.room, "room_started", "participant_joined", "participant_left", within=40)
    (left,) = await receiver.find(livekit.room, "participant_left")
    assert left.participant.disconnect_reason == models.CONNECTION_TIMEOUT
