"""How long a page takes beside one bare call of LiveKit's own client, in turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from livekit import api

from bench.figures import beside, heading, line
from bench.stage import MANY, MANY_ROOMS, PLAIN, Stage
from tests.people import Person

SIZES = (10, 100, 1_000)
TURNS = 10
CREATED_AT_ONCE = 50
BLOCK = 500


def measure(stage: Stage) -> None:
    """Print page times of rooms, and of a long list of rooms."""
    heading("A room's page while nobody else looks at the room, beside one bare ListParticipants")
    for size in SIZES:
        room = f"bench-{size}"
        crowd = stage.people.crowd(stage.server, room, size)
        line(f"{size:,} people", beside(*stage.people.do(_room(stage, room))))
        stage.people.do(_leave(crowd))
    heading("The list of rooms while nobody else looks at it, beside one bare ListRooms")
    if stage.many is stage.server:
        for first in range(0, MANY_ROOMS, BLOCK):
            stage.people.do(_create(stage, range(first, first + BLOCK)))
    line(f"{MANY_ROOMS:,} rooms", beside(*stage.people.do(_list(stage))))


async def _room(stage: Stage, room: str) -> tuple[list[float], list[float]]:
    address = stage.console.room(room, PLAIN)
    request = api.ListParticipantsRequest(room=room)
    return await _in_turns(
        lambda: stage.livekit.room.list_participants(request), lambda: stage.fetch(address), lambda: stage.forget(room)
    )


async def _list(stage: Stage) -> tuple[list[float], list[float]]:
    address = stage.console.rooms(MANY)
    async with api.LiveKitAPI(stage.many.url, stage.many.key, stage.many.secret) as livekit:
        return await _in_turns(
            lambda: livekit.room.list_rooms(api.ListRoomsRequest()),
            lambda: stage.fetch(address),
            lambda: stage.forget("nowhere", MANY),
        )


async def _in_turns(
    call: Callable[[], Awaitable[object]], page: Callable[[], Awaitable[float]], forget: Callable[[], Awaitable[None]]
) -> tuple[list[float], list[float]]:
    """Seconds of the bare call and of the page, which reads LiveKit each time; the first turn is not counted."""
    bare, ours = [], []
    for _ in range(TURNS + 1):
        await forget()
        began = time.perf_counter()
        await call()
        bare.append(time.perf_counter() - began)
        ours.append(await page())
    return bare[1:], ours[1:]


async def _leave(crowd: list[Person]) -> None:
    await asyncio.gather(*(person.leave() for person in crowd))


async def _create(stage: Stage, numbers: range) -> None:
    gate = asyncio.Semaphore(CREATED_AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            await stage.livekit.room.create_room(api.CreateRoomRequest(name=f"room-{number:05}", empty_timeout=3600))

    await asyncio.gather(*(one(number) for number in numbers))
