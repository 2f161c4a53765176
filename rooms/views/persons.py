"""A person: the room's page with their panel open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from rooms.live import feed, person_fragments
from rooms.livekit.snapshots import Participant, RoomState
from rooms.models import AuditEntry, FeedEntry
from rooms.moderation.access import Right, Standing, needs
from rooms.moderation.eyes import eyes_of
from rooms.moderation.verbs import VERBS
from rooms.views.audit_rows import row_of
from rooms.views.doing import DOINGS
from rooms.views.rooms import room_context
from rooms.views.scenes import PANEL, Scene
from rooms.views.sections import ORDER, Section, section_of

PAST = 20  # entries of the feed and of the audit


@require_GET
@needs(Right.SEE)
async def person(request: HttpRequest, standing: Standing, room: str, identity: str) -> HttpResponse:
    """Answer with the room's page and the panel of ``identity``; only the panel where the page's script asks for it."""
    if getattr(request, "htmx", False) and request.headers.get("HX-Target") == "side":
        return await _panel_alone(request, standing, room, identity)
    context = await room_context(request, standing, room, identity)
    context |= await panel_context(request, standing, room, identity, context["state"])
    return render(request, "room.html", context, status=_status(context))


async def _panel_alone(request: HttpRequest, standing: Standing, room: str, identity: str) -> HttpResponse:
    whole = await room_context(request, standing, room, identity)
    context = await panel_context(request, standing, room, identity, whole["state"])
    context |= {key: whole[key] for key in ("seen", "eyes", "url", "name")}
    # Also of somebody who is gone: a script shows only what comes with 200.
    return render(request, "_person.html", context)


def _status(context: dict[str, Any]) -> int:
    return 404 if context["gone"] and not context["seen"].trouble else 200


async def panel_context(
    request: HttpRequest, standing: Standing, room: str, identity: str, state: RoomState | None
) -> dict[str, Any]:
    """Return what _person.html shows; ``gone`` when nobody of that identity is in ``state``."""
    present = state.people.get(identity) if state else None
    eyes = await eyes_of(standing)
    slug = standing.project.slug
    context: dict[str, Any] = {
        "panel": True,
        "gone": present is None,
        "person": present,
        "identity": identity,
        "room": room,
        "slug": slug,
        "username": standing.user.get_username(),
        "eyes": eyes,
        # Loudness and connection are known only where an observer receives the microphones.
        "listens": standing.project.observer and standing.project.observer_listens,
        "locked": standing.locked and standing.has_role_for(Right.ACT),
        "base": reverse("person", args=[slug, room, identity]),
        "room_url": reverse("room", args=[slug, room]),
        "past": await feed.recent(standing.project, room, identity, limit=PAST),
        "acts": await _acts(standing, room, identity),
        "last_label": "" if present else await _last_label(standing, room, identity),
    }
    if present is not None:
        live = person_fragments.parts(standing.project, room, present, eyes)
        context["part"] = {name.replace("-", "_"): html for name, html in live.items()}
        context["sections"] = _sections(request, standing, room, present) if eyes.may_act else []
    else:
        context["part"] = {"person_gone": person_fragments.gone_parts()[person_fragments.GONE]}
    return context


def _sections(request: HttpRequest, standing: Standing, room: str, present: Participant) -> list[Section]:
    made = []
    for name in ORDER:
        scene = Scene(request, standing, VERBS[name], room, present.identity, person=present, stands=PANEL)
        form = DOINGS[name].form(scene, None)
        made.append(section_of(scene.verb, form, DOINGS[name].fields, scene.url, present))
    return made


async def _acts(standing: Standing, room: str, identity: str) -> list[Any]:
    entries = AuditEntry.objects.filter(project=standing.project, room=room, identity=identity)
    return [row_of(entry, standing) async for entry in entries.order_by("-at", "-id")[:PAST]]


async def _last_label(standing: Standing, room: str, identity: str) -> str:
    """What a person who is gone was called, if the feed has seen them."""
    entries = FeedEntry.objects.filter(project=standing.project, room=room, identity=identity).exclude(label="")
    latest = await entries.order_by("-at", "-id").afirst()
    return latest.label if latest else ""
