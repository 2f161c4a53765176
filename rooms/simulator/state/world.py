"""All rooms of one server: how they open and close, who comes and goes."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from livekit.protocol.models import DisconnectReason, ParticipantInfo, TrackInfo

from .memory import Memory
from .participant import Participant, Profile
from .record import INTERVAL
from .room import Room, RoomSettings

JOIN_TIMEOUT = 60  # seconds from JOINED to ACTIVE (``room.go:Join``)
IDLE_CHECK = 1.0  # seconds between looks for idle rooms

EventHook = Callable[[str, Room, Participant | None, TrackInfo | None], None]

# Ends that nobody is told of: the person's own, and those where the session goes on elsewhere.
_OWN_WAYS = frozenset([DisconnectReason.CLIENT_INITIATED, DisconnectReason.MIGRATION])


@dataclass(frozen=True)
class Manner:
    """How this server differs from another: LiveKit Cloud or self-hosted, and its defaults in seconds."""

    cloud: bool = False
    remote_unmute: bool = False
    empty_timeout: int = 300
    departure_timeout: int = 20
    auto_create: bool = True
    counts_interval: float = INTERVAL

    @property
    def unmutes(self) -> bool:
        return self.cloud or self.remote_unmute


class RoomFull(Exception):
    """max_participants is reached."""


class World:
    """The rooms, and the only way to change who is in them."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.rooms: dict[str, Room] = {}
        self.memory = Memory()
        self.hooks: list[EventHook] = []
        self.revoked: dict[tuple[str, str], int] = {}  # tokens with an older nbf are refused (Cloud)
        self.moved: dict[tuple[str, str], str] = {}  # where a session went on (Cloud)
        self._copies: dict[str, list[tuple[Room, Participant]]] = {}  # forwarded people by the original's sid

    def find(self, room: str, identity: str) -> tuple[Room, Participant] | None:
        """The room and the person, None when either is missing."""
        found = self.rooms.get(room)
        person = found.people.get(identity) if found else None
        return (found, person) if found and person else None

    def follow(self, room: str, identity: str) -> tuple[Room, Participant] | None:
        """As ``find``, and in the room that the person was moved to."""
        found = self.find(room, identity)
        moved_to = self.moved.get((room, identity))
        return found or (self.find(moved_to, identity) if moved_to else None)

    def announce(
        self, event: str, room: Room, person: Participant | None = None, track: TrackInfo | None = None
    ) -> None:
        """Tell the webhooks."""
        for hook in self.hooks:
            hook(event, room, person, track)

    def create_room(self, name: str, settings: RoomSettings, created_at_ms: int | None = None) -> Room:
        """Open a room; a live one is returned as it is and ``settings`` are ignored."""
        if name in self.rooms:
            return self.rooms[name]
        manner = self.manner
        settings = replace(
            settings,
            empty_timeout=settings.empty_timeout or manner.empty_timeout,
            departure_timeout=settings.departure_timeout or manner.departure_timeout,
        )
        room = self.rooms[name] = Room(name, settings, created_at_ms, manner.counts_interval)
        self.announce("room_started", room)
        return room

    def close_room(self, room: Room, reason: int) -> None:
        """Close a room and everybody's session in it."""
        room.record.stop()
        room.audience.close()
        for person in list(room.people.values()):
            self.leave(room, person, reason)
        self.rooms.pop(room.name, None)
        self.announce("room_finished", room)

    def enter(
        self, room: Room, profile: Profile, *, active: bool = True, joined_at_ms: int | None = None
    ) -> Participant:
        """Start a session: the newest of an identity wins. Raises RoomFull.

        Without ``active`` it stays JOINED, as a client that never connects its media, and ends after JOIN_TIMEOUT.
        """
        older = room.people.get(profile.identity)
        if older:
            self.leave(room, older, DisconnectReason.DUPLICATE_IDENTITY)
        person = Participant(profile, joined_at_ms)
        if room.full and not person.dependent:
            raise RoomFull
        person.state = int(ParticipantInfo.State.JOINED)
        room.came(person)
        self.changed(room, person)
        if active:
            person.state = int(ParticipantInfo.State.ACTIVE)
            self.changed(room, person)
            self.announce("participant_joined", room, person)
        else:
            asyncio.get_running_loop().call_later(JOIN_TIMEOUT, self._give_up, room, person)
        return person

    def leave(self, room: Room, person: Participant, reason: int) -> None:
        """End a session; its tracks go first. A session that has ended already is left alone."""
        if room.people.get(person.identity) is not person:
            return
        for track in list(person.tracks.values()):
            self.take_down(room, person, track)
        was_active = person.active
        person.state = int(ParticipantInfo.State.DISCONNECTED)
        person.disconnect_reason = reason
        room.left(person)
        self.changed(room, person)
        if reason not in _OWN_WAYS:
            self.memory.tell(room.name, person, "removed", reason=DisconnectReason.Name(reason))
        if person.line:
            person.line.close()
        self.announce("participant_left" if was_active else "participant_connection_aborted", room, person)
        for copy_room, copy in self._copies.pop(person.sid, ()):
            self.leave(copy_room, copy, reason)

    def take_down(self, room: Room, person: Participant, track: TrackInfo) -> None:
        """The server loses a track of ``person``."""
        person.tracks.pop(track.sid, None)
        self.changed(room, person)
        self.memory.tell(room.name, person, "track_unpublished", track_sid=track.sid)
        self.announce("track_unpublished", room, person, track)

    def changed(self, room: Room, person: Participant, *, counts: bool = False) -> None:
        """Something about ``person`` is different now; ``counts`` when the server looks at its counts too.

        Those are the changes that the others are told of at once.
        """
        person.touch()
        if counts:
            room.record.touch()
        if person.disconnect_reason != DisconnectReason.DUPLICATE_IDENTITY:
            room.audience.broadcast(person, immediate=counts)
        for copy_room, copy in self.copies(person):
            copy.imitate(person)
            self.changed(copy_room, copy, counts=counts)

    def add_copy(self, original: Participant, room: Room, copy: Participant) -> None:
        """``copy`` shows ``original`` in another room until either session ends."""
        self._copies.setdefault(original.sid, []).append((room, copy))

    def copies(self, original: Participant) -> Iterator[tuple[Room, Participant]]:
        """The forwarded sessions of ``original`` that still run."""
        for room, copy in self._copies.get(original.sid, ()):
            if room.people.get(copy.identity) is copy:
                yield room, copy

    async def close_idle_rooms(self) -> None:
        """Close rooms whose time is over, for ever."""
        while True:
            await asyncio.sleep(IDLE_CHECK)
            now = time.time()
            for room in [room for room in self.rooms.values() if room.idle(now)]:
                self.close_room(room, DisconnectReason.ROOM_CLOSED)

    def clear(self) -> None:
        """Forget every room and every person, without a word to the webhooks."""
        for room in self.rooms.values():
            room.record.stop()
            room.audience.close()
            for person in room.people.values():
                if person.line:
                    person.line.close()
        self.rooms.clear()
        self.memory.clear()
        self.revoked.clear()
        self.moved.clear()
        self._copies.clear()

    def _give_up(self, room: Room, person: Participant) -> None:
        if not person.active and self.rooms.get(room.name) is room:
            self.leave(room, person, DisconnectReason.JOIN_FAILURE)
