"""One watched topic in this process: its state, its place in the count of steps, and the pages that look at it.

A step is a change of state: it has a number, the differences in words, and both states. Whether this process
read LiveKit for it or heard of it from the process that did is the same to the pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from rooms.live.bus import Topic
from rooms.live.delta import State
from rooms.live.feed import Entry
from rooms.livekit.errors import LiveKitError
from rooms.livekit.snapshots import Participant, RoomState
from rooms.models import Project

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the state is not what is now: since when (UTC), and LiveKit's failure in words."""

    since: datetime
    title: str
    words: str
    remedy: str

    @classmethod
    def of(cls, error: LiveKitError, since: datetime | None = None) -> Trouble:
        """Return the trouble that ``error`` tells of; ``since`` keeps the start of one that goes on."""
        return cls(since or datetime.now(UTC), error.title, error.words, error.remedy)


@dataclass
class Step:
    """One change of state on its way to the pages. ``frames`` lets pages that show the same share a rendering."""

    project: Project
    topic: Topic
    epoch: str
    number: int
    old: State
    new: State
    old_memo: dict[Any, Any]
    new_memo: dict[Any, Any]
    entries: list[Entry]
    at: datetime
    frames: dict[Any, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Aside:
    """What was heard in a room since the last one; None for what is as before. No part of any state.

    ``speaking`` are identities, ``quality`` names how well people are connected by identity (excellent, good, poor,
    lost), ``levels`` how loud those are whose panel is open (0 to 10), ``lines`` the feed's lines of what was said.
    """

    speaking: list[str] | None
    quality: dict[str, str] | None
    levels: dict[str, int]
    lines: list[Entry]

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return self.speaking is not None or self.quality is not None or bool(self.levels or self.lines)


class Sink(Protocol):
    """A page's end of the live road."""

    user_id: int
    # Whether nobody sits before it: such a page can wait.
    patient: bool
    # Whose panel is open on it, by identity.
    panel: str | None

    async def step(self, step: Step) -> None:
        """Show a change."""

    async def beat(self, at: datetime) -> None:
        """Note that LiveKit was read at ``at`` and nothing changed."""

    async def stale(self, trouble: Trouble) -> None:
        """Say that what is shown is not what is now."""

    async def refetch(self) -> None:
        """Fetch the region: something was missed."""

    async def rights_changed(self) -> None:
        """Look again whether this page may look."""

    async def aside(self, aside: Aside) -> None:
        """Show what was heard in the room."""


class Watch:
    """The state of one topic in this process and everybody who looks at it here."""

    def __init__(self, topic: Topic, project: Project) -> None:
        self.topic = topic
        self.project = project
        self.sinks: set[Sink] = set()
        self.state: State | None = None
        self.memo: dict[Any, Any] = {}
        self.epoch = ""
        self.number = 0
        self.read_at: datetime | None = None
        self.changed_at = 0.0
        # Who speaks now, how well people are connected, and how loud those are whose panel is open here, by identity;
        # known where an observer listens.
        self.speaking: list[str] = []
        self.quality: dict[str, str] = {}
        self.levels: dict[str, int] = {}
        self.trouble: Trouble | None = None
        self.lock = asyncio.Lock()
        self.wake = asyncio.Event()

    @property
    def version(self) -> str:
        """The name of the current state for a page: it asks for its region again when it holds another."""
        return f"{self.epoch}.{self.number}"

    @property
    def attended(self) -> bool:
        """Whether a person looks, and not the history alone."""
        return any(not sink.patient for sink in self.sinks)

    @property
    def panels(self) -> frozenset[str]:
        """The people whose panel is open on a page here."""
        return frozenset(sink.panel for sink in self.sinks if sink.panel is not None)

    def person(self, identity: str) -> Participant | None:
        """Return who has this identity in the room, as it was last read."""
        return self.state.people.get(identity) if isinstance(self.state, RoomState) else None

    def shows(self, identity: str) -> bool:
        """Whether pages show this person: somebody who is there, and not hidden where the project hides such people."""
        person = self.person(identity)
        return person is not None and (self.project.show_hidden or not person.hidden)

    def start(self, state: State, epoch: str, number: int, memo: dict[Any, Any] | None = None) -> None:
        """Take ``state`` as it is, without telling anybody what led to it; ``memo`` is what was made of it already."""
        self.state, self.epoch, self.number, self.memo = state, epoch, number, memo if memo is not None else {}
        self.read_at = state.read_at
        self.trouble = None

    async def advance(self, state: State, epoch: str, number: int, lines: list[Entry]) -> None:
        """Go to ``state`` and show the step to every page here."""
        if self.state is None:
            raise ValueError("There is no state to go on from: start() comes first.")
        memo: dict[Any, Any] = {}
        step = Step(self.project, self.topic, epoch, number, self.state, state, self.memo, memo, lines, state.read_at)
        self.state, self.memo, self.epoch, self.number = state, memo, epoch, number
        self.read_at = state.read_at
        self.trouble = None
        self.changed_at = asyncio.get_running_loop().time()
        await self.tell(self.sinks, "step", step)

    async def beat(self, at: datetime) -> None:
        """LiveKit was read at ``at`` (UTC) and says the same; also the end of a trouble."""
        self.read_at, self.trouble = at, None
        await self.tell(self.sinks, "beat", at)

    async def hear(self, aside: Aside) -> None:
        """Show what was heard; of people whom pages do not show, nothing."""
        if aside.speaking is not None:
            self.speaking = aside.speaking = [who for who in aside.speaking if self.shows(who)]
        if aside.quality is not None:
            self.quality = aside.quality = {who: how for who, how in aside.quality.items() if self.shows(who)}
        aside.levels = {who: level for who, level in aside.levels.items() if self.shows(who)}
        self.levels = {who: level for who, level in (self.levels | aside.levels).items() if who in self.panels}
        await self.tell(self.sinks, "aside", aside)

    async def fail(self, trouble: Trouble) -> None:
        """LiveKit could not be read: keep the state, say how old it is."""
        self.trouble = trouble
        await self.tell(self.sinks, "stale", trouble)

    async def tell(self, sinks: Iterable[Sink], what: str, *values: Any) -> None:
        """Call ``what`` on each of ``sinks``; a page that is going away does not hold up the others."""
        for sink in list(sinks):
            try:
                await getattr(sink, what)(*values)
            except OSError:
                # The browser has gone; its disconnect message is on its way.
                self.sinks.discard(sink)
            except Exception:
                logger.warning("A page could not be told %s.", what, exc_info=True)
                self.sinks.discard(sink)
