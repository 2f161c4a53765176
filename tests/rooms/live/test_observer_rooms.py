"""Rooms that an observer watches open and close as if it were not there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from rooms.live.reader import Reader
from rooms.livekit import client
from rooms.livekit.observing import observers
from rooms.models import Project
from tests.rooms.live.conftest import Page
from tests.rooms.live.watching import (
    PATIENCE,
    Enter,
    comes,
    enter,
    inside,
    observed,
    real,
    still_closed,
)
from tests.servers import Configuration, Server, Servers

__all__ = ["enter", "observed", "real"]


async def test_it_holds_no_room_and_opens_none_again(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    await client.create_room(observed.connection, name="short", departure_timeout=1, empty_timeout=60)
    ava = await enter(real, "short", "ava")
    page = Page()
    watch = await live.watch(observed, "short", page)
    await comes(watch)
    await ava.leave()
    await page.reads("left", "closed")
    assert await still_closed(live, watch)


async def test_it_opens_no_room_that_is_not_there(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    await enter(real, "there", "ava")
    await comes(await live.watch(observed, "there", Page()))
    watch = await live.watch(observed, "never opened", Page())
    assert await still_closed(live, watch)


async def test_a_room_that_ended_in_the_moment_of_its_join_is_soon_gone_again(
    live: Reader, observed: Project, real: Server
) -> None:
    """LiveKit opens the room for whoever joins (auto_create); its settings come from the token then."""
    ready, heard = asyncio.Event(), asyncio.Queue[Mapping[str, Any]]()
    observers().begin(ready.set)
    async with asyncio.timeout(PATIENCE):
        await ready.wait()
    observers().take_seat(observed.connection, "ended", "greenroom-observer-late", heard.put_nowait)
    async with asyncio.timeout(PATIENCE):
        assert (await heard.get())["say"] == "in"
        while (message := await heard.get())["say"] != "gone":
            pass
    assert message["reason"] == "ROOM_CLOSED"
    assert await client.list_rooms(observed.connection, ["ended"]) == {}


async def test_it_changes_no_setting_of_a_room(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    await client.create_room(observed.connection, name="settings", empty_timeout=77, departure_timeout=7)
    await enter(real, "settings", "ava")
    await comes(await live.watch(observed, "settings", Page()))
    room = (await client.list_rooms(observed.connection, ["settings"]))["settings"]
    assert (room.empty_timeout, room.departure_timeout) == (77, 7)


async def test_it_waits_for_people(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    """An empty room may end at any moment, and joining would open it again."""
    await client.create_room(observed.connection, name="empty", empty_timeout=60)
    watch = await live.watch(observed, "empty", Page())
    await enter(real, "beside", "ava")
    await comes(await live.watch(observed, "beside", Page()))
    assert await inside(watch) == []
    await enter(real, "empty", "ben")
    await live.nudge(observed.pk, "empty")
    await comes(watch)


async def test_a_server_that_starts_again_is_watched_again(
    live: Reader,
    bare_project: Project,
    livekit_servers: Servers,
    real: Server,
    enter: Enter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = livekit_servers.start("real", Configuration(key="observer-restart"))
    bare_project.url, bare_project.api_key, bare_project.api_secret = own.url, own.key, own.secret
    bare_project.reading_interval, bare_project.observer = 0.5, True
    await bare_project.asave()
    # LiveKit's client would come back by itself, and so open the room again.
    await enter(own, "again", "ava", signalling_only=True)
    page = Page()
    watch = await live.watch(bare_project, "again", page)
    first = await comes(watch)
    own.kill()
    await page.hears("stale")
    again = livekit_servers.restart(own)
    try:
        await page.reads("closed")
        assert await still_closed(live, watch)
        await enter(again, "again", "ben", signalling_only=True)
        assert await comes(watch) != first
    finally:
        again.kill()
