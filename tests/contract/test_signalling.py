"""The WebSocket of /rtc, without media (livekit.md 0.16, 5.5, 7.1 to 7.5)."""

from __future__ import annotations

import base64
import json
from typing import Any

import aiohttp
import jwt
from livekit.protocol import models

from tests.contract.under_test import Enter, UnderTest, eventually
from tests.people.joining import knock
from tests.people.signalling_person import SignallingPerson
from tests.people.tokens import join_token

State = models.ParticipantInfo.State


async def test_the_welcome(livekit_once: UnderTest, enter: Enter) -> None:
    made = await livekit_once.create(metadata="m")
    await enter("bob", name="Bob")
    await enter("watcher", hidden=True)
    alice = await enter("alice", can_update_own_metadata=True)
    welcome = alice.joined
    assert welcome is not None
    assert (welcome.room.sid, welcome.room.name, welcome.room.metadata) == (made.sid, livekit_once.room, "m")
    assert (welcome.participant.identity, welcome.participant.state) == ("alice", State.JOINING)
    assert welcome.participant.permission.can_update_metadata
    assert [(other.identity, other.name, other.state) for other in welcome.other_participants] == [
        ("bob", "Bob", State.JOINED)
    ]
    assert (welcome.server_version, welcome.server_info.version) == ("1.13.5", "1.13.5")
    assert (welcome.server_info.protocol, welcome.server_info.agent_protocol) == (17, 1)
    assert welcome.server_info.node_id.startswith("ND_")
    assert (welcome.ping_interval, welcome.ping_timeout) == (5, 15)
    assert (welcome.subscriber_primary, welcome.fast_publish) == (True, True)
    assert len(welcome.sif_trailer) in (42, 43, 44)
    codecs = {codec.mime for codec in made.enabled_codecs} - {"video/rtx"}
    assert {codec.mime for codec in welcome.enabled_publish_codecs} == codecs


async def test_whoever_may_not_publish_is_not_hurried(enter: Enter) -> None:
    alice = await enter("alice", can_publish=False)
    assert alice.joined is not None
    assert not alice.joined.fast_publish


async def test_the_others_and_oneself_are_told_of_changes(livekit_once: UnderTest, enter: Enter) -> None:
    alice, bob = await enter("alice"), await enter("bob")
    await livekit_once.update("bob", name="Bobby", attributes={"a": "1"})

    async def seen(person: SignallingPerson) -> tuple[str, dict[str, str]]:
        info = person.others.get("bob", models.ParticipantInfo())
        return info.name, dict(info.attributes)

    await eventually(lambda: seen(alice), lambda told: told == ("Bobby", {"a": "1"}))
    await eventually(lambda: seen(bob), lambda told: told == ("Bobby", {"a": "1"}))
    await bob.leave()

    async def state() -> int:
        return alice.others["bob"].state

    await eventually(state, lambda told: told == State.DISCONNECTED)
    assert alice.others["bob"].disconnect_reason == models.CLIENT_INITIATED


async def test_a_hidden_one_hears_of_itself_and_nobody_else_does(livekit_once: UnderTest, enter: Enter) -> None:
    alice, watcher = await enter("alice"), await enter("watcher", hidden=True)
    await livekit_once.update("watcher", name="Nobody")
    await livekit_once.update("alice", name="Alice")

    async def names(person: SignallingPerson) -> set[str]:
        return {info.name for info in person.others.values()}

    await eventually(lambda: names(watcher), lambda told: told == {"Nobody", "Alice"})
    await eventually(lambda: names(alice), lambda told: told == {"Alice"})


async def test_one_may_change_oneself_or_is_told_why_not(livekit_once: UnderTest, enter: Enter) -> None:
    alice, bob = await enter("alice", can_update_own_metadata=True), await enter("bob")
    await alice.set_name("Alice")
    await alice.set_attributes({"a": "1"})
    await alice.set_metadata("m" * 524_289)
    await bob.set_name("Bob")
    await eventually(bob.refusals, lambda refused: refused == ["NOT_ALLOWED"])
    await eventually(alice.refusals, lambda refused: refused == ["LIMIT_EXCEEDED"])
    found = await livekit_once.get("alice")
    assert (found.name, found.metadata, dict(found.attributes)) == ("Alice", "", {"a": "1"})
    assert (await livekit_once.get("bob")).name == ""


