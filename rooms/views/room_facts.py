"""Everything that LiveKit tells of a room, live."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from rooms.live import facts, reader
from rooms.livekit.snapshots import RoomState
from rooms.moderation.access import Right, Standing, needs
from rooms.moderation.eyes import eyes_of
from rooms.views.rooms import region_of


@require_GET
@needs(Right.SEE)
async def room_facts(request: HttpRequest, standing: Standing, room: str) -> HttpResponse:
    """Answer with the facts of a room; 404 when LiveKit does not list it."""
    context = await _context(standing, room)
    found = context["room"] or context["seen"].trouble
    return render(request, "room_facts.html", context, status=200 if found else 404)


@require_GET
@needs(Right.SEE)
async def room_facts_region(request: HttpRequest, standing: Standing, room: str) -> HttpResponse:
    """Answer with the live region of that page."""
    return render(request, "_region.html", await _context(standing, room))


async def _context(standing: Standing, name: str) -> dict[str, Any]:
    project = standing.project
    seen = await reader.state_for_page(project, name)
    eyes = await eyes_of(standing)
    state = seen.state if isinstance(seen.state, RoomState) else None
    url = reverse("room", args=[project.slug, name])
    return {
        "name": name,
        "room": state.room if state else None,
        "seen": seen,
        "eyes": eyes,
        "url": url,
        "socket": f"/ws{url}facts/",
        "region": region_of(seen, project, ("facts", eyes), lambda known: facts.region(project, name, known, eyes)),
    }
