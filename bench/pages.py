"""How long a page takes beside one bare call of the same list, in turns.

The call is made in both ways that LiveKit knows: as JSON, as curl and most scripts do it, and as protobuf over a kept
connection by the official client, which is as lean as it gets.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

from livekit import api

from bench.figures import beside, heading, line
from bench.stage import MANY, MANY_ROOMS, PLAIN, Stage
from tests.people import Person
from tests.servers import Server

SIZES = (10, 100, 1_000)
TURNS = 10


def measure(stage: Stage) -> None:
    """Print page times of rooms, and of a long list of rooms."""
    heading("A room's page, beside one bare ListParticipants")
    for size in SIZES:
        room = f"bench-{size}"
        crowd = stage.people.crowd(stage.server, room, size)
        _tell(f"{size:,} people, nobody else looks", stage.people.do(_room(stage, room, forgotten=True)))
        looking = stage.look(stage.console.room(room, PLAIN))
        _tell(f"{size:,} people, somebody looks already", stage.people.do(_room(stage, room, forgotten=False)))
        looking.context.close()
        stage.people.do(_leave(crowd))
    if stage.many is stage.server:
        # Making so many rooms on a real server sends as many webhooks, and the console would be busy with those.
        return
    heading("The list of rooms while nobody else looks at it, beside one bare ListRooms")
    _tell(f"{MANY_ROOMS:,} rooms", stage.people.do(_list(stage)))


def _tell(words: str, series: list[list[float]]) -> None:
    as_json, as_protobuf, page = series
    line(f"{words}, the call as JSON", beside(as_json, page))
    line(" " * len(words) + "  the call as protobuf", beside(as_protobuf, page))


async def _room(stage: Stage, room: str, *, forgotten: bool) -> list[list[float]]:
    address = stage.console.room(room, PLAIN)
    request = api.ListParticipantsRequest(room=room)
    grants = api.VideoGrants(room_admin=True, room=room)
    return await _in_turns(
        lambda: _json(stage, stage.server, "ListParticipants", {"room": room}, grants),
        lambda: stage.livekit.room.list_participants(request),
        lambda: stage.fetch(address),
        forget=(lambda: stage.forget(room)) if forgotten else _nothing,
    )


async def _list(stage: Stage) -> list[list[float]]:
    address = stage.console.rooms(MANY)
    async with api.LiveKitAPI(stage.many.url, stage.many.key, stage.many.secret) as livekit:
        return await _in_turns(
            lambda: _json(stage, stage.many, "ListRooms", {}, api.VideoGrants(room_list=True)),
            lambda: livekit.room.list_rooms(api.ListRoomsRequest()),
            lambda: stage.fetch(address),
            forget=lambda: stage.forget("nowhere", MANY),
        )


async def _nothing() -> None:
    """Let the console keep what it knows: it is kept fresh by the page that is open."""


async def _json(stage: Stage, server: Server, method: str, body: dict[str, str], grants: api.VideoGrants) -> object:
    token = api.AccessToken(server.key, server.secret).with_grants(grants).to_jwt()
    address = f"{server.url}/twirp/livekit.RoomService/{method}"
    async with stage.http.post(address, json=body, headers={"Authorization": f"Bearer {token}"}) as answer:
        assert answer.status == 200, answer.status
        return json.loads(await answer.read())


async def _in_turns(*ways: Callable[[], Awaitable[object]], forget: Callable[[], Awaitable[None]]) -> list[list[float]]:
    """Seconds of each way, in turns, after ``forget``; the first turn is left out."""
    series: list[list[float]] = [[] for _ in ways]
    for _ in range(TURNS + 1):
        await forget()
        for seconds, way in zip(series, ways, strict=True):
            began = time.perf_counter()
            await way()
            seconds.append(time.perf_counter() - began)
    return [seconds[1:] for seconds in series]


async def _leave(crowd: list[Person]) -> None:
    await asyncio.gather(*(person.leave() for person in crowd))
