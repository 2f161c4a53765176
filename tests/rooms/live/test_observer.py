"""The observer on the real server: it makes pages fast, and nobody in the room is any the wiser.

The project is read once a minute: whatever a page hears sooner, the observer saw.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from rooms.live import fragments, reader
from rooms.live.ours import PREFIX, is_ours
from rooms.live.people import PeopleView
from rooms.live.reader import Reader
from rooms.live.watch import Watch
from rooms.livekit import client, observing
from rooms.livekit.observing import observers
from rooms.livekit.snapshots import RoomState
from rooms.models import FeedEntry, Project
from rooms.moderation.eyes import Eyes
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


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until it is true."""
    async with asyncio.timeout(PATIENCE):
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


async def test_pages_are_told_who_speaks(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    observed.observer_listens = True
    ava = await enter(real, "talk", "ava", publish=["microphone"])
    await enter(real, "talk", "ben", publish=["camera"])
    page = Page()
    watch = await live.watch(observed, "talk", page)
    await comes(watch)
    await spoken(page, ["ava"])
    assert watch.speaking == ["ava"]
    await ava.mute(ava.tracks["microphone"])
    await spoken(page, [])
    assert all(who in ([], ["ava"]) for who in page.spoke)


async def test_it_receives_no_sound_where_it_is_not_to_listen(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    await enter(real, "quiet", "ava", publish=["microphone"])
    listening, page = Page(), Page()
    watch = await live.watch(observed, "quiet", page)
    first = await comes(watch)
    observed.observer_listens = True
    await live.nudge(observed.pk, "quiet")
    await live.watch(observed, "quiet", listening)
    await spoken(page, ["ava"])
    assert first not in await inside(watch)
    observed.observer_listens = False
    await live.nudge(observed.pk, "quiet")
    await spoken(page, [])
    second = await comes(watch)
    await client.update_participant(observed.connection, "quiet", "ava", attributes={"lang": "de"})
    await page.reads("lang set to de")
    assert (await inside(watch), page.spoke[-1]) == ([second], [])


async def spoken(page: Page, who: list[str]) -> None:
    """Wait until the last that the page heard is that these speak."""

    async def told() -> bool:
        return bool(page.spoke) and page.spoke[-1] == who

    await eventually(told)


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
    assert [each.event for each in await ava.experienced() if "participant" in each.event] == []
    await ava.leave()


async def page_settles(watch: Watch) -> bool:
    """Wait until LiveKit's own figure of the room, which lags by seconds, is not 0 any more."""

    async def counted() -> bool:
        rooms = await client.list_rooms(watch.project.connection, [watch.topic.room or ""])
        return rooms[watch.topic.room or ""].num_participants > 0

    await eventually(counted)
    return True


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


async def still_closed(live: Reader, watch: Watch) -> bool:
    """Read the room for longer than the observer rests after a loss, and tell whether it stayed closed."""
    until = time.monotonic() + 3.0
    while time.monotonic() < until:
        before = watch.read_at
        await live.nudge(watch.project.pk, watch.topic.room)

        async def read(before: object = before) -> bool:
            return watch.read_at != before

        await eventually(read)
    return await client.list_rooms(watch.project.connection, [watch.topic.room or ""]) == {}


async def test_it_opens_no_room_that_is_not_there(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    await enter(real, "there", "ava")
    await comes(await live.watch(observed, "there", Page()))
    watch = await live.watch(observed, "never opened", Page())
    assert await still_closed(live, watch)


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
    ava = await enter(own, "again", "ava")
    page = Page()
    watch = await live.watch(bare_project, "again", page)
    first = await comes(watch)
    # Her client would come back by itself, and so open the room again.
    await ava.lose_connection()
    own.kill()
    await page.hears("stale")
    again = livekit_servers.restart(own)
    try:
        await page.reads("closed")
        assert await still_closed(live, watch)
        await enter(again, "again", "ben")
        assert await comes(watch) != first
    finally:
        again.kill()
