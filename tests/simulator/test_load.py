"""Many rooms and many people stay quick."""

from __future__ import annotations

import time

from livekit import api

from tests.simulator.conftest import Starter

PATIENCE = 1.5  # seconds, many times what an idle machine needs


async def test_five_thousand_rooms_and_ten_thousand_people(start_simulator: Starter) -> None:
    simulator = await start_simulator("--rooms", "5000", "--people", "10000")
    rooms = (await simulator.rooms.list_rooms(api.ListRoomsRequest())).rooms
    assert len(rooms) == 5001
    big = next(room for room in rooms if room.name == "big-room")
    assert (big.num_participants, big.num_publishers) == (10_000, 5)
    assert len(await simulator.people("big-room")) == 10_000
    started = time.monotonic()
    await simulator.people("big-room")
    await simulator.rooms.list_rooms(api.ListRoomsRequest())
    assert time.monotonic() - started < PATIENCE


async def test_a_change_shows_in_a_big_room(start_simulator: Starter) -> None:
    simulator = await start_simulator("--people", "1000")
    identity = next(iter(await simulator.people("big-room")))
    request = api.UpdateParticipantRequest(room="big-room", identity=identity, attributes={"seen": "yes"})
    await simulator.rooms.update_participant(request)
    changed = [person for person in (await simulator.people("big-room")).values() if "seen" in person.attributes]
    assert [person.identity for person in changed] == [identity]
