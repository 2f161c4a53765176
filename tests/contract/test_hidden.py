"""Who counts: hidden people, agents, recorders, the other kinds (livekit.md 3.5, 0.11; room life of 8.1)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.people import JoinRefused

Kind = models.ParticipantInfo.Kind
DEPENDENT = ["agent", "egress"]
DEPENDENT_BY: dict[str, dict[str, Any]] = {
    "kind agent": {"kind": "agent"},
    "kind egress": {"kind": "egress"},
    "grant agent": {"agent": True},
    "grant recorder": {"recorder": True},
}
COUNTED = ["standard", "ingress", "sip", "connector", "bridge"]


async def counts(livekit: UnderTest, people: int) -> None:
    """Wait until the room's list shows this number of people."""

    def counted(found: models.Room | None) -> bool:
        return found is not None and found.num_participants == people

    await eventually(livekit.find_room, counted, within=15)


@pytest.mark.parametrize("kind", [*COUNTED, *DEPENDENT])
async def test_the_kind_comes_from_the_token(livekit: UnderTest, kind: str) -> None:
    await livekit.join("alice", kind=kind)
    assert (await livekit.get("alice")).kind == Kind.Value(kind.upper())


async def test_an_unknown_kind_is_standard(livekit_once: UnderTest) -> None:
    await livekit_once.join("alice", kind="robot")
    assert (await livekit_once.get("alice")).kind == Kind.STANDARD


async def test_a_hidden_person_is_listed_and_found_by_the_api(livekit: UnderTest) -> None:
    await livekit.join("alice", hidden=True)
    assert (await livekit.get("alice")).permission.hidden
    assert set(await livekit.list_people()) == {"alice"}


async def test_becoming_hidden_and_coming_back(livekit: UnderTest) -> None:
    await livekit.join("alice")
    permission = (await livekit.get("alice")).permission
    for hidden in (True, False):
        permission.hidden = hidden
        assert (await livekit.update("alice", permission=permission)).permission.hidden is hidden


async def test_agents_egress_and_recorders_are_not_counted_and_others_are(livekit_once: UnderTest) -> None:
    await asyncio.gather(
        *(livekit_once.join(kind, kind=kind) for kind in (*DEPENDENT, *COUNTED)),
        livekit_once.join("recording", recorder=True, hidden=True),
        livekit_once.join("helping", agent=True),
        livekit_once.join("hidden", hidden=True),
    )
    assert len(await livekit_once.list_people()) == 10
    await counts(livekit_once, len(COUNTED) + 1)


async def test_a_recorder_makes_the_room_recording_while_it_is_there(livekit_once: UnderTest) -> None:
    recorder = await livekit_once.join("recorder", recorder=True, hidden=True)

    async def recording() -> bool:
        found = await livekit_once.find_room()
        return found is not None and found.active_recording

    await eventually(recording, bool, within=15)
    await livekit_once.join("alice")
    await recorder.leave()
    await eventually(recording, lambda active: not active, within=15)


async def test_a_full_room_lets_nobody_in_but_an_agent(livekit_once: UnderTest) -> None:
    await livekit_once.create(max_participants=1)
    await livekit_once.join("alice")
    with pytest.raises(JoinRefused) as refusal:
        await livekit_once.join("bob")
    assert refusal.value.status == 500
    await livekit_once.join("agent", kind="agent", hidden=True)
    assert set(await livekit_once.list_people()) == {"alice", "agent"}


async def test_a_hidden_person_fills_a_room(livekit_once: UnderTest) -> None:
    await livekit_once.create(max_participants=1)
    await livekit_once.join("alice", hidden=True)
    with pytest.raises(JoinRefused):
        await livekit_once.join("bob")


async def test_the_same_identity_comes_back_into_a_full_room(livekit_once: UnderTest) -> None:
    await livekit_once.create(max_participants=1)
    alice = await livekit_once.join("alice")
    again = await livekit_once.join("alice")
    assert again.sid != alice.sid
    await alice.experiences("removed", reason="DUPLICATE_IDENTITY")


@pytest.mark.parametrize("by", DEPENDENT_BY)
async def test_whoever_is_dependent_enters_a_full_room_and_does_not_hold_it(livekit_once: UnderTest, by: str) -> None:
    await livekit_once.create(max_participants=1, departure_timeout=1)
    alice = await livekit_once.join("alice")
    worker = await livekit_once.join("worker", **DEPENDENT_BY[by])
    assert set(await livekit_once.list_people()) == {"alice", "worker"}
    await alice.leave()
    await worker.experiences("removed", reason="ROOM_CLOSED")
