"""Finding the room or person that a call is for, and how long LiveKit looks for a missing one."""

import asyncio

from rooms.simulator.errors import nobody_answers, participant_missing
from rooms.simulator.state.participant import Participant
from rooms.simulator.state.room import Room
from rooms.simulator.state.world import World

ATTEMPT = 1.0  # seconds that an attempt waits for somebody to take it (``psrpc``)
SEARCH_TIME = 3 * ATTEMPT


async def reach_person(world: World, room: str, identity: str) -> tuple[Room, Participant]:
    """The person, or 503 after SEARCH_TIME, for calls that go straight to the node."""
    found = world.find(room, identity)
    if found is None:
        await asyncio.sleep(SEARCH_TIME)
        raise nobody_answers()
    return found


async def reach_room(world: World, room: str) -> Room:
    """The room, or 503 after SEARCH_TIME."""
    found = world.rooms.get(room)
    if found is None:
        await asyncio.sleep(SEARCH_TIME)
        raise nobody_answers()
    return found


def stored_person(world: World, room: str, identity: str) -> tuple[Room, Participant]:
    """The person, or 404 at once, for calls that look into the store first."""
    found = world.find(room, identity)
    if found is None:
        raise participant_missing()
    return found
