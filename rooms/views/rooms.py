"""The list of rooms and a room: as a page, and as the live region that a page fetches to repair itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from rooms.live import feed, fragments, reader
from rooms.live.people import PeopleView
from rooms.live.roomlist import RoomsView
from rooms.livekit.snapshots import RoomState
from rooms.models import Project
from rooms.moderation.access import Right, Standing, needs
from rooms.moderation.eyes import eyes_of
from rooms.moderation.verbs import verbs_of

NOTHING = fragments.Region({}, {})

# Words of a column, its class, the sort it asks for (None: it does not sort) and the way that is asked for first.
ROOM_COLUMNS = (
    ("Room", "c-name", "name", ""),
    ("People", "c-people", "people", "-"),
    ("Publishers", "c-pub num", "publishers", "-"),
    ("Recording", "c-rec", None, ""),
    ("Open for", "c-age num", "age", "-"),
    ("Metadata", "c-meta", None, ""),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A column head: ``query`` is where a click leads, ``order`` what aria-sort says."""

    words: str
    css: str
    query: str | None
    order: str


@require_GET
@needs(Right.SEE)
async def rooms(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Answer with the project's rooms."""
    return render(request, "rooms.html", await _rooms_context(request, standing))


@require_GET
@needs(Right.SEE)
async def rooms_region(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Answer with the live region of the list for the same query as its page."""
    return render(request, "_region.html", await _rooms_context(request, standing))


@require_GET
@needs(Right.SEE)
async def room(request: HttpRequest, standing: Standing, room: str) -> HttpResponse:
    """Answer with a room: its people and its feed; only the feed where the page's script closes a panel."""
    context = await room_context(request, standing, room)
    if request.headers.get("HX-Target") == "side":
        return render(request, "_feed.html", context)
    return render(request, "room.html", context, status=200 if context["state"] or context["seen"].trouble else 404)


@require_GET
@needs(Right.SEE)
async def room_region(request: HttpRequest, standing: Standing, room: str) -> HttpResponse:
    """Answer with the live region of a room for the same query as its page, ``person`` naming an open panel."""
    context = await room_context(request, standing, room, request.GET.get("person"))
    return render(request, "_region.html", context)


async def _rooms_context(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    view = RoomsView.of(request.GET)
    seen, eyes = await asyncio.gather(reader.state_for_page(standing.project, None), eyes_of(standing))
    url = reverse("rooms", args=[standing.project.slug])
    return {
        "seen": seen,
        "view": view,
        "view_fields": _kept(("show", view.show), ("sort", view.sort if view.sort != RoomsView().sort else "")),
        "eyes": eyes,
        "url": url,
        "socket": f"/ws{url}",
        "heads": [_head(view, *column) for column in ROOM_COLUMNS],
        "region": region_of(
            seen, standing.project, (view, eyes), lambda known: fragments.rooms(standing.project, known, view, eyes)
        ),
    }


def _head(view: RoomsView, words: str, css: str, sort: str | None, first: str) -> Head:
    if sort is None:
        return Head(words, css, None, "")
    current = view.sort.lstrip("-") == sort
    down = view.sort.startswith("-")
    other = sort if down else f"-{sort}"
    order = ("descending" if down else "ascending") if current else ""
    return Head(words, css, view.query(sort=other if current else first + sort), order)


async def room_context(
    request: HttpRequest, standing: Standing, name: str, identity: str | None = None
) -> dict[str, Any]:
    """Return what room.html shows of room ``name``; with ``identity`` the live parts of that person's panel too."""
    project = standing.project
    view = PeopleView.of(request.GET)
    # LiveKit and the database answer at the same time.
    seen, eyes, past = await asyncio.gather(
        reader.state_for_page(project, name), eyes_of(standing), feed.recent(project, name)
    )
    url = reverse("room", args=[project.slug, name])
    state = seen.state if isinstance(seen.state, RoomState) else None
    opposite = {"place": "place"} | {sort: f"-{sort}" if view.sort == sort else sort for sort in ("name", "since")}
    return {
        "name": name,
        "state": state,
        "seen": seen,
        "view": view,
        "view_fields": _kept(
            ("on", view.on), ("kind", view.kind), ("muted", view.muted), ("hidden", "1" if view.hidden else "")
        ),
        "eyes": eyes,
        "url": url,
        "rooms_url": reverse("rooms", args=[project.slug]),
        "socket": f"/ws{url}",
        "sorts": {sort: view.query(sort=asked) for sort, asked in opposite.items()},
        "region": region_of(
            seen,
            project,
            (view, eyes, identity),
            lambda known: fragments.room(project, name, known, view, eyes, identity),
        ),
        "feed": fragments.feed(project, past),
        "hears_chat": project.observer and bool(project.heard_topics),
        "person_verbs": verbs_of("person"),
    }


def region_of(
    seen: reader.Seen, project: Project, shows: Any, make: Callable[[Any], fragments.Region]
) -> fragments.Region:
    """Return the region of what is known now, by the same key as the sockets'; nothing where nothing is known."""
    if seen.state is None:
        return NOTHING
    return fragments.remembered(seen.memo, project, shows, lambda: make(seen.state))


def _kept(*fields: tuple[str, str]) -> Iterable[tuple[str, str]]:
    """What a search keeps of the address: the filters that are on."""
    return [(field, value) for field, value in fields if value]
