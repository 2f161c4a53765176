"""The observer of one watched room: where it may be, when it comes and goes, and what it is heard for.

It only says "look now". Where it is missing (not installed, switched off, cut, crashed) the reading goes on by the
clock and by webhooks, and only speed is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rooms.live.ours import identity_for
from rooms.live.watch import Watch
from rooms.livekit.connection import Connection
from rooms.livekit.observing import installed, observers
from rooms.livekit.snapshots import RoomState

logger = logging.getLogger(__name__)

FIRST_REST = 0.5
LONGEST_REST = 30.0
GOOD_STAY = 20.0
# LiveKit says who speaks every 0.4 s.
SPEAKING_PAUSE = 0.2


class RoomObserver:
    """Keeps an observer in the room of ``watch`` while a person looks and this process reads it."""

    def __init__(self, watch: Watch, tell: Callable[[list[str]], Awaitable[None]]) -> None:
        """``tell`` gets the identities of those who speak whenever that changes."""
        self._watch = watch
        self._tell = tell
        self._speaking: list[str] = []
        self._told: list[str] = []
        self._seat: int | None = None
        # What it was sent with: it comes anew when that changes.
        self._sent: tuple[Connection, bool] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._expected = ""
        self._came_at = 0.0
        self._losses = 0
        self._rest_until = 0.0
        self._hinted = False

    def take_hint(self) -> bool:
        """Return whether it said "look" since this was last asked."""
        hinted, self._hinted = self._hinted, False
        return hinted

    def settle(self, *, held: bool, read: bool) -> None:
        """Come or go, as it should be now: ``held``: this process reads the room; ``read``: it just did."""
        project = self._watch.project
        wanted = held and self._watch.attended and project.observer and bool(self._watch.topic.room) and installed()
        if not wanted or (self._seat is not None and self._sent != (project.connection, project.observer_listens)):
            self.leave()
        if wanted and read and self._seat is None and self._has_people():
            self._join()

    def _has_people(self) -> bool:
        """Whether somebody is there who keeps the room open: one that ends right now must not be opened anew."""
        state = self._watch.state
        return isinstance(state, RoomState) and state.room is not None and any(p.counted for p in state.people.values())

    def _join(self) -> None:
        topic, state = self._watch.topic, self._watch.state
        if asyncio.get_running_loop().time() < self._rest_until or not isinstance(state, RoomState) or not topic.room:
            return
        process = observers()
        if not process.ready:
            # Its reading is old by the time the process runs: read again then.
            process.begin(self._watch.wake.set)
            return
        project = self._watch.project
        self._sent = (project.connection, project.observer_listens)
        self._expected = state.room.sid if state.room else ""
        identity = identity_for(topic.project_id, topic.room)
        self._came_at = asyncio.get_running_loop().time()
        self._seat = process.take_seat(
            project.connection, topic.room, identity, self._heard, listen=project.observer_listens
        )

    def leave(self) -> None:
        """Go out, if it is in."""
        if self._seat is not None:
            observers().leave_seat(self._seat)
            self._seat = None
            self._spoken([])

    async def end(self) -> None:
        """Go out for good."""
        self.leave()
        if self._telling is not None:
            await self._telling

    def _spoken(self, who: list[str]) -> None:
        """Pass on who speaks, the latest only while the pages are being told."""
        self._speaking = who
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_who())

    async def _tell_who(self) -> None:
        while self._told != self._speaking:
            self._told = self._speaking
            await self._tell(self._told)
            await asyncio.sleep(SPEAKING_PAUSE)

    def _heard(self, message: Mapping[str, Any]) -> None:
        if message["say"] == "speaking":
            self._spoken(message["who"])
            return
        if message["say"] == "gone":
            self._spoken([])
            self._lost(message["reason"])
        elif message["say"] == "in" and message["sid"] != self._expected:
            # Closed and opened again since the reading, perhaps by this very join: look who is there first.
            self.leave()
            self._lost("The room is another one")
        self._hinted = True
        self._watch.wake.set()

    def _lost(self, reason: str) -> None:
        """Out without having been told to: come again, after a rest that grows while it does not stay."""
        loop = asyncio.get_running_loop()
        stayed = loop.time() - self._came_at
        self._seat = None
        self._losses = 1 if stayed > GOOD_STAY else self._losses + 1
        rest = min(LONGEST_REST, FIRST_REST * 2.0 ** (self._losses - 1))
        self._rest_until = loop.time() + rest
        loop.call_later(rest, self._watch.wake.set)
        logger.info("The observer of %s is out after %.0f s: %s", self._watch.topic.group, stayed, reason)
