"""Who speaks: told where the observer may listen, and nowhere else."""

from __future__ import annotations

import contextlib

from rooms.live.reader import Reader
from rooms.livekit import client
from rooms.models import Project
from tests.people import Person
from tests.rooms.live.conftest import Page
from tests.rooms.live.watching import (
    Enter,
    comes,
    enter,
    inside,
    observed,
    real,
    spoken,
)
from tests.servers import Server

__all__ = ["enter", "observed", "real"]


async def test_pages_are_told_who_speaks(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    observed.observer_listens = True
    ava = await enter(real, "talk", "ava", publish=["microphone"])
    await enter(real, "talk", "ben", publish=["camera"])
    page = Page()
    watch = await live.watch(observed, "talk", page)
    await comes(watch)
    await speaks(ava, page)
    assert watch.speaking == ["ava"]
    await ava.mute(ava.tracks["microphone"])
    await spoken(page, [])
    assert all(who in ([], ["ava"]) for who in page.spoke)


async def test_it_receives_no_sound_where_it_is_not_to_listen(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    ava = await enter(real, "quiet", "ava", publish=["microphone"])
    listening, page = Page(), Page()
    watch = await live.watch(observed, "quiet", page)
    first = await comes(watch)
    observed.observer_listens = True
    await live.nudge(observed.pk, "quiet")
    await live.watch(observed, "quiet", listening)
    await speaks(ava, page)
    assert first not in await inside(watch)
    observed.observer_listens = False
    await live.nudge(observed.pk, "quiet")
    await spoken(page, [])
    second = await comes(watch)
    await client.update_participant(observed.connection, "quiet", "ava", attributes={"lang": "de"})
    await page.reads("lang set to de")
    assert (await inside(watch), page.spoke[-1]) == ([second], [])


async def speaks(person: Person, page: Page) -> None:
    """Let somebody be heard: LiveKit tells of changes only, and the tests' hum never changes by itself."""
    sid = person.tracks["microphone"]
    for _ in range(8):
        await person.mute(sid)
        await person.unmute(sid)
        with contextlib.suppress(TimeoutError):
            await spoken(page, [person.identity], within=3.0)
            return
    raise AssertionError(f"{person.identity} was never heard: {page.spoke}")
