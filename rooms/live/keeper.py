"""History that is kept while nobody looks, and what falls out of it after a project's days.

A project that wants it has its list watched, and the fullest of its rooms, by a page that never closes. Such a page is
patient: the reader reads for it five times less often than for a person.
"""

from __future__ import annotations

import asyncio
import logging
import math
import weakref
from datetime import datetime
from time import monotonic

from asgiref.sync import sync_to_async
from django.core.cache import cache

from rooms.live.bus import Topic
from rooms.live.reader import reader
from rooms.live.watch import Aside, Step, Trouble, Watch
from rooms.livekit.snapshots import RoomsState
from rooms.models import Project
from rooms.models.feed import prune_some

logger = logging.getLogger(__name__)

ROUND = 10.0
# One process reads at most so many rooms of a project for the history alone; README says so.
MOST_ROOMS = 50
PRUNE_EVERY = 3_600
PRUNING = "greenroom:pruning"
# Seconds between two batches.
BREATH = 0.02


class Keeper:
    """A page without a reader of its own: it holds the watches whose feed is kept. One for each running loop."""

    user_id = 0
    patient = True
    panel: str | None = None

    def __init__(self) -> None:
        self._watches: dict[Topic, Watch] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, if it has not begun: the first round comes after ten seconds."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="greenroom keeper")

    async def stop(self) -> None:
        """End, and let go of every watch."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for watch in self._watches.values():
            await reader().unwatch(watch, self)
        self._watches.clear()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            try:
                await self.round()
                await _prune()
            except Exception:
                logger.exception("A round of the history failed; the next one tries again.")

    async def round(self) -> None:
        """Watch what has to be watched now, and nothing else."""
        projects = {project.pk: project async for project in Project.objects.filter(keep_history=True)}
        for project in projects.values():
            await self._hold(project, None)
            listed = self._watches[Topic(project.pk)].state
            if isinstance(listed, RoomsState):
                busy = [room for room in listed.rooms.values() if room.num_participants]
                busy.sort(key=lambda room: -room.num_participants)
                names = {room.name for room in busy[:MOST_ROOMS]}
                for name in names:
                    await self._hold(project, name)
                await self._let_go(project.pk, names)
        for gone in {topic.project_id for topic in self._watches} - projects.keys():
            await self._let_go(gone, set(), the_list_too=True)

    async def _hold(self, project: Project, room: str | None) -> None:
        topic = Topic(project.pk, room)
        if topic not in self._watches:
            self._watches[topic] = await reader().watch(project, room, self)

    async def _let_go(self, project_id: int, keep: set[str], *, the_list_too: bool = False) -> None:
        for topic in [each for each in self._watches if each.project_id == project_id]:
            if the_list_too if topic.room is None else topic.room not in keep:
                await reader().unwatch(self._watches.pop(topic), self)

    async def step(self, step: Step) -> None:
        """The reader has kept the step's lines already."""

    async def beat(self, at: datetime) -> None:
        """Nothing to show."""

    async def stale(self, trouble: Trouble) -> None:
        """Nothing to show."""

    async def refetch(self) -> None:
        """Nothing to show."""

    async def aside(self, aside: Aside) -> None:
        """Nothing to show; what was said is kept already."""

    async def rights_changed(self) -> None:
        """A project's switch may have been turned: the next round sees it."""


async def _prune() -> None:
    """Delete what is older than each project keeps, once an hour in the whole deployment."""
    if await cache.aadd(PRUNING, 1, PRUNE_EVERY):
        for project in [each async for each in Project.objects.all()]:
            await prune_gently(project)


async def prune_gently(project: Project, seconds: float = math.inf) -> bool:
    """Delete what ``project`` keeps no longer, letting others write in between; return whether all of it is gone.

    Stops after ``seconds``; the next hour's round goes on.
    """
    until = monotonic() + seconds
    while await sync_to_async(prune_some)(project):
        if monotonic() > until:
            return False
        await asyncio.sleep(BREATH)
    return True


_keepers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Keeper] = weakref.WeakKeyDictionary()


def keeper() -> Keeper:
    """Return the keeper of the running event loop."""
    return _keepers.setdefault(asyncio.get_running_loop(), Keeper())
