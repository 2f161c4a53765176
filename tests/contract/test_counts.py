"""The counts in Room lag behind: when they are written anew, where they are seen (livekit.md 2.6, 0.6, 0.7, 7.5)."""

from __future__ import annotations

import asyncio
import time

from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.servers.receiver import Receiver

INTERVAL = 5.0  # seconds
AT_ONCE = INTERVAL - 1


async def counts(livekit: UnderTest) -> tuple[int, int]:
    """What ListRooms says of the case's room: participants, publishers."""
    found = await livekit.find_room()
    assert found is not None
    return found.num_participants, found.num_publishers


async def still_tells(livekit: UnderTest, wanted: tuple[int, int], since: float) -> bool:
    """Whether the counts are as they were written at ``since`` (monotonic seconds), unless the interval has passed."""
    return await counts(livekit) == wanted or time.monotonic() - since >= INTERVAL


async def test_somebody_new_is_counted_five_seconds_after_the_room_began(livekit_once: UnderTest) -> None:
    began = time.monotonic()
    await livekit_once.create()
    await livekit_once.join("alice", signalling_only=True)
    assert await still_tells(livekit_once, (0, 0), began)
    await eventually(lambda: counts(livekit_once), lambda told: told == (1, 0), within=3 * INTERVAL)
    assert time.monotonic() - began > INTERVAL - 0.5
    assert (await livekit_once.create()).num_participants == 1


async def test_in_a_room_that_was_quiet_a_change_is_counted_at_once(livekit_once: UnderTest) -> None:
    began = time.monotonic()
    await livekit_once.create()

    async def quiet_for() -> float:
        return time.monotonic() - began

    await eventually(quiet_for, lambda seconds: seconds > INTERVAL + 0.2)
    came = time.monotonic()
    await livekit_once.join("alice", signalling_only=True)
    await eventually(lambda: counts(livekit_once), lambda told: told == (1, 0), within=AT_ONCE)
    await livekit_once.join("bob", signalling_only=True)
    assert await still_tells(livekit_once, (1, 0), came)


async def test_new_metadata_brings_the_counts_along(livekit_once: UnderTest) -> None:
    began = time.monotonic()
    await livekit_once.create()
    await asyncio.gather(livekit_once.join("alice", publish=["microphone"]), livekit_once.join("bob"))
    assert await still_tells(livekit_once, (0, 0), began)
    changed = (await livekit_once.call("UpdateRoomMetadata", room=livekit_once.room, metadata="m")).reply
    assert (changed.num_participants, changed.num_publishers) == (2, 1)
    await eventually(lambda: counts(livekit_once), lambda told: told == (2, 1), within=AT_ONCE)


async def test_a_recorder_shows_at_once(livekit_once: UnderTest) -> None:
    async def recorded() -> tuple[bool, int]:
        found = await livekit_once.find_room()
        assert found is not None
        return found.active_recording, found.num_participants

    await livekit_once.create()
    await livekit_once.join("alice", signalling_only=True)
    recorder = await livekit_once.join("recorder", signalling_only=True, recorder=True, hidden=True)
    await eventually(recorded, lambda told: told == (True, 1), within=AT_ONCE)
    await recorder.leave()
    await eventually(recorded, lambda told: told == (False, 1), within=AT_ONCE)


async def test_a_permission_to_record_does_not_show_until_its_holder_leaves(livekit_once: UnderTest) -> None:
    async def recorded() -> bool:
        found = await livekit_once.find_room()
        assert found is not None
        return found.active_recording

    await livekit_once.create()
    alice = await livekit_once.join("alice", signalling_only=True)
    await livekit_once.update(permission=models.ParticipantPermission(recorder=True, can_subscribe=True))
    await livekit_once.call("UpdateRoomMetadata", room=livekit_once.room, metadata="written anew")
    assert not await recorded()
    await livekit_once.join("egress", signalling_only=True, kind="egress")
    await eventually(recorded, bool, within=AT_ONCE)
    await alice.leave()
    assert await recorded()


async def test_webhooks_carry_the_counts_as_last_written(webhooks: tuple[UnderTest, Receiver]) -> None:
    livekit, receiver = webhooks
    began = time.time()
    await livekit.create()
    await asyncio.gather(livekit.join("alice"), livekit.join("bob"))
    await eventually(lambda: receiver.find(livekit.room, "participant_joined"), lambda found: len(found) == 2)
    joined = await receiver.find(livekit.room, "participant_joined")
    counted = [event.room.num_participants for event in joined if event.created_at < began + AT_ONCE]
    assert counted == [0] * len(counted)
    await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata="written anew")
    for identity in ("alice", "bob"):
        await livekit.call("RemoveParticipant", room=livekit.room, identity=identity)
    await livekit.call("DeleteRoom", room=livekit.room)
    await eventually(lambda: receiver.find(livekit.room, "room_finished"), bool)
    left = await receiver.find(livekit.room, "participant_left")
    assert [event.room.num_participants for event in left] == [2, 2]
    (finished,) = await receiver.find(livekit.room, "room_finished")
    assert finished.room.num_participants == 2
