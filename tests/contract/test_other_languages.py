"""The official Node and Go clients do every RoomService call, with no special case for either server."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.other_languages import COMMANDS, demand, run
from tests.contract.under_test import UnderTest


@pytest.mark.parametrize("language", COMMANDS)
async def test_a_client_does_every_call(livekit_once: UnderTest, language: str) -> None:
    demand(language)
    alice, bob = await asyncio.gather(livekit_once.join("alice", publish=["microphone"]), livekit_once.join("bob"))
    sid, new_room = alice.tracks["microphone"], livekit_once.new_name()
    answers = await run(livekit_once, language, livekit_once.room, "alice", sid, new_room, "bob")
    refused = "succeeded" if livekit_once.server.cloud else "unknown"
    assert answers == {
        "created": {"name": new_room, "metadata": "first", "empty_timeout": 60},
        "listed": [new_room],
        "room_metadata": "second",
        "deleted_again": "not_found",
        "people": ["alice", "bob"],
        "got": "alice",
        "muted": {"sid": sid, "muted": True},
        "updated": {
            "name": "A",
            "metadata": "m",
            "attributes": {"a": "1"},
            "can_publish": True,
            "can_publish_data": False,
        },
        "moved": refused,
        "forwarded": refused,
        "removed_again": "not_found",
    }
    await alice.experiences("muted", track_sid=sid)
    # Not to alice: data take another road than her removal, which may be the shorter one.
    await bob.experiences("data", data=b"hi", topic="chat")
    await alice.experiences("removed", reason="PARTICIPANT_REMOVED")
