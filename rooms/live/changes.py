"""What changed between two states of LiveKit, each change named in words. Pure.

``apply(diff(old, new), old) == new``: no difference goes unnamed. The order of people, rooms and tracks in the
states does not matter (livekit.md 0.5), and the order of the result is always the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from rooms.live import words as say
from rooms.livekit.snapshots import DataTrack, Participant, Permission, Room, RoomsState, RoomState, Track

# Kinds that keep a page right and are too small for the feed: figures that lag, and facts that follow from others.
QUIET = frozenset({"counts", "fact"})

State = TypeVar("State", RoomState, RoomsState)

ROOM_FACTS = ("created_at", "empty_timeout", "departure_timeout", "max_participants", "enabled_codecs")
ROOM_COUNTS = ("num_participants", "num_publishers")
# Named only when nothing else about the person is: is_publisher, for one, follows from the tracks.
PERSON_FACTS = (
    "kind",
    "kind_details",
    "joined_at",
    "region",
    "is_publisher",
    "disconnect_reason",
    "client_protocol",
    "capabilities",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change, told without the name of whom it concerns: "microphone muted", "lang: en → de".

    ``identity`` is None when it concerns the room; ``sid`` is the participant's or the room's. ``old`` and ``new``
    are whole, and JSON can carry them; ``words`` cuts them short. ``tone`` is a meaning of the look ("stage",
    "hidden") or None, ``icon`` the name of a Lucide icon.
    """

    kind: str
    identity: str | None
    sid: str
    label: str
    field: str
    old: Any
    new: Any
    words: str
    tone: str | None
    icon: str
    track_sid: str = ""
    # What `apply` puts in place: the participant or the room as it is now, None when gone.
    after: Participant | Room | None = dataclasses.field(default=None, compare=False, repr=False)


def diff(old: RoomState, new: RoomState) -> list[Change]:
    """The changes from ``old`` to ``new`` in one room: the room's own, then each person's by identity."""
    closed = old.room is not None and new.room is None
    of_room = list(_room(old.room, new.room))
    of_people = [change for identity in _touched(old, new) for change in _person(old, new, identity)]
    return of_people + of_room if closed else of_room + of_people


def diff_rooms(old: RoomsState, new: RoomsState) -> list[Change]:
    """The changes from ``old`` to ``new`` in a project's list, by room name; ``label`` is the room's name."""
    names = [name for name, room in new.rooms.items() if (was := old.rooms.get(name)) is not room and was != room]
    names += [name for name in old.rooms if name not in new.rooms]
    return [change for name in sorted(names) for change in _room(old.rooms.get(name), new.rooms.get(name))]


def apply(changes: Iterable[Change], old: State) -> State:
    """``old`` with ``changes`` made; it keeps ``read_at``."""
    if isinstance(old, RoomsState):
        rooms = dict(old.rooms)
        for change in changes:
            _put(rooms, change.label, change.after)
        return dataclasses.replace(old, rooms=rooms)
    room, people = old.room, dict(old.people)
    for change in changes:
        if change.identity is not None:
            _put(people, change.identity, change.after)
        else:
            room = change.after if isinstance(change.after, Room) else None
    return dataclasses.replace(old, room=room, people=people)


def _put(entries: dict[str, Any], key: str, entry: Participant | Room | None) -> None:
    if entry is None:
        entries.pop(key, None)
    else:
        entries[key] = entry


def _touched(old: RoomState, new: RoomState) -> list[str]:
    before = old.people
    touched = [key for key, person in new.people.items() if (was := before.get(key)) is not person and was != person]
    touched += [key for key in before if key not in new.people]
    return sorted(touched)


def _room(old: Room | None, new: Room | None) -> Iterator[Change]:
    room = new or old
    if room is None or old == new:
        return

    def change(kind: str, name: str, was: Any, now: Any, words: str, icon: str) -> Change:
        return Change(kind, None, room.sid, room.name, name, was, now, words, None, icon, after=new)

    if old is None or new is None or old.sid != new.sid:
        if old is not None:
            yield dataclasses.replace(
                change("room_closed", "sid", old.sid, None, "closed", "door-closed"), sid=old.sid, after=None
            )
        if new is not None:
            yield change("room_opened", "sid", None, new.sid, "opened", "door-open")
        return
    if old.metadata != new.metadata:
        words = say.metadata(old.metadata, new.metadata)
        yield change("room_metadata", "metadata", old.metadata, new.metadata, words, "braces")
    if old.active_recording != new.active_recording:
        words = "recording started" if new.active_recording else "recording stopped"
        yield change("recording", "active_recording", old.active_recording, new.active_recording, words, "disc")
    for name, was, now in _differing(old, new, (*ROOM_FACTS, "name", *ROOM_COUNTS)):
        kind, icon = ("counts", "users") if name in ROOM_COUNTS else ("settings", "settings-2")
        yield change(kind, name, was, now, _transition(name.replace("_", " "), was, now), icon)


