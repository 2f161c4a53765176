"""What the clients in the room are told of each change, and which new token follows (livekit.md 3.1 to 3.6, 5.5)."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from livekit.protocol import models

from tests.contract.under_test import Enter, UnderTest, eventually
from tests.people.signalling_person import SignallingPerson
from tests.people.tokens import signed

START: dict[str, Any] = {"name": "Bob", "metadata": "first", "attributes": {"a": "1"}}
AS_HE_CAME = models.ParticipantPermission(can_subscribe=True, can_publish=True, can_publish_data=True)
LISTENER = models.ParticipantPermission(can_subscribe=True)
# The change, and how often the room is told of it.
CHANGES: dict[str, tuple[dict[str, Any], int]] = {
    "nothing": ({}, 0),
    "a name": ({"name": "Bobby"}, 1),
    "the same name": ({"name": "Bob"}, 0),
    "metadata": ({"metadata": "second"}, 1),
    "the same metadata": ({"metadata": "first"}, 0),
    "an attribute": ({"attributes": {"b": "2"}}, 1),
    "the same attributes": ({"attributes": {"a": "1"}}, 1),
    "a permission": ({"permission": LISTENER}, 1),
    "the same permission": ({"permission": AS_HE_CAME}, 0),
    "all at once": ({"name": "B", "metadata": "m", "attributes": {"b": "2"}, "permission": LISTENER}, 4),
}


async def versions_until(person: SignallingPerson, identity: str, last: int) -> list[int]:
    """The versions of somebody that ``person`` is told of, up to the last one."""

    async def versions() -> list[int]:
        return [each.version for each in person.updates if each.identity == identity]

    return await eventually(versions, lambda told: last in told)


@pytest.mark.parametrize("change", CHANGES)
async def test_each_field_that_changes_is_told_by_itself_to_all(
    livekit_once: UnderTest, enter: Enter, change: str
) -> None:
    """Another change after it is the clock."""
    fields, times = CHANGES[change]
    bob, alice = await enter("bob", **START), await enter("alice")
    before = await livekit_once.get("bob")
    after = await livekit_once.update("bob", **fields)
    last = await livekit_once.update("bob", metadata="the end")
    for person in (alice, bob):
        told = await versions_until(person, "bob", last.version)
        news = [version for version in told if before.version < version < last.version]
        assert news == list(range(before.version + 1, before.version + times + 1))
    assert after.version == before.version + times


async def test_several_fields_are_applied_in_their_order(livekit_once: UnderTest, enter: Enter) -> None:
    await enter("bob", **START)
    alice = await enter("alice")
    fields, _ = CHANGES["all at once"]
    after = await livekit_once.update("bob", **fields)
    await versions_until(alice, "bob", after.version)
    told = [each for each in alice.updates if each.identity == "bob"][-4:]
    assert [(each.name, each.metadata, dict(each.attributes), each.permission.can_publish) for each in told] == [
        ("B", "first", {"a": "1"}, True),
        ("B", "m", {"a": "1"}, True),
        ("B", "m", {"a": "1", "b": "2"}, True),
        ("B", "m", {"a": "1", "b": "2"}, False),
    ]


async def newest_claims(person: SignallingPerson) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(await person.newest_token(), options={"verify_signature": False})
    return claims


TOKENS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "a name": ({"name": "Bobby"}, "name", "Bobby"),
    "metadata": ({"metadata": "second"}, "metadata", "second"),
    "an attribute": ({"attributes": {"b": "2"}}, "attributes", {"a": "1", "b": "2"}),
}


@pytest.mark.parametrize("change", TOKENS)
async def test_a_new_token_follows_each_change(livekit_once: UnderTest, enter: Enter, change: str) -> None:
    fields, claim, value = TOKENS[change]
    bob = await enter("bob", **START)
    await livekit_once.update("bob", **fields)
    await eventually(lambda: newest_claims(bob), lambda claims: claims[claim] == value)


EVERY_FLAG = (
    "canPublish",
    "canSubscribe",
    "canPublishData",
    "canUpdateOwnMetadata",
    "canSubscribeMetrics",
    "canManageAgentSession",
)
GRANTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing said": ({}, {}),
    "everything denied": (
        {**dict.fromkeys((*EVERY_FLAG, "hidden", "recorder", "agent"), False), "canPublishSources": []},
        dict.fromkeys(EVERY_FLAG, False),
    ),
    "sources": ({"canPublishSources": ["camera", "MICROPHONE"]}, {"canPublishSources": ["camera", "MICROPHONE"]}),
}


@pytest.mark.parametrize("case", GRANTS)
async def test_the_refreshed_token_says_no_more_than_the_first(livekit_once: UnderTest, case: str) -> None:
    said, kept = GRANTS[case]
    video = {"roomJoin": True, "room": livekit_once.room}
    token = signed(livekit_once.server, {"sub": "bob", "video": {**video, **said}})
    bob = await livekit_once.join("bob", signalling_only=True, token=token)
    newest = await eventually(bob.newest_token, lambda newest: newest != token)
    assert jwt.decode(newest, options={"verify_signature": False})["video"] == {**video, **kept}


async def test_after_a_change_of_permission_the_token_says_all_of_it(livekit_once: UnderTest, enter: Enter) -> None:
    bob = await enter("bob")
    sources = models.ParticipantPermission(can_publish=True, can_publish_sources=[models.CAMERA])
    sources.can_publish_sources.append(9)  # type: ignore[arg-type]
    await livekit_once.update("bob", permission=sources)
    claims = await eventually(lambda: newest_claims(bob), lambda claims: claims["video"].get("canSubscribe") is False)
    assert claims["video"] == {
        "roomJoin": True,
        "room": livekit_once.room,
        **dict.fromkeys(EVERY_FLAG, False),
        "canPublish": True,
        "canPublishSources": ["camera", "9"],
    }


async def test_the_grants_that_are_no_permission_stay_as_they_are(livekit_once: UnderTest, enter: Enter) -> None:
    grants = {"roomJoin": True, "room": livekit_once.room, "roomCreate": True, "roomList": True, "roomAdmin": True}
    grants["destinationRoom"] = "elsewhere"
    bob = await enter("bob", room_create=True, room_list=True, room_admin=True, destination_room="elsewhere")
    await livekit_once.update("bob", permission=LISTENER)
    claims = await eventually(lambda: newest_claims(bob), lambda claims: claims["video"].get("canPublish") is False)
    assert {name: claims["video"].get(name) for name in grants} == grants


async def test_who_becomes_hidden_is_told_of_no_more_and_who_is_shown_again_appears(
    livekit_once: UnderTest, enter: Enter
) -> None:
    await enter("bob")
    alice = await enter("alice")
    shown = await livekit_once.update("bob", name="shown")
    await versions_until(alice, "bob", shown.version)
    hidden = models.ParticipantPermission(can_subscribe=True, hidden=True)
    await livekit_once.update("bob", permission=hidden)
    await livekit_once.update("bob", name="in hiding")
    hidden.hidden = False
    again = await livekit_once.update("bob", permission=hidden)
    told = await versions_until(alice, "bob", again.version)
    assert [version for version in told if version > shown.version] == [again.version]
    assert alice.others["bob"].state == models.ParticipantInfo.State.JOINED
    assert alice.others["bob"].name == "in hiding"


async def test_a_mute_is_signalled_even_of_a_track_that_is_not_there(livekit_once: UnderTest, enter: Enter) -> None:
    bob = await enter("bob")
    await livekit_once.call(
        "MutePublishedTrack", room=livekit_once.room, identity="bob", track_sid="TR_none", muted=True
    )
    await bob.experiences("muted", track_sid="TR_none")
