"""Everything that LiveKit tells of a room, its metadata among it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from rooms.live import reader
from rooms.livekit.snapshots import Room, RoomState
from rooms.moderation.access import Right, Standing, needs
from rooms.moderation.eyes import eyes_of


@dataclass(frozen=True, slots=True)
class RoomFact:
    """One field of Room with its explanation; ``moment`` ticks, ``code`` can be copied."""

    label: str
    words: str = ""
    help: str = ""
    code: str = ""
    moment: datetime | None = None


@require_GET
@needs(Right.SEE)
async def room_facts(request: HttpRequest, standing: Standing, room: str) -> HttpResponse:
    """Answer with the facts of a room; 404 when LiveKit does not list it."""
    seen = await reader.state_for_page(standing.project, room)
    state = seen.state if isinstance(seen.state, RoomState) else None
    now = state.room if state else None
    context: dict[str, Any] = {
        "name": room,
        "room": now,
        "seen": seen,
        "eyes": await eyes_of(standing),
        "url": reverse("room", args=[standing.project.slug, room]),
        "facts": facts(now, state) if now and state else [],
    }
    return render(request, "room_facts.html", context, status=200 if now or seen.trouble else 404)


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
