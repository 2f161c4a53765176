"""The live region of a room's facts: everything that LiveKit tells of the room, its metadata among it.

Context builders take plain data: no request, no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse

from rooms.live.fragments import Region
from rooms.livekit.snapshots import Room, RoomState
from rooms.models import Project
from rooms.moderation.eyes import Eyes


@dataclass(frozen=True, slots=True)
class RoomFact:
    """One field of Room with its explanation; ``moment`` ticks, ``code`` can be copied."""

    label: str
    words: str = ""
    help: str = ""
    code: str = ""
    moment: datetime | None = None


def region(project: Project, name: str, state: RoomState, eyes: Eyes) -> Region:
    """Return the facts of room ``name`` as one part; where it is not open, that it is not."""
    context = {
        "room": state.room,
        "facts": facts(state.room, state) if state.room else [],
        "eyes": eyes,
        "url": reverse("room", args=[project.slug, name]),
    }
    return Region({"facts": render_to_string("_room_facts.html", context)}, {})


def facts(room: Room, state: RoomState) -> list[RoomFact]:
    """Every field of Room but its metadata and ``turn_password``, which is a secret and never read."""
    people = state.people.values()
    counted = sum(person.counted for person in people)
    return [
        RoomFact("Sid", code=room.sid),
        RoomFact("Opened", "not known", moment=room.created_at),
        RoomFact("People", f"{counted:,}", "Counted here; agents and egress are left out, hidden people are not."),
        RoomFact("People, as LiveKit says", f"{room.num_participants:,}", "LiveKit’s own count lags by seconds."),
        RoomFact("Publishers", f"{sum(person.is_publisher for person in people):,}"),
        RoomFact("Publishers, as LiveKit says", f"{room.num_publishers:,}"),
        RoomFact("Maximum of people", f"{room.max_participants:,}" if room.max_participants else "no limit"),
        RoomFact("Empty timeout", f"{room.empty_timeout:,} s", "How long it stays open before anybody has joined."),
        RoomFact("Departure timeout", f"{room.departure_timeout:,} s", "How long it stays open when all have left."),
        RoomFact("Recording", "yes" if room.active_recording else "no"),
        RoomFact("Codecs", ", ".join(_codec(each.mime, each.fmtp_line) for each in room.enabled_codecs) or "not given"),
    ]


def _codec(mime: str, line: str) -> str:
    return f"{mime} ({line})" if line else mime
