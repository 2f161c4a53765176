"""Join tokens, their refresh, and what removal does not revoke (livekit.md 5.4 to 5.6, 3.2, 7.2, 7.3)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import jwt
import pytest
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.people import JoinRefused
from tests.people.tokens import join_token, signed

RESOLVED: dict[str, tuple[dict[str, Any], tuple[bool, bool, bool]]] = {
    "nothing said": ({}, (True, True, True)),
    "may not publish": ({"can_publish": False}, (False, True, False)),
    "may not publish, but data": ({"can_publish": False, "can_publish_data": True}, (False, True, True)),
    "may publish, but no data": ({"can_publish": True, "can_publish_data": False}, (True, True, False)),
    "may not subscribe": ({"can_subscribe": False}, (True, False, True)),
}


@pytest.mark.parametrize("case", RESOLVED)
async def test_unset_grants_resolve_to_a_permission(livekit: UnderTest, case: str) -> None:
    grants, (publish, subscribe, data) = RESOLVED[case]
    await livekit.join("alice", signalling_only=True, **grants)
    assert (await livekit.get("alice")).permission == models.ParticipantPermission(
        can_publish=publish, can_subscribe=subscribe, can_publish_data=data
    )


async def test_every_grant_shows_in_the_permission(livekit: UnderTest) -> None:
    await livekit.join(
        "alice",
        signalling_only=True,
        can_publish_sources=["camera", "microphone", "screen_share", "screen_share_audio"],
        can_update_own_metadata=True,
        can_subscribe_metrics=True,
        can_manage_agent_session=True,
        hidden=True,
        recorder=True,
        agent=True,
    )
    assert (await livekit.get("alice")).permission == models.ParticipantPermission(
        can_publish=True,
        can_subscribe=True,
        can_publish_data=True,
        can_publish_sources=[models.CAMERA, models.MICROPHONE, models.SCREEN_SHARE, models.SCREEN_SHARE_AUDIO],
        can_update_metadata=True,
        can_subscribe_metrics=True,
        can_manage_agent_session=True,
        hidden=True,
        recorder=True,
        agent=True,
    )


async def test_name_metadata_and_attributes_come_along(livekit: UnderTest) -> None:
    await livekit.join("alice", signalling_only=True, name="Alice", metadata="m", attributes={"a": "1"})
    alice = await livekit.get("alice")
    assert (alice.name, alice.metadata, dict(alice.attributes)) == ("Alice", "m", {"a": "1"})
    assert abs(alice.joined_at - time.time()) < 90
    assert alice.joined_at == alice.joined_at_ms // 1000
    assert (alice.region, alice.is_publisher, alice.disconnect_reason) == ("", False, models.UNKNOWN_REASON)


async def test_details_of_the_kind_come_along_and_are_not_in_the_refreshed_token(livekit_once: UnderTest) -> None:
    claims: dict[str, Any] = {
        "sub": "alice",
        "kind": "connector",
        "kindDetails": ["connector_whatsapp", "forwarded"],
        "video": {"roomJoin": True, "room": livekit_once.room},
    }
    token = signed(livekit_once.server, claims)
    alice = await livekit_once.join("alice", signalling_only=True, token=token)
    details = set((await livekit_once.get("alice")).kind_details)
    assert details == {models.ParticipantInfo.CONNECTOR_WHATSAPP, models.ParticipantInfo.FORWARDED}
    newest = await eventually(alice.newest_token, lambda newest: newest != token)
    refreshed = jwt.decode(newest, options={"verify_signature": False})
    assert (refreshed["kind"], refreshed.get("kindDetails")) == ("connector", None)


async def test_a_token_may_carry_the_settings_of_the_room_that_it_opens(livekit_once: UnderTest) -> None:
    claims: dict[str, Any] = {
        "sub": "alice",
        "video": {"roomJoin": True, "room": livekit_once.room},
        "roomConfig": {"emptyTimeout": 44, "departureTimeout": 45, "maxParticipants": 3, "metadata": "from the token"},
    }
    await livekit_once.join("alice", signalling_only=True, token=signed(livekit_once.server, claims))
    found = await livekit_once.find_room()
    assert found is not None
    assert (found.empty_timeout, found.departure_timeout, found.max_participants) == (44, 45, 3)
    assert found.metadata == "from the token"


def refused_token(livekit: UnderTest, case: str) -> str:
    video: dict[str, Any] = {"roomJoin": True, "room": livekit.room}
    if case == "no grant to join":
        video["roomJoin"] = False
    elif case == "no room":
        del video["room"]
    who = {} if case == "no identity" else {"sub": "alice"}
    if case == "another secret":
        return signed(livekit.server, {**who, "video": video}, secret="another-secret-of-at-least-32-characters")
    if case == "an unknown key":
        return signed(livekit.server, {**who, "video": video}, key="nobodys-key")
    expired = {"exp": int(time.time()) - 120} if case == "expired" else {}
    return signed(livekit.server, {**who, "video": video, **expired})


REFUSED = {
    "no grant to join": (401, "permissions denied"),
    "no room": (400, "no room name"),
    "no identity": (400, "identity cannot be empty"),
    "another secret": (401, "invalid token: "),
    "an unknown key": (401, "invalid API key"),
    "expired": (401, "token is expired"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_these_tokens_let_nobody_in(livekit_once: UnderTest, case: str) -> None:
    status, text = REFUSED[case]
    with pytest.raises(JoinRefused) as refusal:
        await livekit_once.join("alice", token=refused_token(livekit_once, case))
    assert refusal.value.status == status
    assert text in refusal.value.text
    assert await livekit_once.find_room() is None


async def test_a_refreshed_token_comes_right_after_joining(livekit_once: UnderTest) -> None:
    claims = {"name": "Alice", "metadata": "m", "attributes": {"a": "1"}, "kind": "sip"}
    token = join_token(livekit_once.server, livekit_once.room, "alice", ttl=60, hidden=True, **claims)  # type: ignore[arg-type]
    alice = await livekit_once.join("alice", token=token)
    newest = await eventually(alice.newest_token, lambda newest: newest != token)
    refreshed = jwt.decode(newest, livekit_once.server.secret, algorithms=["HS256"], leeway=60)
    assert {name: refreshed[name] for name in claims} == claims
    assert (refreshed["iss"], refreshed["sub"]) == (livekit_once.server.key, "alice")
    assert refreshed["video"]["room"] == livekit_once.room
    assert (refreshed["video"]["roomJoin"], refreshed["video"]["hidden"]) == (True, True)
    assert refreshed["exp"] - refreshed["nbf"] == 600


async def test_the_refresh_keeps_what_was_left_of_a_long_token(livekit_once: UnderTest) -> None:
    token = join_token(livekit_once.server, livekit_once.room, "alice", ttl=7200)
    alice = await livekit_once.join("alice", token=token, signalling_only=True)
    newest = await eventually(alice.newest_token, lambda newest: newest != token)
    first, refreshed = [jwt.decode(each, options={"verify_signature": False}) for each in (token, newest)]
    assert abs(refreshed["exp"] - first["exp"]) <= 1


async def test_with_the_refreshed_token_changes_survive_a_new_join(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", attributes={"a": "1"})
    permission = models.ParticipantPermission(can_subscribe=True)
    await livekit_once.update("alice", permission=permission, attributes={"b": "2"}, name="Alice")

    def is_new(token: str) -> bool:
        claims = jwt.decode(token, options={"verify_signature": False})
        return claims.get("name") == "Alice" and claims["video"].get("canPublish") is False

    newest = await eventually(alice.newest_token, is_new)
    await alice.leave()
    await livekit_once.join("alice", token=newest)
    again = await livekit_once.get("alice")
    assert (again.name, dict(again.attributes)) == ("Alice", {"a": "1", "b": "2"})
    assert again.permission == permission


async def test_with_the_first_token_changes_are_forgotten(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", attributes={"a": "1"})
    await livekit_once.update("alice", permission=models.ParticipantPermission(), attributes={"b": "2"})
    await alice.leave()
    await livekit_once.join("alice", token=alice.token)
    again = await livekit_once.get("alice")
    assert dict(again.attributes) == {"a": "1"}
    assert again.permission.can_publish


async def test_a_removed_person_comes_back_with_the_same_token(livekit: UnderTest) -> None:
    if livekit.server.cloud:
        pytest.skip("Cloud revokes")
    alice = await livekit.join("alice")
    later = int(time.time()) + 60
    await livekit.call("RemoveParticipant", room=livekit.room, identity="alice", revoke_token_ts=later)
    await alice.experiences("removed", reason="PARTICIPANT_REMOVED")
    again = await livekit.join("alice", token=alice.token)
    assert again.sid != alice.sid
    assert set(await livekit.list_people()) == {"alice"}


async def test_the_newest_session_of_an_identity_wins(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", publish=["microphone"])
    again = await livekit_once.join("alice", name="Alice again")
    await alice.experiences("removed", reason="DUPLICATE_IDENTITY")
    people = await livekit_once.list_people()
    assert {identity: (found.sid, found.name) for identity, found in people.items()} == {
        "alice": (again.sid, "Alice again")
    }
    assert not people["alice"].tracks


async def test_a_token_opens_one_room_only(livekit_once: UnderTest) -> None:
    await asyncio.gather(livekit_once.join("alice"), livekit_once.join("alice", room=livekit_once.new_name()))
    assert set(await livekit_once.list_people()) == {"alice"}


async def test_a_removed_person_comes_back_with_the_refreshed_token_too(livekit_once: UnderTest) -> None:
    if livekit_once.server.cloud:
        pytest.skip("Cloud revokes")
    alice = await livekit_once.join("alice", signalling_only=True)
    newest = await eventually(alice.newest_token, lambda newest: newest != alice.token)
    await livekit_once.call("RemoveParticipant", room=livekit_once.room, identity="alice")
    await alice.experiences("removed", reason="PARTICIPANT_REMOVED")
    assert (await livekit_once.join("alice", signalling_only=True, token=newest)).sid != alice.sid


async def test_the_refreshed_token_carries_these_claims_and_no_others(livekit_once: UnderTest) -> None:
    claims: dict[str, Any] = {
        "sub": "alice",
        "name": "Alice",
        "video": {"roomJoin": True, "room": livekit_once.room},
        "roomConfig": {"metadata": "from the token", "empty_timeout": 44, "no_such_key": 1},
        "sip": {"admin": True},
        "agent": {"admin": True},
        "inference": {"perform": True},
        "observability": {"write": True},
    }
    token = signed(livekit_once.server, claims)
    alice = await livekit_once.join("alice", signalling_only=True, token=token)
    newest = await eventually(alice.newest_token, lambda newest: newest != token)
    refreshed = jwt.decode(newest, options={"verify_signature": False})
    carried = {"iss", "sub", "identity", "nbf", "iat", "exp", "name", "kind", "video", "roomConfig"}
    assert set(refreshed) == carried
    assert refreshed["roomConfig"] == {"metadata": "from the token", "emptyTimeout": 44}
