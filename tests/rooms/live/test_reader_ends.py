"""The reader begins once and ends for good, whatever falls into the same moment."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import pytest

from rooms.live import bus
from rooms.live.bus import Topic
from rooms.live.hub import Callback, hub
from rooms.live.reader import Reader
from rooms.models import Project
from tests.rooms.live.conftest import PATIENCE, Page, control
from tests.servers import Server


class Bell(asyncio.Event):
    """A watch's bell that tells when its reader waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.awaited.set()
        return await super().wait()


@pytest.mark.parametrize("turns", range(5))
async def test_it_ends_though_it_is_woken_in_the_same_moment(live: Reader, patient: Project, turns: int) -> None:
    """However many turns of the loop lie between: the end is never taken for the bell."""
    watch = await live.watch(patient, None, Page())
    watch.wake = bell = Bell()
    await bell.awaited.wait()
    bell.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE):
        await live.close()


def loops(topic: Topic) -> int:
    """How many loops read ``topic`` now."""
    return sum(task.get_name() == f"greenroom reader {topic.group}" for task in asyncio.all_tasks())


async def test_two_pages_that_come_at_once_share_one_loop(
    live: Reader, patient: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A channel layer over the network takes its time to let the process join."""
    join = hub().join

    async def slow(group: str, callback: Callback) -> None:
        await asyncio.sleep(0)
        await join(group, callback)

    monkeypatch.setattr(hub(), "join", slow)
    pages = Page(), Page()
    one, other = await asyncio.gather(*(live.watch(patient, None, page) for page in pages))
    assert one is other
    assert loops(Topic(patient.pk)) == 1
    for page in pages:
        await page.hears("refetch")
    await live.close()
    assert loops(Topic(patient.pk)) == 0


@pytest.mark.parametrize("turns", range(12))
async def test_a_page_that_comes_as_the_last_one_has_gone_hears_the_other_processes(
    live: Reader, patient: Project, own: Server, monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    """However many turns of the loop the end has taken by then."""
    monkeypatch.setattr("rooms.live.reader.LINGER", 0)
    first, second = Page(), Page()
    watch = await live.watch(patient, None, first)
    await first.hears("refetch")
    await live.unwatch(watch, first)
    for _ in range(turns):
        await asyncio.sleep(0)
    watch = await live.watch(patient, None, second)
    watch.wake = bell = Bell()
    async with asyncio.timeout(PATIENCE):
        await bell.awaited.wait()
    assert loops(Topic(patient.pk)) == 1
    await control(own, "DELETE", "calls")
    await bus.publish(Topic(patient.pk).group, {"kind": "nudge", "from": "another process"})
    await second.hears("beat")
    calls: dict[str, Any] = await control(own, "GET", "calls")
    assert calls == {"ListRooms": 1}
