"""What the others in the room experience of each change, and subscriptions (livekit.md 2.6, 3.3, 3.4, 3.5, 7.3)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.people import Person

BATCH = 3.0  # seconds between two updates of those who publish nothing
ALL = models.ParticipantPermission(can_subscribe=True, can_publish=True, can_publish_data=True)


async def saw(person: Person, event: str) -> list[str]:
    """Of whom ``person`` experienced ``event``."""
    return [each.details["identity"] for each in await person.experienced() if each.event == event]


async def pair(livekit: UnderTest, **options: Any) -> tuple[Person, Person]:
    """Alice, who publishes a microphone, and Bob, who watches and hears her."""
    alice = await livekit.join("alice", publish=["microphone"], **options)
    bob = await livekit.join("bob")
    await bob.experiences("subscribed", track_sid=alice.tracks["microphone"])
    return alice, bob


async def test_who_comes_and_goes_is_seen_by_the_others(livekit_once: UnderTest) -> None:
    bob = await livekit_once.join("bob")
    alice = await livekit_once.join("alice")
    await bob.experiences("other_joined", identity="alice")
    await alice.leave()
    await bob.experiences("other_left", identity="alice")
    assert await saw(bob, "other_joined") == ["alice"]


async def test_who_was_there_before_is_no_news(livekit_once: UnderTest) -> None:
    alice, bob = await pair(livekit_once)
    await alice.mute(alice.tracks["microphone"])
    await bob.experiences("other_muted", identity="alice")
    assert await saw(bob, "other_joined") == []


CHANGES = {
    "name": ({"name": "Alice B."}, "other_name_changed", {"name": "Alice B."}),
    "metadata": ({"metadata": "new"}, "other_metadata_changed", {"metadata": "new"}),
    "attributes": ({"attributes": {"a": "1"}}, "other_attributes_changed", {"attributes": {"a": "1"}}),
    "permission": (
        {"permission": models.ParticipantPermission(can_subscribe=True, can_publish=True)},
        "other_permission_changed",
        {"can_publish": True, "can_subscribe": True, "can_publish_data": False, "can_update_metadata": False},
    ),
}


@pytest.mark.parametrize("field", CHANGES)
async def test_a_change_through_the_api_is_seen(livekit_once: UnderTest, field: str) -> None:
    change, event, details = CHANGES[field]
    _, bob = await pair(livekit_once)
    await livekit_once.update(**change)  # type: ignore[arg-type]
    await bob.experiences(event, identity="alice", **details)  # type: ignore[arg-type]


async def test_changes_through_the_api_do_not_wait_for_the_next_batch(livekit_once: UnderTest) -> None:
    """Five changes, each after the last one was seen: in batches they would take four times as long as one batch."""
    await livekit_once.join("alice")
    bob = await livekit_once.join("bob")
    began = time.monotonic()
    for name in ("A", "B", "C", "D", "E"):
        await livekit_once.update("alice", name=name)
        await bob.experiences("other_name_changed", identity="alice", name=name)
    assert time.monotonic() - began < 4 * BATCH


async def test_a_change_of_ones_own_is_seen_too(livekit_once: UnderTest) -> None:
    alice, bob = await pair(livekit_once, can_update_own_metadata=True)
    await alice.set_attributes({"a": "1"})
    await bob.experiences("other_attributes_changed", identity="alice", attributes={"a": "1"})
    await alice.set_attributes({"a": ""})
    await bob.experiences("other_attributes_changed", identity="alice", attributes={})
    await alice.set_name("Alice C.")
    await bob.experiences("other_name_changed", identity="alice", name="Alice C.")


async def test_muting_is_seen_whoever_does_it(livekit_once: UnderTest) -> None:
    alice, bob = await pair(livekit_once)
    sid = alice.tracks["microphone"]
    request = {"room": livekit_once.room, "identity": "alice", "track_sid": sid}
    await livekit_once.call("MutePublishedTrack", **request, muted=True)  # type: ignore[arg-type]
    await bob.experiences("other_muted", identity="alice", track_sid=sid)
    await alice.unmute(sid)
    await bob.experiences("other_unmuted", identity="alice", track_sid=sid)


async def test_tracks_come_and_go(livekit_once: UnderTest) -> None:
    alice, bob = await pair(livekit_once)
    camera = await alice.publish("camera")
    await bob.experiences("other_published", identity="alice", track_sid=camera)
    await bob.experiences("subscribed", track_sid=camera)
    await alice.unpublish(camera)
    await bob.experiences("other_unpublished", identity="alice", track_sid=camera)


async def test_after_a_demotion_the_tracks_are_gone_for_the_others(livekit_once: UnderTest) -> None:
    alice, bob = await pair(livekit_once)
    await livekit_once.update(permission=models.ParticipantPermission(can_subscribe=True))
    sid = alice.tracks["microphone"]
    await bob.experiences("other_unpublished", identity="alice", track_sid=sid)
    await bob.experiences("other_permission_changed", identity="alice", can_publish=False)


async def test_a_hidden_one_is_not_seen_and_sees(livekit_once: UnderTest) -> None:
    bob = await livekit_once.join("bob")
    watcher = await livekit_once.join("watcher", hidden=True)
    await livekit_once.update("watcher", name="Nobody")
    await livekit_once.update("bob", name="Bob B.")
    await watcher.experiences("other_name_changed", identity="bob", name="Bob B.")
    alice = await livekit_once.join("alice")
    await bob.experiences("other_joined", identity="alice")
    await watcher.experiences("other_joined", identity="alice")
    assert await saw(bob, "other_joined") == ["alice"]
    assert await saw(bob, "other_name_changed") == []
    await alice.leave()


async def test_who_becomes_hidden_stays_as_a_ghost(livekit_once: UnderTest) -> None:
    alice, bob = await pair(livekit_once)
    hidden = models.ParticipantPermission(can_subscribe=True, can_publish=True, can_publish_data=True, hidden=True)
    await livekit_once.update(permission=hidden)
    await alice.leave()
    carol = await livekit_once.join("carol", publish=["microphone"])
    await bob.experiences("other_joined", identity=carol.identity)
    assert await saw(bob, "other_left") == []


async def test_a_second_session_takes_the_place_of_the_first(livekit_once: UnderTest) -> None:
    alice, bob = await pair(livekit_once)
    again = await livekit_once.join("alice", publish=["microphone"])
    assert again.sid != alice.sid
    await bob.experiences("subscribed", track_sid=again.tracks["microphone"])
    await bob.experiences("other_unpublished", identity="alice", track_sid=alice.tracks["microphone"])


@pytest.mark.parametrize("by", ["track_sids", "participant_tracks"])
async def test_unsubscribing_takes_the_track_away_and_subscribing_brings_it_back(livekit: UnderTest, by: str) -> None:
    alice, bob = await pair(livekit)
    sid = alice.tracks["microphone"]
    await eventually(lambda: bob.receives(sid), bool)
    tracks = {"track_sids": [sid]}
    if by == "participant_tracks":
        tracks = {"participant_tracks": [{"participant_sid": alice.sid, "track_sids": [sid]}]}  # type: ignore[list-item]
    call = {"room": livekit.room, "identity": "bob", **tracks}
    await livekit.call("UpdateSubscriptions", **call, subscribe=False)  # type: ignore[arg-type]
    await eventually(lambda: bob.receives(sid), lambda received: not received)
    await livekit.call("UpdateSubscriptions", **call, subscribe=True)  # type: ignore[arg-type]
    await eventually(lambda: bob.receives(sid), bool)
    assert [track.sid for track in (await livekit.get("alice")).tracks] == [sid]


async def test_without_the_right_to_subscribe_nothing_comes_and_with_it_all_comes_back(
    livekit_once: UnderTest,
) -> None:
    alice, bob = await pair(livekit_once)
    sid = alice.tracks["microphone"]
    await livekit_once.update("bob", permission=models.ParticipantPermission(can_publish=True, can_publish_data=True))
    await eventually(lambda: bob.receives(sid), lambda received: not received)
    camera = await alice.publish("camera")
    await bob.experiences("other_published", track_sid=camera)
    assert not await bob.receives(camera)
    await livekit_once.update("bob", permission=ALL)
    await bob.experiences("subscribed", track_sid=camera)
    await eventually(lambda: bob.receives(sid), bool)
