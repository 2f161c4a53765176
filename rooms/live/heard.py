"""What the observer of a room hears, on its way to the pages: who speaks, how loud, how well connected; what is said.

It comes beside the state and belongs to no version of it: it is shown, and forgotten when the observer goes. Only what
is said on the project's chat topics is kept, as lines of the feed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rooms.live import feed
from rooms.live.feed import Entry
from rooms.live.watch import Aside, Watch
from rooms.livekit.packing import pack, unpack

# LiveKit says who speaks every 0.4 s, the meter how loud every 0.2 s; so often pages are told.
PAUSE = 0.2


class Heard:
    """Gathers what is heard in the room of ``watch`` and tells the pages the latest, a few times a second at most."""

    def __init__(self, watch: Watch, publish: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """``publish`` takes what the other processes are to know."""
        self._watch = watch
        self._publish = publish
        self._speaking: list[str] = []
        self._quality: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._lines: list[Entry] = []
        self._told: tuple[list[str], dict[str, str]] = ([], {})
        self._telling: asyncio.Task[None] | None = None

    def take(self, message: Mapping[str, Any]) -> None:
        """Take one message of `rooms.livekit.observer` about what is heard."""
        match message["say"]:
            case "speaking":
                self._speaking = message["who"]
            case "quality" if message["quality"]:
                self._quality = self._quality | {message["who"]: message["quality"]}
            case "quality":
                self._quality = {who: known for who, known in self._quality.items() if who != message["who"]}
            case "level":
                self._levels[message["who"]] = message["level"]
            case "said":
                self._said(message)
            case "missed":
                self._lines.append(feed.missed(self._room, datetime.now(UTC), message["count"]))
        self._begin()

    def forget(self) -> None:
        """The observer is out: nobody is known to speak any more."""
        self._speaking, self._quality = [], {}
        self._levels.clear()
        self._begin()

    async def end(self) -> None:
        """Wait until everything is told."""
        if self._telling is not None:
            await self._telling

    @property
    def _room(self) -> str:
        return self._watch.topic.room or ""

    def _said(self, message: Mapping[str, Any]) -> None:
        """Keep it as a line of the feed. Who came a moment ago speaks before the first reading that lists them."""
        who = message["who"]
        if who and not self._watch.project.show_hidden and not self._watch.shows(who):
            return
        text = f"{message['text']}…" if message["more"] else message["text"]
        self._lines.append(
            feed.said(self._room, datetime.now(UTC), who, self._watch.person(who), message["topic"], text)
        )

    def _begin(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while aside := self._news():
            if aside.lines:
                aside.lines = await feed.record(self._watch.project, aside.lines)
            await self._watch.hear(aside)
            await self._publish(packed(aside))
            await asyncio.sleep(PAUSE)

    def _news(self) -> Aside | None:
        """What pages have not been told yet; None when they know everything."""
        speaking, quality = self._told
        aside = Aside(
            speaking=self._speaking if self._speaking != speaking else None,
            quality=self._quality if self._quality != quality else None,
            levels=self._levels,
            lines=self._lines,
        )
        self._told, self._levels, self._lines = (self._speaking, self._quality), {}, []
        return aside if aside else None


def packed(aside: Aside) -> dict[str, Any]:
    """Return ``aside`` as a message to the other processes."""
    lines = [pack(line) for line in aside.lines]
    return {
        "kind": "heard",
        "speaking": aside.speaking,
        "quality": aside.quality,
        "levels": aside.levels,
        "lines": lines,
    }


def unpacked(message: Mapping[str, Any]) -> Aside:
    """Return the aside that ``packed`` made the message of."""
    lines = [unpack(Entry, line) for line in message["lines"]]
    return Aside(message["speaking"], message["quality"], message["levels"], lines)
