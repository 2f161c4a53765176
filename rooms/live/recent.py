"""Readings made for pages whose room nobody watches yet: one for pages that ask at the same time, good for a moment."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from rooms.live import sources
from rooms.live.bus import Topic
from rooms.live.delta import State
from rooms.models import Project

# A page asks for its state, then opens its socket: within this time the two share one reading.
RECENT = 3.0
# What was read for pages is kept a little longer still: what has not changed since is not built again.
KNOWN = 60.0


@dataclass(frozen=True, slots=True)
class Recent:
    """A reading made for a page, good until ``until``; the watch that its socket opens goes on from there."""

    until: float
    state: State
    epoch: str
    memo: dict[Any, Any] = field(default_factory=dict)


class Recents:
    """The readings of this process, by topic."""

    def __init__(self) -> None:
        self._known: dict[Topic, Recent] = {}
        self._asked: dict[Topic, asyncio.Task[State]] = {}

    def take(self, topic: Topic) -> Recent | None:
        """Hand the reading of ``topic`` over to a watch; None when there is none that is still good."""
        recent = self._known.pop(topic, None)
        return recent if recent and recent.until > asyncio.get_running_loop().time() else None

    async def read(self, project: Project, topic: Topic) -> Recent:
        """Return a good reading of ``topic``, from LiveKit if there is none. Raises LiveKitError."""
        now = asyncio.get_running_loop().time()
        known = self._known.get(topic)
        if known is not None and known.until > now:
            return known
        state = await self._ask(project, topic, known.state if known else None)
        recent = Recent(now + RECENT, state, secrets.token_hex(4))
        kept = {key: each for key, each in self._known.items() if each.until > now - KNOWN}
        self._known = kept | {topic: recent}
        return recent

    async def _ask(self, project: Project, topic: Topic, known: State | None) -> State:
        """Pages that ask for the same at the same moment share one call."""
        task = self._asked.get(topic)
        if task is None:
            task = asyncio.create_task(sources.read(project, topic, known))
            self._asked[topic] = task
            task.add_done_callback(lambda _: self._asked.pop(topic, None))
        return await asyncio.shield(task)

    def outdate(self, topic: Topic) -> None:
        """Read again for the next page: something happened there."""
        recent = self._known.get(topic)
        if recent is not None:
            self._known[topic] = replace(recent, until=min(recent.until, asyncio.get_running_loop().time()))

    def forget(self, project_id: int) -> None:
        """Drop what was read of this project: its connection changed."""
        self._known = {topic: recent for topic, recent in self._known.items() if topic.project_id != project_id}
