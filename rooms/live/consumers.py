"""Sockets: they only go down. A page says in its address what it shows; it is sent what changes of that.

The handshake checks origin (asgi.py), login and right. Codes of a close: 4401 sign in again, 4404 no such project
for this user (any more). Nothing that a page sends is acted on.
"""

from __future__ import annotations

import abc
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from asgiref.sync import sync_to_async
from channels.auth import get_user
from channels.generic.websocket import AsyncWebsocketConsumer

from rooms.live import facts, fragments
from rooms.live.feed import Entry
from rooms.live.fragments import Region
from rooms.live.people import PeopleView
from rooms.live.reader import reader
from rooms.live.roomlist import RoomsView
from rooms.live.watch import Aside, Step, Trouble, Watch
from rooms.livekit.snapshots import RoomsState, RoomState
from rooms.moderation import access
from rooms.moderation.access import Standing
from rooms.moderation.eyes import Eyes, eyes_of

SIGN_IN = 4401
NO_PROJECT = 4404
SENTENCES_SAID = 3


class LiveConsumer(AsyncWebsocketConsumer, abc.ABC):
    """One page's socket. Subclasses say which region it shows."""

    # No channel of its own, which would be one more subscription in Redis: the hub hears for the whole process.
    channel_layer_alias = ""

    user_id: int
    patient = False
    panel: str | None = None
    eyes: Eyes
    watch: Watch | None = None

    async def connect(self) -> None:
        """Accept first: a refused handshake tells the page nothing, a close code does."""
        await self.accept()
        self.query = dict(parse_qsl(self.scope["query_string"].decode(), keep_blank_values=True))
        self.kwargs = self.scope["url_route"]["kwargs"]
        self.panel = self.query.get("person")
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(SIGN_IN)
            return
        self.user_id = user.pk
        standing = await self.look_up()
        if standing is None:
            await self.close(NO_PROJECT)
            return
        self.watch = await reader().watch(standing.project, self.kwargs.get("room"), self)
        await self.frame(t="hello", v=self.watch.version if self.watch.state else "", at=_time(self.watch.read_at))
        if self.watch.trouble:
            await self.stale(self.watch.trouble)
        await self.aside(Aside(self.watch.speaking or None, self.watch.quality or None, self.watch.levels, []))

    async def disconnect(self, code: int) -> None:
        """The page went away."""
        if self.watch is not None:
            await reader().unwatch(self.watch, self)

    async def look_up(self) -> Standing | None:
        """Take up the user's rights as they are now; None when there are none (any more), or the session has ended."""
        session = self.scope["session"]
        if not await sync_to_async(session.exists)(session.session_key):
            return None
        # Compares the session with the account's password too: one that ended stays ended.
        user = await get_user(self.scope)
        if not user.is_authenticated:
            return None
        standing = await access.standing_for(user, self.kwargs["slug"])
        if standing is not None and standing.project.read_only:
            # The scope's session is lazy: only its __class__ is that of the store.
            until = await sync_to_async(_unlocked_until)(session.session_key, session.__class__, standing)
            standing = await access.standing_for(user, self.kwargs["slug"], unlocked_until=until)
        if standing is not None:
            self.eyes = await eyes_of(standing)
        return standing

    async def rights_changed(self) -> None:
        """Close the page's socket if it may not look any more; fetch the region if it may do more or less."""
        before = self.eyes
        if await self.look_up() is None:
            await self.close(NO_PROJECT)
        elif self.eyes != before:
            await self.refetch()

    async def step(self, step: Step) -> None:
        """Send what this change means for what the page shows; pages that show the same share one rendering."""
        key = self.shows()
        text = step.frames.get(key)
        if text is None:
            text = step.frames[key] = json.dumps(self.change(step, key), ensure_ascii=False)
        await self.send(text)

    def change(self, step: Step, key: Any) -> dict[str, Any]:
        """Return the frame of a step: the difference between the region as it was and as it is."""
        old = fragments.remembered(step.old_memo, step.project, key, lambda: self.render(step, step.old))
        new = fragments.remembered(step.new_memo, step.project, key, lambda: self.render(step, step.new))
        return {
            "t": "step",
            "v": f"{step.epoch}.{step.number}",
            "prev": f"{step.epoch}.{step.number - 1}",
            "at": _time(step.at),
            "feed": [str(line) for line in self.feed(step)],
            "by": next((line.by for line in step.entries if line.by), ""),
            "say": _say(step.entries),
            **fragments.frame(old, new),
        }

    @abc.abstractmethod
    def shows(self) -> Any:
        """Return what tells this page's region from others' of the same topic."""

    @abc.abstractmethod
    def render(self, step: Step, state: Any) -> Region:
        """Return the page's region in ``state``."""

    def feed(self, step: Step) -> list[Any]:
        """Return the feed's new lines as HTML, the oldest first."""
        return []

    async def beat(self, at: datetime) -> None:
        """LiveKit was read and says the same."""
        if self.watch is not None:
            await self.frame(t="beat", v=self.watch.version, at=_time(at))

    async def stale(self, trouble: Trouble) -> None:
        """LiveKit could not be read."""
        texts = {"title": trouble.title, "words": trouble.words, "remedy": trouble.remedy}
        await self.frame(t="stale", since=_time(trouble.since), **texts)

    async def refetch(self) -> None:
        """The page has to fetch its region: what it holds is not the step before the next one."""
        await self.frame(t="fetch")

    async def aside(self, aside: Aside) -> None:
        """Send what was heard; of levels only that of the person whose panel is open."""
        told: dict[str, Any] = {"speaking": aside.speaking, "quality": aside.quality}
        if self.panel is not None:
            told["level"] = aside.levels.get(self.panel)
        if aside.lines and self.watch is not None:
            told["feed"] = [str(line) for line in fragments.feed(self.watch.project, aside.lines)]
        told = {name: value for name, value in told.items() if value is not None}
        if told:
            await self.frame(t="aside", **told)

    async def frame(self, **values: Any) -> None:
        """Send one frame."""
        await self.send(json.dumps(values, ensure_ascii=False))


