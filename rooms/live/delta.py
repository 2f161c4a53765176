"""The difference between two states as plain values, for the processes that do not read LiveKit themselves.

Pure. ``apply(old, delta(old, new))`` has the people and rooms of ``new``; a delta that is applied twice, or
late, changes nothing that is newer: a participant's ``version`` only rises within a session (sid).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from rooms.livekit.snapshots import Participant, Room, RoomsState, RoomState, pack, unpack

State = RoomState | RoomsState

# Above this many changed entries the receivers read for themselves: one call is cheaper than the message.
LARGEST_DELTA = 300


def newest(old: Mapping[str, Participant], read: Mapping[str, Participant]) -> dict[str, Participant]:
    """Return ``read`` with each person that ``old`` knows in a later version of the same session kept.

    A list that LiveKit began to answer before an own action was confirmed may be older than what we know.
    """
    people = dict(read)
    for identity, known in old.items():
        seen = people.get(identity)
        if seen is not None and seen is not known and seen.sid == known.sid and seen.version < known.version:
            people[identity] = known
    return people


def delta(old: State, new: State) -> dict[str, Any] | None:
    """Return what changed from ``old`` to ``new`` as a msgpack-able dict, or None when nothing did."""
    if isinstance(new, RoomState) and isinstance(old, RoomState):
        changed, gone = _entries(old.people, new.people)
        same_room = old.room == new.room
        if same_room and not changed and not gone and old.watched == new.watched:
            return None
        message: dict[str, Any] = {"gone": gone, "large": len(changed) > LARGEST_DELTA, "watched": new.watched}
        if not same_room:
            message["room"] = pack(new.room) if new.room else None
        message["people"] = [] if message["large"] else [pack(person) for person in changed]
        return message
    if isinstance(new, RoomsState) and isinstance(old, RoomsState):
        changed_rooms, gone = _entries(old.rooms, new.rooms)
        if not changed_rooms and not gone:
            return None
        large = len(changed_rooms) > LARGEST_DELTA
        return {"gone": gone, "large": large, "rooms": [] if large else [pack(room) for room in changed_rooms]}
    raise TypeError("A room's state and a list of rooms cannot be compared.")


def apply(state: State, message: Mapping[str, Any], read_at: datetime) -> State:
    """Return ``state`` with a message of :func:`delta` applied; ``read_at`` is when LiveKit said so (UTC)."""
    if isinstance(state, RoomState):
        people = {identity: person for identity, person in state.people.items() if identity not in message["gone"]}
        arrived = [unpack(Participant, packed) for packed in message["people"]]
        people.update({person.identity: person for person in arrived})
        room = state.room
        if "room" in message:
            room = unpack(Room, message["room"]) if message["room"] else None
        known = newest(state.people, people)
        return replace(state, room=room, people=known, read_at=read_at, watched=message.get("watched", False))
    rooms = {name: room for name, room in state.rooms.items() if name not in message["gone"]}
    listed = [unpack(Room, packed) for packed in message["rooms"]]
    rooms.update({room.name: room for room in listed})
    return replace(state, rooms=rooms, read_at=read_at)


def _entries(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    changed = [entry for key, entry in new.items() if (was := old.get(key)) is not entry and was != entry]
    return changed, [key for key in old if key not in new]
