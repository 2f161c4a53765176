"""Many rooms and many people, to measure against."""

import json
import time

from livekit.protocol.models import TrackSource

from .state.participant import Profile
from .state.room import RoomSettings
from .state.tracks import TrackPlan
from .state.world import World

BIG_ROOM = "big-room"
SPEAKERS = 5  # of the big room; one in a hundred of the others raises a hand


def fill(world: World, *, rooms: int, people: int) -> None:
    """Open ``rooms`` small rooms and one of ``people`` (0: none). They stay open."""
    for number in range(rooms):
        metadata = json.dumps({"topic": f"Topic {number % 40}", "desk": number % 7})
        room = world.create_room(f"room-{number:05}", RoomSettings(metadata=metadata))
        room.kept_open = True
        for seat in range(number % 4):
            world.enter(room, Profile(identity=f"visitor-{seat}", name=f"Visitor {seat}"))
        room.record.settle()
    if people:
        _fill_big_room(world, people)


def _fill_big_room(world: World, people: int) -> None:
    room = world.create_room(BIG_ROOM, RoomSettings(metadata=json.dumps({"capacity": people})))
    room.kept_open = True
    now = time.time_ns() // 1_000_000
    for number in range(people):
        attributes = {"lang": ("en", "de", "pt", "ja")[number % 4], "ticket": f"T-{number:06}"}
        if number % 100 == 99:
            attributes["handRaisedAt"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        profile = Profile(
            identity=f"guest-{number:05}",
            name=f"Guest {number}",
            metadata=json.dumps({"seat": number}),
            attributes=attributes,
        )
        profile.permission.can_publish = number < SPEAKERS
        person = world.enter(room, profile, joined_at_ms=now - (people - number) * 10)
        if number < SPEAKERS:
            person.publish(TrackPlan(TrackSource.MICROPHONE))
            person.publish(TrackPlan(TrackSource.CAMERA))
            world.changed(room, person, counts=True)
    room.record.settle()
