"""One scenario's room and the acts of the people in it."""

import asyncio
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from livekit.protocol.models import DisconnectReason, TrackInfo, TrackSource

from rooms.simulator.grants import may_publish
from rooms.simulator.state import changes
from rooms.simulator.state.memory import Experience
from rooms.simulator.state.participant import Participant, Profile
from rooms.simulator.state.room import Room, RoomSettings
from rooms.simulator.state.tracks import TrackPlan
from rooms.simulator.state.world import RoomFull, World

HAND = "handRaisedAt"  # the attribute of a raised hand; its value is a time in UTC, ISO 8601
REOPENS_AFTER = (15.0, 30.0)  # seconds until a room that was closed from outside fills again
REJOINS_AFTER = (15.0, 40.0)  # seconds until somebody who was removed comes back, if at all
REJOINS = 0.6  # how likely that is on a self-hosted server
STAYS_MUTED = (20.0, 60.0)  # seconds that a muted person keeps quiet
KEPT_PROFILES = 1000  # of people who might come back
STEPS_UP_AFTER = (1.0, 2.0)  # seconds from being allowed to publish to publishing


class Play(ABC):
    """A scenario: who is there at the start, and what happens next."""

    room: str

    @abstractmethod
    def set_up(self, stage: "Stage") -> None:
        """Open the room and let the first people in."""

    @abstractmethod
    def step(self, stage: "Stage") -> None:
        """Let one small thing happen."""

    pace: tuple[float, float] = (1.0, 3.0)  # seconds between steps


class Stage:
    """The room of one play. Times are in seconds of a life at speed 1."""

    def __init__(self, world: World, room_name: str, rng: random.Random, speed: float) -> None:
        self.world = world
        self.room_name = room_name
        self.rng = rng
        self._speed = speed
        self._past = 1.0  # how much of their past people bring: none into a room that has opened again
        self._sid = ""  # of the room that was set up
        self._quiet_until: dict[str, float] = {}
        self._profiles: dict[str, Profile] = {}
        self._errands: set[asyncio.Task[None]] = set()

    async def run(self, play: Play) -> None:
        """Let the play go on for ever; a room that is closed from outside opens again after a while."""
        while True:
            await self.pause(*play.pace)
            with suppress(RoomFull):  # whoever closed the room may have opened it again with a limit
                if self.room is None or self.room.sid != self._sid:
                    await self.pause(*REOPENS_AFTER)
                    self._past = 0.0
                    play.set_up(self)
                else:
                    play.step(self)

    def close(self) -> None:
        """Stop all errands; the room may close by itself from now on."""
        for errand in self._errands:
            errand.cancel()
        if self.room:
            self.room.kept_open = False

    @property
    def room(self) -> Room | None:
        return self.world.rooms.get(self.room_name)

    @property
    def people(self) -> list[Participant]:
        """Everybody who is there now."""
        return list(self.room.people.values()) if self.room else []

    def open_room(self, metadata: str, minutes_ago: float = 0.0) -> Room:
        """Open the room, or take the one that is there, and hold it open."""
        room = self.world.create_room(self.room_name, RoomSettings(metadata=metadata), self._then(minutes_ago))
        room.kept_open = True
        self._sid = room.sid
        return room

    def enter(self, profile: Profile, minutes_ago: float = 0.0) -> Participant:
        """Let somebody in, or say when in the past they came."""
        room = self.world.rooms[self.room_name]  # a play opens its room first
        if len(self._profiles) > KEPT_PROFILES:
            self._profiles = {who: known for who, known in self._profiles.items() if who in room.people}
        self._profiles[profile.identity] = profile
        return self.world.enter(room, profile, joined_at_ms=self._then(minutes_ago))

    async def pause(self, low: float, high: float) -> None:
        """Wait some time between the two."""
        await asyncio.sleep(self.rng.uniform(low, high) / self._speed)

    def pick(self, people: Sequence[Participant]) -> Participant | None:
        """One of them, None when there is nobody."""
        return self.rng.choice(people) if people else None

    def publish(self, person: Participant, source: int, **plan: Any) -> TrackInfo | None:
        """Publish a track, if the person may and does not already."""
        room = self.room
        if room is None or self.track(person, source) or not may_publish(person.permission, source):
            return None
        return changes.publish(self.world, room, person, TrackPlan(source, **plan))

    def unpublish(self, person: Participant, source: int) -> None:
        """Stop publishing that source."""
        track = self.track(person, source)
        if self.room and track:
            self.world.take_down(self.room, person, track)

    def track(self, person: Participant, source: int) -> TrackInfo | None:
        """The person's track of that source."""
        return next((track for track in person.tracks.values() if track.source == source), None)

    def toggle_mute(self, person: Participant, source: int) -> None:
        """Mute oneself or speak again; somebody whom a moderator has muted keeps quiet for a while."""
        track = self.track(person, source)
        if not (self.room and track):
            return
        if track.muted and time.monotonic() < self._quiet_until.get(person.identity, 0.0):
            return
        changes.set_muted(self.world, self.room, person, track.sid, not track.muted, by_api=False)

    def set_attributes(self, person: Participant, **attributes: str) -> None:
        if self.room:
            changes.merge_attributes(self.world, self.room, person, attributes)

    def raise_hand(self, person: Participant) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.set_attributes(person, **{HAND: now})

    def lower_hand(self, person: Participant) -> None:
        if HAND in person.attributes:
            self.set_attributes(person, **{HAND: ""})

    def leave(self, person: Participant, reason: int = DisconnectReason.CLIENT_INITIATED) -> None:
        if self.room:
            self.world.leave(self.room, person, reason)

    def felt(self, identity: str, experience: Experience) -> None:
        """React to what a moderator has done to somebody here."""
        event = experience["event"]
        if event == "permission_changed" and experience["can_publish"]:
            self._send(self._step_up(identity))
        elif event == "muted":
            self._quiet_until[identity] = time.monotonic() + self.rng.uniform(*STAYS_MUTED) / self._speed
        elif event == "removed" and experience["reason"] == "PARTICIPANT_REMOVED":
            found = self.world.find(self.room_name, identity)
            if found is None and not self.world.manner.cloud and self.rng.random() < REJOINS:
                self._send(self._come_back(identity))

    def _then(self, minutes_ago: float) -> int:
        """That time in milliseconds, UTC."""
        return time.time_ns() // 1_000_000 - int(minutes_ago * self._past * 60_000)

    async def _step_up(self, identity: str) -> None:
        await self.pause(*STEPS_UP_AFTER)
        found = self.world.find(self.room_name, identity)
        if found and found[1].permission.can_publish and self.publish(found[1], TrackSource.MICROPHONE):
            self.lower_hand(found[1])

    async def _come_back(self, identity: str) -> None:
        profile = self._profiles.get(identity)
        await self.pause(*REJOINS_AFTER)
        if profile and self.room and identity not in self.room.people:
            with suppress(RoomFull):
                self.enter(profile)

    def _send(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
