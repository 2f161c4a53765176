"""Reading LiveKit for a topic, and how often."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from rooms.live.bus import Topic
from rooms.live.delta import State, newest
from rooms.live.ours import without_ours
from rooms.livekit import client
from rooms.livekit.snapshots import RoomsState, RoomState
from rooms.models import Project

# A quiet room is read less often: after so many seconds without a change, the interval is so many times longer.
QUIET = ((60.0, 2.0), (300.0, 5.0))
LONGEST_BACK_OFF = 30.0
# For the history alone, a reading this many times rarer is enough.
PATIENT = 5.0
# Reading takes at most a quarter of the time, so that a list of 10,000 cannot fill the process.
SHARE_OF_TIME = 3.0
# The list of rooms lags by seconds on LiveKit's own side (livekit.md 0.6): reading it faster tells nothing.
LIST_INTERVALS = 2.0
# Hints come in bursts (room, participant, tracks). The first readings follow each other closely, so that a change is
# on the page before it is noticed; when so many fell into one second, the next ones wait.
SHORTEST_GAP = 0.03
CLOSE_READINGS = 5
LONGER_GAP = 0.15
# LiveKit may tell its participants a moment before it lists the same: look again when a hint showed nothing.
LOOK_AGAIN = 0.25


async def read(project: Project, topic: Topic, known: State | None) -> State:
    """Read the topic's state from LiveKit; raises LiveKitError.

    A room takes two calls at once (the room, its people), the list one. What ``known`` holds in the
    same version is kept, not built again.
    """
    connection = project.connection
    if topic.room is None:
        before_rooms = known.rooms if isinstance(known, RoomsState) else {}
        rooms = await client.list_rooms(connection, previous=before_rooms)
        return RoomsState(rooms=rooms, read_at=datetime.now(UTC))
    before = known.people if isinstance(known, RoomState) else {}
    listed, people = await asyncio.gather(
        client.list_rooms(connection, (topic.room,)),
        client.list_participants(connection, topic.room, before),
    )
    others = without_ours(topic.project_id, topic.room, people)
    # One that is still connecting sees nothing yet, and perhaps never will (`rooms.live.outside`).
    watched = any(people[identity].state == "ACTIVE" for identity in people.keys() - others.keys())
    return RoomState(listed.get(topic.room), newest(before, others), datetime.now(UTC), watched)


def gap(lately: int, read_took: float) -> float:
    """Return the seconds that a hint waits after a reading; ``lately`` is how many readings the last second had."""
    return max(SHORTEST_GAP if lately < CLOSE_READINGS else LONGER_GAP, read_took)


def pause(
    project: Project, topic: Topic, quiet_for: float, read_took: float, failures: int, *, attended: bool = True
) -> float:
    """Return the seconds until the next reading.

    The project's interval (twice that for the list), longer when nothing changed for ``quiet_for`` seconds, when nobody
    but the history looks, when reading itself takes long, and doubling to half a minute while LiveKit fails.
    """
    interval = project.reading_interval * (LIST_INTERVALS if topic.room is None else 1.0)
    interval *= 1.0 if attended else PATIENT
    if failures:
        return min(LONGEST_BACK_OFF, interval * 2.0 ** min(failures - 1, 6))
    for after, times in reversed(QUIET):
        if quiet_for >= after:
            interval *= times
            break
    return max(interval, read_took * SHARE_OF_TIME)
