"""From differences to the feed: what changed, in words, when, and whether it was done from here and by whom."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from rooms.live import words as say
from rooms.live.changes import QUIET, Change, diff, diff_rooms
from rooms.live.delta import State
from rooms.live.hands import keys_of
from rooms.livekit.snapshots import Participant, RoomsState, RoomState
from rooms.models import FeedEntry, Project

logger = logging.getLogger(__name__)

VALUE_LIMIT = 2_000  # characters
# What participants write in the chat: no change of the room, and told apart from everything that LiveKit says.
SAID = "said"
# What the list of rooms alone can tell. The rest of a room's story is told where the room itself is watched.
LIST_KINDS = frozenset({"room_opened", "room_closed"})


@dataclass(frozen=True, slots=True)
class Act:
    """An action of a user of Greenroom in ``room``: it marks the changes that it caused as done from here."""

    username: str
    verb: str
    room: str
    # Empty when it concerns the room itself.
    identity: str = ""

    def caused(self, change: Change) -> bool:
        """Whether the act is the reason of ``change``: it names the person, or the room, or closed it on everybody."""
        if change.identity is None:
            return not self.identity and self.room == change.label
        return self.verb == "close_room" or self.identity == change.identity


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the feed, as it is pushed; a stored FeedEntry has the same names."""

    key: str
    room: str
    at: datetime
    kind: str
    identity: str
    label: str
    field: str
    old: Any
    new: Any
    words: str
    tone: str
    icon: str
    by: str
    verb: str


def lines(old: State, new: State, project: Project, room: str | None, acts: Iterable[Act] = ()) -> list[Entry]:
    """Return the feed's lines for the step from ``old`` to ``new`` of ``room`` (None: the project's list).

    Those that one of ``acts`` caused carry its user and verb. Hidden people are left out where the project hides them.
    """
    if isinstance(old, RoomState) and isinstance(new, RoomState):
        people = {**old.people, **new.people}
        changes = [
            change
            for change in diff(old, new)
            if change.kind not in QUIET
            and (project.show_hidden or not (change.identity in people and people[change.identity].hidden))
        ]
    elif isinstance(old, RoomsState) and isinstance(new, RoomsState):
        changes = [change for change in diff_rooms(old, new) if change.kind in LIST_KINDS]
    else:
        raise TypeError("A room's state and a list of rooms cannot be compared.")
    keys = keys_of(project.hand_attributes)
    known = tuple(acts)
    return [
        _entry(change, room, new.read_at, next((act for act in known if act.caused(change)), None), keys)
        for change in changes
    ]


def _entry(change: Change, room: str | None, at: datetime, act: Act | None, keys: tuple[str, ...]) -> Entry:
    kind, words, tone, icon = change.kind, change.words, change.tone or "", change.icon
    if change.kind == "attribute" and change.field in keys:
        kind, words, tone, icon = _hand(change)
    return Entry(
        key=_new_key(),
        room=change.label if room is None else room,
        at=at,
        kind=kind,
        identity=change.identity or "",
        label=change.label,
        field=change.field,
        old=_kept(change.old),
        new=_kept(change.new),
        words=words,
        tone=tone,
        icon=icon,
        by=act.username if act else "",
        verb=act.verb if act else "",
    )


def said(room: str, at: datetime, identity: str, person: Participant | None, topic: str, text: str) -> Entry:
    """Return the line for ``text``, said in ``room`` on a chat topic; without an identity it was sent to the room."""
    words = f"{'said' if identity else 'was sent'} “{say.short(text)}”"
    label = (person.name if person else "") or identity
    return _aside(room, at, identity, label, topic, text, words)


def missed(room: str, at: datetime, count: int) -> Entry:
    """Return the line for so many chat messages that came faster than Greenroom shows them."""
    words = f"{count:,} more chat message{'' if count == 1 else 's'} came too fast to be shown"
    return _aside(room, at, "", "", "", None, words)


def _aside(room: str, at: datetime, identity: str, label: str, topic: str, text: str | None, words: str) -> Entry:
    return Entry(
        key=_new_key(),
        room=room,
        at=at,
        kind=SAID,
        identity=identity,
        label=label,
        field=topic,
        old=None,
        new=_kept(text),
        words=words,
        tone="",
        icon="message-square",
        by="",
        verb="",
    )


def _new_key() -> str:
    """The name of a line until it is stored."""
    return f"new-{secrets.token_hex(6)}"


def _kept(value: Any) -> Any:
    """Metadata may be half a megabyte; the feed keeps its beginning, the audit keeps all that was done from here."""
    return f"{value[:VALUE_LIMIT]}…" if isinstance(value, str) and len(value) > VALUE_LIMIT else value


def _hand(change: Change) -> tuple[str, str, str, str]:
    if change.new:
        return "hand_raised", "raised a hand", "hand", "hand"
    return "hand_lowered", "lowered the hand", "", "hand"


async def record(project: Project, entries: list[Entry]) -> list[Entry]:
    """Keep ``entries`` in the database and return them with their stored keys.

    A database that is away costs the history, never the live page.
    """
    if not entries:
        return entries
    rows = [FeedEntry(project_id=project.pk, **{name: getattr(each, name) for name in STORED}) for each in entries]
    try:
        stored = await FeedEntry.objects.abulk_create(rows)
    except Exception:
        logger.exception("%d lines of the feed could not be stored.", len(rows))
        return entries
    return [replace(each, key=str(row.pk)) for each, row in zip(entries, stored, strict=True)]


async def recent(project: Project, room: str, identity: str | None = None, limit: int = 60) -> list[Entry]:
    """Return the latest entries of ``room`` (of one person there), the newest first."""
    rows = FeedEntry.objects.filter(project_id=project.pk, room=room)
    if identity is not None:
        rows = rows.filter(identity=identity)
    latest = rows.order_by("-id")[:limit]
    return [Entry(key=str(row.pk), **{name: getattr(row, name) for name in STORED}) async for row in latest]


STORED = tuple(each.name for each in fields(Entry) if each.name != "key")