class RoomConsumer(LiveConsumer):
    """A room's page, perhaps with a person's panel open."""

    def shows(self) -> Any:
        """The view of its people, the eyes, and whose panel is open."""
        return PeopleView.of(self.query), self.eyes, self.panel

    def render(self, step: Step, state: RoomState) -> Region:
        """Return the room's region."""
        view, eyes, identity = self.shows()
        return fragments.room(step.project, self.kwargs["room"], state, view, eyes, identity)

    def feed(self, step: Step) -> list[Any]:
        """Return the new lines."""
        return fragments.feed(step.project, step.entries)


class FactsConsumer(LiveConsumer):
    """The page of a room's facts."""

    def shows(self) -> Any:
        """Only the eyes tell one such page from another."""
        return "facts", self.eyes

    def render(self, step: Step, state: RoomState) -> Region:
        """Return the facts."""
        return facts.region(step.project, self.kwargs["room"], state, self.eyes)


class RoomsConsumer(LiveConsumer):
    """The page of a project's rooms."""

    def shows(self) -> Any:
        """The view of the list and the eyes."""
        return RoomsView.of(self.query), self.eyes

    def render(self, step: Step, state: RoomsState) -> Region:
        """Return the list's region."""
        view, eyes = self.shows()
        return fragments.rooms(step.project, state, view, eyes)


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None


def _say(entries: list[Entry]) -> str:
    """One sentence for those who hear the page: the first changes by name, and how many more."""
    told = [f"{entry.label}: {entry.words}" for entry in entries[:SENTENCES_SAID]]
    more = len(entries) - len(told)
    return ". ".join(told) + (f". {more} more changes" if more > 0 else "")


def _unlocked_until(session_key: str, store: type, standing: Standing) -> float:
    """Read the session afresh: the socket's own copy is as old as its handshake."""
    until = store(session_key).get(access.unlock_key(standing.project), 0.0)
    return float(until)
