"""Coming in: rooms that nobody created, several keys, several rooms at once (livekit.md 7.2 to 7.4, 8.1, 0.12)."""

from __future__ import annotations

import asyncio

import jwt
import pytest
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.people import JoinRefused, crowd
from tests.people.tokens import signed
from tests.servers.server import Configuration

CLOSED_HOUSE = Configuration(auto_create=False, other_keys=(("second-key", "second-secret-of-at-least-32-characters"),))


@pytest.mark.parametrize("configured", [CLOSED_HOUSE], ids=["auto_create off"], indirect=True)
async def test_a_room_that_nobody_created_is_not_entered(configured: UnderTest) -> None:
    with pytest.raises(JoinRefused) as refusal:
        await configured.join("alice")
    assert (refusal.value.status, refusal.value.text) == (404, "requested room does not exist")
    await configured.create()
    await configured.join("alice")
    assert set(await configured.list_people()) == {"alice"}


@pytest.mark.parametrize("configured", [CLOSED_HOUSE], ids=["auto_create off"], indirect=True)
async def test_the_right_to_create_opens_a_room_by_joining(configured: UnderTest) -> None:
    await configured.join("alice", room_create=True)
    assert await configured.find_room() is not None


@pytest.mark.parametrize("configured", [CLOSED_HOUSE], ids=["two keys"], indirect=True)
async def test_every_key_of_the_server_is_accepted(configured: UnderTest) -> None:
    key, secret = CLOSED_HOUSE.other_keys[0]
    token = signed(configured.server, {"video": {"roomList": True}}, key=key, secret=secret)
    answer = await configured.post(
        "/twirp/livekit.RoomService/ListRooms", b"", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status == 200


@pytest.mark.parametrize("configured", [CLOSED_HOUSE], ids=["two keys"], indirect=True)
async def test_a_refreshed_token_is_signed_with_a_key_of_the_server(configured: UnderTest) -> None:
    """Which one is a matter of chance, whichever signed the first token."""
    key, secret = CLOSED_HOUSE.other_keys[0]
    video = {"roomJoin": True, "roomCreate": True, "room": configured.room}
    token = signed(configured.server, {"sub": "alice", "video": video}, key=key, secret=secret)
    alice = await configured.join("alice", token=token, signalling_only=True)
    newest = await eventually(alice.newest_token, lambda newest: newest != token)
    issuer = jwt.decode(newest, options={"verify_signature": False})["iss"]
    secrets = {CLOSED_HOUSE.key: CLOSED_HOUSE.secret, key: secret}
    jwt.decode(newest, secrets[issuer], algorithms=["HS256"], leeway=60)


async def test_somebody_without_media_is_there_and_joined(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", signalling_only=True)
    found = await livekit_once.get("alice")
    assert (found.sid, found.state) == (alice.sid, models.ParticipantInfo.State.JOINED)
    await alice.lose_connection()
    await eventually(livekit_once.list_people, lambda people: not people)


async def test_somebody_with_media_is_active(livekit_once: UnderTest) -> None:
    await livekit_once.join("alice")
    assert (await livekit_once.get("alice")).state == models.ParticipantInfo.State.ACTIVE


async def test_whoever_leaves_is_gone_at_once(livekit_once: UnderTest) -> None:
    alice, _ = await asyncio.gather(livekit_once.join("alice"), livekit_once.join("bob"))
    await alice.leave()
    await eventually(livekit_once.list_people, lambda people: set(people) == {"bob"}, within=10)


async def test_a_room_of_two_hundred(livekit_once: UnderTest) -> None:
    people = await crowd(livekit_once.server, livekit_once.room, 200, name="Guest", attributes={"seat": "any"})
    try:
        found = await eventually(livekit_once.list_people, lambda found: len(found) == 200)
        assert set(found) == {f"guest-{number}" for number in range(200)}
        assert {(guest.name, guest.attributes["seat"]) for guest in found.values()} == {("Guest", "any")}
    finally:
        await asyncio.gather(*(person.leave() for person in people))


@pytest.mark.parametrize(
    "identity", ["a b", "a/b", "é", "\U0001f6cb", "<b>", "%2F", "i" * 256, "a\x00b", "line\nbreak"], ids=repr
)
async def test_any_identity_up_to_256_bytes(livekit: UnderTest, identity: str) -> None:
    await livekit.join(identity, signalling_only=True)
    assert (await livekit.get(identity)).identity == identity
    await livekit.update(identity, name="found by it")
    answer = await livekit.call("RemoveParticipant", room=livekit.room, identity=identity)
    assert answer.status == 200
