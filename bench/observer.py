"""``python -m bench.observer``: what the observer brings and costs, on a real livekit-server.

From a change by the API to the screen without and with it; memory and processor of its process for each watched room,
where it only looks and where it listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import time
from pathlib import Path

from livekit import api

from bench.figures import heading, line, spread
from bench.screen import Screen
from bench.stage import PLAIN, WHO, Stage, stage
from tests.browser.browsing import find_chromium
from tests.people.joining import join
from tests.servers.fixtures import why_not_real

OBSERVED = "observed"
LISTENING = "listening"
CHANGES = 40
BURSTS = 10
BURST = 4
BURST_PAUSE = 0.2
ROOMS = (1, 5, 20)
# Each with one microphone that hums, and somebody's panel open.
SPEAKERS = (1, 5, 10)
# Signalling-only people live a minute, and the observer needs somebody to be there.
IDLE_SECONDS = 10.0
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    """Measure and print; gives the exit status."""
    missing = why_not_real() or ("" if find_chromium() else "no Chromium found: set CHROMIUM")
    if missing:
        print(missing, file=sys.stderr)
        return 1
    with stage("real") as ready:
        key = {"api_key": ready.server.key, "api_secret": ready.server.secret}
        project = {"url": ready.server.url, "observer": True, **key}
        listening = project | {"observer_listens": True}
        roles = dict.fromkeys((OBSERVED, LISTENING), "moderator")
        ready.console.seed({OBSERVED: project, LISTENING: listening}, {WHO: roles})
        heading("An attribute changed by another program until it is on the screen (reading interval 1 s)")
        for slug, words in ((PLAIN, "without the observer"), (OBSERVED, "with it")):
            line(words, spread(changes(ready, slug, 1, CHANGES)))
            line(
                f"{words}, {BURST} changes in {BURST * BURST_PAUSE:.1f} s", spread(changes(ready, slug, BURST, BURSTS))
            )
        heading("The observer's process, idle, for so many watched rooms")
        for count in ROOMS:
            ready.people.do(_cost(ready, count, OBSERVED))
        heading("The same where it listens: a microphone in each room, and the panel of who speaks open")
        for count in SPEAKERS:
            ready.people.do(_cost(ready, count, LISTENING))
    return 0


def changes(stage: Stage, slug: str, together: int, times: int) -> list[float]:
    """Change an attribute ``together`` times in a row, at times that have nothing to do with the reader's."""
    room = f"bench-{slug}-{together}"
    person = stage.people.join(stage.server, room, "ava", publish=["microphone"])
    screen = Screen(stage.look(stage.console.room(room, slug)))
    if slug == OBSERVED:
        stage_says = "#room-facts >> text=Greenroom is watching"
        screen.page.wait_for_selector(stage_says, timeout=30_000)
    took = []
    for number in range(times):
        time.sleep(random.uniform(0.3, 1.3))  # noqa: S311  not a secret
        for part in range(together):
            text = f"value-{number}-{part}."
            screen.watch('tr[data-identity="ava"] .c-attrs', text)
            request = api.UpdateParticipantRequest(room=room, identity="ava", attributes={"bench": text})
            began = time.time()
            stage.people.do(stage.livekit.room.update_participant(request))
            took.append(screen.seen() - began)
            time.sleep(max(0.0, began + BURST_PAUSE - time.time()) if together > 1 else 0.0)
    screen.close()
    stage.people.do(person.leave())
    return took


async def _cost(stage: Stage, count: int, slug: str) -> None:
    """Let ``count`` rooms of ``slug`` be watched and print what the process takes."""
    console = stage.console.process
    assert console is not None
    listens = slug == LISTENING
    async with contextlib.AsyncExitStack() as stack:
        for number in range(count):
            room = _room(slug, count, number)
            person = await join(stage.server, room, "ava", publish=["microphone"] if listens or number < 3 else [])
            stack.push_async_callback(person.leave)
            address = stage.console.room(room, slug).replace("/p/", "/ws/p/", 1)
            query = {"person": "ava"} if listens else {}
            socket = await stage.http.ws_connect(address, params=query, origin=stage.console.url)
            stack.push_async_callback(socket.close)
        began = time.monotonic()
        while await _watched(stage, count, slug) < count:
            assert time.monotonic() - began < 60, "not every room is watched"
            await asyncio.sleep(0.2)
        observer = _child(console.pid)
        spent, at = _spent(observer), time.monotonic()
        await asyncio.sleep(IDLE_SECONDS)
        share = (_spent(observer) - spent) / (time.monotonic() - at)
        memory = _memory(observer)
        line(f"{count} rooms", f"{memory / 2**20:>6.0f} MB   {100 * share:>5.1f} % of a core")
    await asyncio.sleep(5)


def _room(slug: str, count: int, number: int) -> str:
    return f"bench-{slug}-{count}-{number}"


async def _watched(stage: Stage, count: int, slug: str) -> int:
    """How many of the rooms hold an observer."""
    found = 0
    for number in range(count):
        asked = api.ListParticipantsRequest(room=_room(slug, count, number))
        listed = await stage.livekit.room.list_participants(asked)
        found += any(each.identity.startswith("greenroom-observer-") for each in listed.participants)
    return found


def _child(parent: int) -> int:
    """The process id of the observer that ``parent`` started."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent and b"rooms.livekit.observer" in (status.parent / "cmdline").read_bytes():
                return int(status.parent.name)
    raise AssertionError("the console has started no observer")


def _spent(process: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(process: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE


if __name__ == "__main__":
    sys.exit(main())