def _person(old: RoomState, new: RoomState, identity: str) -> Iterator[Change]:
    before, after = old.people.get(identity), new.people.get(identity)
    if after is None:
        if before is not None:
            tone = "hidden" if before.hidden else None
            yield _about(before, None, "left", "sid", before.sid, None, "left", tone=tone, icon="log-out")
        return
    if before is None:
        tone, icon = ("hidden", "eye-off") if after.hidden else (None, say.KIND_ICONS.get(after.kind, "log-in"))
        yield _about(after, after, "joined", "sid", None, after.sid, say.joined(after), tone=tone, icon=icon)
        yield from _tracks(after, (), _all_tracks(after))
        return
    told = list(_known_person(before, after))
    yield from told
    if not told:
        for name, was, now in _differing(before, after, PERSON_FACTS):
            words = _transition(name.replace("_", " "), was, now)
            yield _about(after, after, "fact", name, was, now, words, icon="info")


def _known_person(before: Participant, after: Participant) -> Iterator[Change]:
    if before.sid != after.sid:
        words = "is back with a new session"
        yield _about(after, after, "rejoined", "sid", before.sid, after.sid, words, icon="log-in")
    elif before.state != after.state:
        words = say.STATES.get(after.state) or _transition("state", before.state, after.state)
        yield _about(after, after, "state", "state", before.state, after.state, words, icon="plug")
    if before.name != after.name:
        words = _transition("name", before.name, after.name)
        yield _about(after, after, "name", "name", before.name, after.name, words, icon="pencil")
    if before.metadata != after.metadata:
        words = say.metadata(before.metadata, after.metadata)
        yield _about(after, after, "metadata", "metadata", before.metadata, after.metadata, words, icon="braces")
    yield from _attributes(before, after)
    yield from _permission(before, after)
    yield from _tracks(after, _all_tracks(before), _all_tracks(after))


def _attributes(before: Participant, after: Participant) -> Iterator[Change]:
    if before.attributes == after.attributes:
        return
    for key in sorted(before.attributes.keys() | after.attributes.keys()):
        was, now = before.attributes.get(key), after.attributes.get(key)
        if was == now:
            continue
        name = say.short(key) if key else "attribute without a key"
        if was is None:
            words = f"{name} set to {say.short(now)}"
        elif now is None:
            words = f"{name} removed"
        else:
            words = _transition(name, was, now)
        yield _about(after, after, "attribute", key, was, now, words, icon="tag")


def _permission(before: Participant, after: Participant) -> Iterator[Change]:
    for name, was, now in _differing(before.permission, after.permission, (*Permission.FIELDS, "unknown")):
        tone, icon = None, "shield"
        words = _transition(say.PERMISSION.get(name, name), was, now)
        if name == "can_publish":
            tone, icon = ("stage", "circle-arrow-up") if now else (None, "circle-arrow-down")
        elif name == "hidden":
            tone, icon = "hidden", "eye-off"
        elif name == "can_publish_sources":
            words = f"{say.PERMISSION[name]}: {say.sources(was)} → {say.sources(now)}"
        elif name == "unknown":
            was, now, words = None, None, "permission changed in a field that Greenroom does not know"
        yield _about(after, after, "permission", name, was, now, words, tone=tone, icon=icon)


def _tracks(
    person: Participant, before: Sequence[Track | DataTrack], after: Sequence[Track | DataTrack]
) -> Iterator[Change]:
    was_by_sid = {track.sid: track for track in before}
    now_by_sid = {track.sid: track for track in after}
    for sid in sorted(was_by_sid.keys() | now_by_sid.keys()):
        was, now = was_by_sid.get(sid), now_by_sid.get(sid)
        if was == now:
            continue
        for change in _track(person, was, now):
            yield dataclasses.replace(change, track_sid=sid)


def _track(person: Participant, was: Track | DataTrack | None, now: Track | DataTrack | None) -> Iterator[Change]:
    if was is not None and (now is None or type(was) is not type(now)):
        icon = say.track_icon(was, live=False)
        yield _about(person, person, "unpublished", "tracks", was.label, None, say.unpublished(was), icon=icon)
    if now is not None and (was is None or type(was) is not type(now)):
        icon = say.track_icon(now, live=not getattr(now, "muted", False))
        words = say.published(now)
        yield _about(person, person, "published", "tracks", None, now.label, words, tone="stage", icon=icon)
    if was is None or now is None or type(was) is not type(now):
        return
    for name, old, new in _differing(was, now, [each.name for each in dataclasses.fields(now) if each.compare]):
        if name == "muted":
            kind, icon = ("muted" if new else "unmuted"), say.track_icon(now, live=not new)
            yield _about(person, person, kind, name, old, new, f"{now.label} {kind}", icon=icon)
        else:
            words = _transition(f"{now.label} {name.replace('_', ' ')}", old, new)
            yield _about(person, person, "track", name, old, new, words, icon=say.track_icon(now, live=True))


def _all_tracks(person: Participant) -> tuple[Track | DataTrack, ...]:
    return (*person.tracks, *person.data_tracks)


def _about(
    person: Participant,
    after: Participant | None,
    kind: str,
    name: str,
    old: Any,
    new: Any,
    words: str,
    *,
    tone: str | None = None,
    icon: str,
) -> Change:
    return Change(kind, person.identity, person.sid, person.label, name, old, new, words, tone, icon, after=after)


def _differing(old: Any, new: Any, names: Iterable[str]) -> Iterator[tuple[str, Any, Any]]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield name, say.plain(was), say.plain(now)


def _transition(name: str, was: Any, now: Any) -> str:
    if any(isinstance(each, dict) for value in (was, now) if isinstance(value, tuple) for each in value):
        return f"{name} changed"
    return f"{name}: {say.short(was)} → {say.short(now)}"
