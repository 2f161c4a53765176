"""The people themselves: what the other cases rely on, and what browser tests use."""

from __future__ import annotations

import pytest

from tests.contract.under_test import UnderTest
from tests.people import JoinRefused
from tests.people.blocking import People


def test_people_live_beside_a_test_that_does_not_await(livekit_once: UnderTest) -> None:
    server, room = livekit_once.server, livekit_once.room
    with People() as people:
        alice = people.join(server, room, "alice", publish=["microphone"], can_update_own_metadata=True)
        bob = people.join(server, room, "bob")
        people.do(alice.send_data(b"hi", topic="chat", to=["bob"]))
        assert people.do(bob.experiences("data", data=b"hi")).details["topic"] == "chat"
        people.do(alice.raise_hand())
        people.do(alice.experiences("attributes_changed", attributes={"hand_raised": "true"}))
        assert len(people.crowd(server, room, 5)) == 5
        with pytest.raises(JoinRefused):
            people.join(server, room, "carol", room_join=False)
        again = people.join(server, room, "bob")
        assert again.sid != bob.sid
        people.do(bob.experiences("removed", reason="DUPLICATE_IDENTITY"))


def test_waiting_for_what_does_not_happen_tells_what_did(livekit_once: UnderTest) -> None:
    with People() as people:
        alice = people.join(livekit_once.server, livekit_once.room, "alice", can_update_own_metadata=True)
        people.do(alice.set_name("Alice"))
        people.do(alice.experiences("name_changed", name="Alice"))
        with pytest.raises(AssertionError, match=r"alice did not experience muted .*name_changed"):
            people.do(alice.experiences("muted", within=0.05))