async def test_the_room_a_mute_and_the_end_are_told(livekit_once: UnderTest, enter: Enter) -> None:
    alice = await enter("alice")
    await livekit_once.call("UpdateRoomMetadata", room=livekit_once.room, metadata="tea")
    await alice.experiences("room_metadata_changed", metadata="tea")
    await livekit_once.call("RemoveParticipant", room=livekit_once.room, identity="alice")
    await alice.experiences("removed", reason="PARTICIPANT_REMOVED")
    again = await enter("alice")
    await livekit_once.call("DeleteRoom", room=livekit_once.room)
    await again.experiences("removed", reason="ROOM_DELETED")


async def test_the_second_session_ends_the_first(livekit_once: UnderTest, enter: Enter) -> None:
    first = await enter("alice")
    second = await enter("alice")
    await first.experiences("removed", reason="DUPLICATE_IDENTITY")
    assert (await livekit_once.get("alice")).sid == second.sid


async def test_new_tokens_carry_what_has_changed(livekit_once: UnderTest, enter: Enter) -> None:
    alice = await enter("alice", attributes={"a": "1"})
    await livekit_once.update("alice", name="Alice", permission=models.ParticipantPermission(can_subscribe=True))

    async def newest() -> dict[str, Any]:
        return jwt.decode(await alice.newest_token(), options={"verify_signature": False})

    claims = await eventually(newest, lambda found: found["video"].get("canPublish") is False)
    assert (claims["identity"], claims["sub"], claims["name"]) == ("alice", "alice", "Alice")
    assert (claims["kind"], claims["attributes"], claims["iat"]) == ("standard", {"a": "1"}, claims["nbf"])


async def test_whoever_hangs_up_is_gone(livekit_once: UnderTest, enter: Enter) -> None:
    alice = await enter("alice")
    assert (await livekit_once.get("alice")).state == State.JOINED
    await alice.lose_connection()
    await eventually(livekit_once.list_people, lambda people: not people)


async def test_attributes_come_along_with_the_grant(livekit_once: UnderTest) -> None:
    attributes = base64.urlsafe_b64encode(json.dumps({"a": "2", "b": "", "c": "3"}).encode()).decode()
    url = livekit_once.server.url + "/rtc"
    token = join_token(
        livekit_once.server, livekit_once.room, "alice", attributes={"a": "1", "b": "1"}, can_update_own_metadata=True
    )
    query = {"access_token": token, "protocol": "16", "attributes": attributes}
    async with aiohttp.ClientSession() as http, http.ws_connect(url, params=query) as socket:
        await socket.receive_bytes()
        (found,) = (await eventually(livekit_once.list_people, bool)).values()
        assert dict(found.attributes) == {"a": "2", "b": "1", "c": "3"}
    plain = join_token(livekit_once.server, livekit_once.room, "bob")
    refusal = await knock(livekit_once.server, plain, attributes=attributes)
    assert refusal is not None
    assert (refusal.status, refusal.text) == (401, "no permissions to access the room")


async def test_a_full_room_refuses_the_socket(livekit_once: UnderTest, enter: Enter) -> None:
    await livekit_once.create(max_participants=1)
    await enter("alice")
    refusal = await knock(livekit_once.server, join_token(livekit_once.server, livekit_once.room, "bob"))
    assert refusal is not None
    assert refusal.status == 500


async def test_who_speaks_json_is_answered_in_json(livekit_once: UnderTest) -> None:
    token = join_token(livekit_once.server, livekit_once.room, "alice")
    url = livekit_once.server.url + "/rtc"
    async with livekit_once.http.ws_connect(url, params={"access_token": token, "protocol": "16"}) as socket:
        await socket.receive_bytes()
        await socket.send_str('{"pingReq": {"timestamp": "7"}}')
        texts = (json.loads(message.data) async for message in socket if message.type is aiohttp.WSMsgType.TEXT)
        answer = await anext(each async for each in texts if "pongResp" in each)
    assert answer["pongResp"]["lastPingTimestamp"] == "7"
