"""When rooms open and close by themselves (livekit.md 8.1, 2.6). No case sleeps: one room is the other's clock."""

from __future__ import annotations

import asyncio

from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually


async def is_open(livekit: UnderTest, room: str) -> bool:
    return await livekit.find_room(room) is not None


async def closes(livekit: UnderTest, room: str) -> None:
    await eventually(lambda: livekit.find_room(room), lambda found: found is None, within=10)


async def test_a_room_nobody_joins_closes_after_its_empty_timeout(livekit_once: UnderTest) -> None:
    short = await livekit_once.create(livekit_once.new_name(), empty_timeout=1)
    long = await livekit_once.create(livekit_once.new_name(), empty_timeout=300)
    await closes(livekit_once, short.name)
    assert await is_open(livekit_once, long.name)


async def test_the_empty_timeout_is_for_rooms_that_nobody_joined(livekit_once: UnderTest) -> None:
    """Somebody is in the first room, somebody was in the second; the third tells that the time is over."""
    names = [livekit_once.new_name() for _ in range(3)]
    for name, seconds in zip(names, (1, 1, 2), strict=True):
        await livekit_once.create(name, empty_timeout=seconds, departure_timeout=300)
    await livekit_once.join("alice", room=names[0])
    await (await livekit_once.join("bob", room=names[1])).leave()
    await closes(livekit_once, names[2])
    assert await is_open(livekit_once, names[0])
    assert await is_open(livekit_once, names[1])


async def test_a_room_closes_after_the_last_one_left(livekit_once: UnderTest) -> None:
    stays, goes = [livekit_once.new_name() for _ in range(2)]
    for name in (stays, goes):
        await livekit_once.create(name, departure_timeout=1, empty_timeout=300)
    await livekit_once.join("alice", room=stays)
    (bob, carol) = await asyncio.gather(livekit_once.join("bob", room=stays), livekit_once.join("carol", room=goes))
    await asyncio.gather(bob.leave(), carol.leave())
    await closes(livekit_once, goes)
    assert await is_open(livekit_once, stays)


async def test_an_agent_does_not_hold_a_room_and_a_hidden_person_does(livekit_once: UnderTest) -> None:
    with_agent, with_hidden = [livekit_once.new_name() for _ in range(2)]
    for name in (with_agent, with_hidden):
        await livekit_once.create(name, departure_timeout=1)
    agent, _, *guests = await asyncio.gather(
        livekit_once.join("agent", room=with_agent, kind="agent", hidden=True),
        livekit_once.join("watcher", room=with_hidden, hidden=True),
        livekit_once.join("alice", room=with_agent),
        livekit_once.join("bob", room=with_hidden),
    )
    await asyncio.gather(*(guest.leave() for guest in guests))
    await agent.experiences("removed", reason="ROOM_CLOSED")
    await closes(livekit_once, with_agent)
    assert await is_open(livekit_once, with_hidden)


async def test_a_removed_person_holds_the_room_no_longer(livekit_once: UnderTest) -> None:
    await livekit_once.create(departure_timeout=1)
    await livekit_once.join("alice")
    await livekit_once.call("RemoveParticipant", room=livekit_once.room, identity="alice")
    await closes(livekit_once, livekit_once.room)


async def test_a_room_that_closed_opens_anew_with_another_sid(livekit_once: UnderTest) -> None:
    first = await livekit_once.create(empty_timeout=1, metadata="first")
    await closes(livekit_once, livekit_once.room)
    second = await livekit_once.create()
    assert second.sid != first.sid
    assert (second.metadata, second.empty_timeout) == ("", 300)


async def test_a_room_outlives_a_departure_when_somebody_returns_in_time(livekit_once: UnderTest) -> None:
    made = await livekit_once.create(departure_timeout=60)
    alice = await livekit_once.join("alice")
    await alice.leave()
    await livekit_once.join("alice")
    found = await livekit_once.find_room()
    assert isinstance(found, models.Room)
    assert found.sid == made.sid
