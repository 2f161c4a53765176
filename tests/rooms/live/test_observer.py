"""The observer on the real server: it makes pages fast, and nobody in the room is any the wiser."""

from __future__ import annotations

import os
import signal
import time

import pytest

from rooms.live import fragments, reader
from rooms.live.ours import PREFIX
from rooms.live.people import PeopleView
from rooms.live.reader import Reader
from rooms.live.watch import Watch
from rooms.livekit import client, observing
from rooms.livekit.observing import observers
from rooms.livekit.snapshots import RoomState
from rooms.models import FeedEntry, Project
from rooms.moderation.eyes import Eyes
from tests.rooms.live.conftest import Page
from tests.rooms.live.watching import (
    Enter,
    comes,
    enter,
    eventually,
    goes,
    inside,
    observed,
    real,
)
from tests.servers import Server

__all__ = ["enter", "observed", "real"]


async def test_a_change_is_heard_long_before_the_next_reading(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    ava = await enter(real, "fast", "ava", publish=["microphone"])
    page = Page()
    await comes(await live.watch(observed, "fast", page))
    for number in range(5):
        started = time.monotonic()
        await client.update_participant(observed.connection, "fast", "ava", attributes={"lang": f"l{number}"})
        await page.reads(f"lang: l{number - 1} → l{number}" if number else "lang set to l0")
        assert time.monotonic() - started < 1
    await client.mute_published_track(observed.connection, "fast", "ava", ava.tracks["microphone"], True)
    await page.reads("microphone muted")
    await ava.leave()


async def test_it_is_no_person_of_the_room(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    ava = await enter(real, "apart", "ava")
    page = Page()
    watch = await live.watch(observed, "apart", page)
    identity = await comes(watch)
    assert identity.startswith(PREFIX)
    state = watch.state
    assert isinstance(state, RoomState)
    assert list(state.people) == ["ava"]
    assert state.room
    region = fragments.room(observed, "apart", state, PeopleView(), Eyes(may_act=True))
    html = "".join([*region.parts.values(), *region.rows.values()])
    assert "Greenroom is watching" in region.parts["room-facts"]
    assert identity not in html
    assert "Agents" not in region.parts["people-chips"]
    assert await page_settles(watch)
    assert (await client.list_rooms(observed.connection, ["apart"]))["apart"].num_participants == 1
    assert not await FeedEntry.objects.filter(project=observed, room="apart", identity=identity).aexists()
    assert [each.event for each in await ava.experienced() if each.event.startswith("other_")] == []
    await ava.leave()


async def page_settles(watch: Watch) -> bool:
    """Wait until LiveKit's own figure of the room, which lags by seconds, is not 0 any more."""

    async def counted() -> bool:
        rooms = await client.list_rooms(watch.project.connection, [watch.topic.room or ""])
        return rooms[watch.topic.room or ""].num_participants > 0

    await eventually(counted)
    return True


async def test_it_leaves_when_nobody_looks(
    live: Reader, observed: Project, real: Server, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "LINGER", 0.1)
    await enter(real, "left", "ava")
    page, history = Page(), Page()
    history.patient = True
    watch = await live.watch(observed, "left", page)
    await live.watch(observed, "left", history)
    await comes(watch)
    await live.unwatch(watch, page)
    await goes(watch)
    assert live.knows(observed.pk, "left")


async def test_a_project_that_switches_it_off_is_left(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    await enter(real, "off", "ava")
    watch = await live.watch(observed, "off", Page())
    await comes(watch)
    observed.observer = False
    await live.nudge(observed.pk, "off")
    await goes(watch)


async def test_it_comes_back_when_it_was_thrown_out(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    await enter(real, "thrown", "ava")
    watch = await live.watch(observed, "thrown", Page())
    first = await comes(watch)
    await client.remove_participant(observed.connection, "thrown", first)

    async def another() -> bool:
        return bool(await inside(watch)) and first not in await inside(watch)

    await eventually(another)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
async def test_its_process_may_crash_and_hang(
    end: signal.Signals, live: Reader, observed: Project, real: Server, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observing, "SILENCE", 2.0)
    room = f"ends-{end}"
    await enter(real, room, "ava")
    page = Page()
    watch = await live.watch(observed, room, page)
    await comes(watch)
    process = observers().process
    assert process is not None
    os.kill(process.pid, end)

    async def another() -> bool:
        return observers().ready and observers().process is not process

    await client.update_participant(observed.connection, room, "ava", attributes={"meanwhile": "1"})
    await eventually(another)
    await comes(watch)
    await page.reads("meanwhile set to 1")
    await client.update_participant(observed.connection, room, "ava", attributes={"after": "1"})
    await page.reads("after set to 1")
