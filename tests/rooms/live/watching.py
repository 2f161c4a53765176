"""Projects that are watched from inside, on the real server; read once a minute, so what is sooner the observer saw."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from rooms.live.ours import is_ours
from rooms.live.reader import Reader
from rooms.live.watch import Watch
from rooms.livekit import client
from rooms.livekit.snapshots import RoomState
from rooms.models import Project
from tests.people import Person, join
from tests.rooms.live.conftest import Page
from tests.servers import Configuration, Server, Servers
from tests.servers.fixtures import running_server

# Processes start, end and start again.
PATIENCE = 25.0
ONE_MINUTE = 60.0

Enter = Callable[..., Awaitable[Person]]


@pytest.fixture(scope="module")
def real(livekit_servers: Servers) -> Server:
    """A real livekit-server, or one line that says what is missing."""
    return running_server(livekit_servers, "real", Configuration(key="observer-tests"))


@pytest.fixture
def observed(bare_project: Project, real: Server) -> Project:
    """A project on it whose administrators switched the observer on."""
    bare_project.url, bare_project.api_key, bare_project.api_secret = real.url, real.key, real.secret
    bare_project.reading_interval, bare_project.observer = ONE_MINUTE, True
    bare_project.save()
    return bare_project


@pytest.fixture
async def enter(live: Reader, observed: Project) -> AsyncIterator[Enter]:
    """``tests.people.join``; whoever is still there when the test ends leaves, unseen: the database goes too."""
    came: list[Person] = []

    async def entered(*where: Any, **options: Any) -> Person:
        came.append(await join(*where, **options))
        return came[-1]

    yield entered
    await live.close()
    await asyncio.gather(*(person.leave() for person in came))


async def eventually(true: Callable[[], Awaitable[bool]], within: float = PATIENCE) -> None:
    """Ask again and again until it is true."""
    async with asyncio.timeout(within):
        while not await true():  # noqa: ASYNC110  another process has no event to wait for
            await asyncio.sleep(0.05)


async def comes(watch: Watch) -> str:
    """Wait until the observer is in the room, and give its identity."""

    async def watched() -> bool:
        return isinstance(watch.state, RoomState) and watch.state.watched and bool(await inside(watch))

    await eventually(watched)
    return (await inside(watch))[0]


async def inside(watch: Watch) -> list[str]:
    """The identities of the observers that LiveKit lists in the room."""
    room = watch.topic.room or ""
    listed = await client.list_participants(watch.project.connection, room)
    return [each.identity for each in listed.values() if is_ours(watch.project.pk, room, each)]


async def goes(watch: Watch) -> None:
    """Wait until LiveKit lists no observer in the room."""

    async def nobody() -> bool:
        return not await inside(watch)

    await eventually(nobody)


async def still_closed(live: Reader, watch: Watch) -> bool:
    """Read the room for longer than the observer rests after a loss, and tell whether it stayed closed."""
    until = time.monotonic() + 3.0
    while time.monotonic() < until:
        before = watch.read_at
        await live.nudge(watch.project.pk, watch.topic.room)

        async def read(before: object = before) -> bool:
            return watch.read_at != before

        await eventually(read)
    room = watch.topic.room or ""
    there = list(await client.list_participants(watch.project.connection, room))
    return (list(await client.list_rooms(watch.project.connection, [room])), there) == ([], [])


async def spoken(page: Page, who: list[str], within: float = PATIENCE) -> None:
    """Wait until the last that the page heard is that these speak."""

    async def told() -> bool:
        return bool(page.spoke) and page.spoke[-1] == who

    await eventually(told, within)
