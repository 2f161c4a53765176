"""What one client sees of the others in its room, and which of their tracks the server sends it.

As LiveKit's own clients do, it compares each update of somebody with what it knew and tells itself the differences.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from livekit.protocol.models import ParticipantPermission

from .participant import Participant

Tell = Callable[..., None]
_TOLD_OF_PERMISSION = ("can_publish", "can_subscribe", "can_publish_data", "can_update_metadata")


@dataclass(frozen=True)
class Sight:
    """Somebody as a client knows them; ``tracks`` tells of each sid whether it is muted."""

    sid: str
    name: str
    metadata: str
    attributes: dict[str, str]
    permission: ParticipantPermission
    tracks: dict[str, bool]

    @classmethod
    def of(cls, person: Participant) -> "Sight":
        """Somebody as they are now."""
        permission = ParticipantPermission()
        permission.CopyFrom(person.permission)
        tracks = {track.sid: track.muted for track in person.tracks.values()}
        return cls(person.sid, person.name, person.metadata, dict(person.attributes), permission, tracks)


class Witness:
    """One client. ``tell`` gets the name of each event and its details."""

    def __init__(self, tell: Tell, present: Iterable[Participant]) -> None:
        self._tell = tell
        self._known = {person.identity: Sight.of(person) for person in present}
        self._wanted: dict[str, bool] = {}  # by track, what UpdateSubscriptions asked for
        self._subscribed: set[str] = set()

    def sees(self, person: Participant) -> None:
        """An update of somebody has come."""
        before, now = self._known.get(person.identity), Sight.of(person)
        if before and before.sid != now.sid:
            self.loses(person.identity)
            before = None
        self._known[person.identity] = now
        if before is None:
            self._tell("other_joined", identity=person.identity)
            before = Sight(now.sid, now.name, now.metadata, now.attributes, now.permission, {})
        for event, details in _differences(before, now):
            self._tell(event, identity=person.identity, **details)

    def loses(self, identity: str) -> None:
        """Somebody has gone, as far as this client is told."""
        before = self._known.pop(identity, None)
        if before:
            for sid in before.tracks:
                self._tell("other_unpublished", identity=identity, track_sid=sid)
            self._tell("other_left", identity=identity)

    def want(self, sids: Iterable[str], *, subscribe: bool) -> None:
        """An administrator asks for tracks, or that they are not sent any more."""
        self._wanted.update(dict.fromkeys(sids, subscribe))

    def reconcile(self, *, allowed: bool) -> None:
        """Subscribe to what is there and wanted, all of it unless something else was asked for."""
        there = {sid for sight in self._known.values() for sid in sight.tracks}
        right = {sid for sid in there if self._wanted.get(sid, True)} if allowed else set()
        for sid in sorted(self._subscribed - right):
            self._tell("unsubscribed", track_sid=sid)
        for sid in sorted(right - self._subscribed):
            self._tell("subscribed", track_sid=sid)
        self._subscribed = right


def _differences(before: Sight, now: Sight) -> list[tuple[str, dict[str, Any]]]:
    """The events between two sights of the same session."""
    events: list[tuple[str, dict[str, Any]]] = []
    if now.name != before.name:
        events.append(("other_name_changed", {"name": now.name}))
    if now.metadata != before.metadata:
        events.append(("other_metadata_changed", {"metadata": now.metadata}))
    if now.attributes != before.attributes:
        events.append(("other_attributes_changed", {"attributes": now.attributes}))
    if now.permission != before.permission:
        told = {name: getattr(now.permission, name) for name in _TOLD_OF_PERMISSION}
        events.append(("other_permission_changed", told))
    for sid, muted in now.tracks.items():
        if sid not in before.tracks:
            events.append(("other_published", {"track_sid": sid}))
        elif muted != before.tracks[sid]:
            events.append(("other_muted" if muted else "other_unmuted", {"track_sid": sid}))
    gone = [sid for sid in before.tracks if sid not in now.tracks]
    return events + [("other_unpublished", {"track_sid": sid}) for sid in gone]
