"""The observer of one watched room: where it may be, when it comes and goes, and what it is heard for.

Of the state it only says "look now". Where it is missing (not installed, switched off, cut, crashed) the reading goes
on by the clock and by webhooks: only speed is lost, and what it takes ears in the room to know (`rooms.live.heard`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any

from rooms.live import outside
from rooms.live.heard import Heard
from rooms.live.ours import identity_for
from rooms.live.watch import Watch
from rooms.livekit.connection import Connection
from rooms.livekit.observing import installed, observers
from rooms.livekit.snapshots import RoomState

logger = logging.getLogger(__name__)

FIRST_REST = 0.5
LONGEST_REST = 120.0
GOOD_STAY = 20.0


class RoomObserver:
    """Keeps an observer in the room of ``watch`` while a person looks and this process reads it."""

    def __init__(self, watch: Watch, publish: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """``publish`` takes what the other processes are to know of what is heard."""
        self._watch = watch
        self._heard = Heard(watch, publish)
        self._seat: int | None = None
        # What it was sent with: it comes anew when that changes.
        self._sent: tuple[Connection, bool, tuple[str, ...]] | None = None
        # Whose loudness it measures, and until when other processes want whose.
        self._metered: frozenset[str] = frozenset()
        self._asked: dict[str, float] = {}
        self._expected = ""
        self._came_at = 0.0
        self._losses = 0
        self._rest_until = 0.0
        self._hinted = False
        self._notes: set[asyncio.Task[None]] = set()

    def take_hint(self) -> bool:
        """Return whether it said "look" since this was last asked."""
        hinted, self._hinted = self._hinted, False
        return hinted

    def settle(self, *, held: bool, read: bool) -> None:
        """Come or go, as it should be now: ``held``: this process reads the room; ``read``: it just did."""
        project = self._watch.project
        wanted = held and self._watch.attended and project.observer and bool(self._watch.topic.room) and installed()
        if not wanted or (self._seat is not None and self._sent != self._sending()):
            self.leave()
        if wanted and read and self._seat is None and self._has_people():
            self._join()
        self.meter()

    def ask(self, who: Iterable[str], seconds: float) -> None:
        """Measure how loud ``who`` are for so long: their panels are open in another process."""
        until = asyncio.get_running_loop().time() + seconds
        self._asked |= dict.fromkeys(who, until)
        self.meter()

    def meter(self) -> None:
        """Measure how loud those are whose panel is open somewhere, and nobody else."""
        now = asyncio.get_running_loop().time()
        self._asked = {who: until for who, until in self._asked.items() if until > now}
        wanted = self._watch.panels | self._asked.keys()
        if self._seat is not None and self._watch.project.observer_listens and wanted != self._metered:
            self._metered = frozenset(wanted)
            observers().meter(self._seat, sorted(wanted))

    def _sending(self) -> tuple[Connection, bool, tuple[str, ...]]:
        project = self._watch.project
        return project.connection, project.observer_listens, project.heard_topics

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
        self._sent = connection, listens, topics = self._sending()
        self._expected = state.room.sid if state.room else ""
        self._metered = frozenset()
        identity = identity_for(topic.project_id, topic.room)
        self._came_at = asyncio.get_running_loop().time()
        self._seat = process.take_seat(connection, topic.room, identity, self._take, listen=listens, topics=topics)

    def leave(self) -> None:
        """Go out, if it is in."""
        if self._seat is not None:
            observers().leave_seat(self._seat)
            self._seat = None
            self._heard.forget()

    async def end(self) -> None:
        """Go out for good."""
        self.leave()
        await self._heard.end()
        await asyncio.gather(*self._notes)

    def _take(self, message: Mapping[str, Any]) -> None:
        match message["say"]:
            case "gone":
                self._heard.forget()
                self._lost(message["reason"])
            case "in" if message["sid"] != self._expected:
                # Closed and opened again since the reading, perhaps by this very join: look who is there first.
                self.leave()
                self._lost("another room")
            case "in":
                self._note(outside.forget(self._watch.topic.project_id))
            case "look":
                pass
            case _:
                self._heard.take(message)
                return
        self._hinted = True
        self._watch.wake.set()

    def _lost(self, reason: str) -> None:
        """Out without having been told to: come again, after a rest that grows while it does not stay."""
        self._note(outside.note(self._watch.topic.project_id, reason))
        loop = asyncio.get_running_loop()
        stayed = loop.time() - self._came_at
        self._seat = None
        self._losses = 1 if stayed > GOOD_STAY else self._losses + 1
        rest = min(LONGEST_REST, FIRST_REST * 2.0 ** (self._losses - 1))
        self._rest_until = loop.time() + rest
        loop.call_later(rest, self._watch.wake.set)
        logger.info("The observer of %s is out after %.0f s: %s", self._watch.topic.group, stayed, reason)

    def _note(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)
