"""What happened: every change that a reader saw and kept, of one room or of a whole project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name, localtime
from django.views.decorators.http import require_safe

from rooms.forms.history import GROUPS, HistoryFilter
from rooms.models import FeedEntry
from rooms.models.feed import newest_too_old
from rooms.moderation import access
from rooms.moderation.access import Right, Standing
from rooms.views.audit import without_paging
from rooms.views.keyset import count_of, page_of

_TEACH = (
    "Changes are kept while somebody looks at a room: who joined and left, tracks, hands, attributes, permission, and "
    "what was done from here. An administrator can keep them at all times in the settings of the project."
)


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day (in the zone of the console), newest first."""

    date: date
    entries: list[FeedEntry]


@require_safe
@access.needs(Right.SEE)
async def history(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The project's history: filtered by the address, newest first, 100 changes a page."""
    context = await sync_to_async(_feed)(request.GET, standing, None)
    return render(request, "history.html", context)


@require_safe
@access.needs(Right.SEE)
async def room_history(request: HttpRequest, standing: Standing, room: str) -> HttpResponse:
    """The history of one room, also of one that is closed."""
    context = await sync_to_async(_feed)(request.GET, standing, room)
    return render(request, "room_history.html", context)


def days_of(entries: Iterable[FeedEntry]) -> list[Day]:
    """Cut a run of entries where the day changes."""
    grouped = groupby(entries, key=lambda entry: localtime(entry.at).date())
    return [Day(day, list(found)) for day, found in grouped]


def _feed(query: QueryDict, standing: Standing, room: str | None) -> dict[str, Any]:
    form = HistoryFilter(query, auto_id="filter-%s")
    form.is_valid()
    kept = FeedEntry.objects.filter(project_id=standing.project.pk, pk__gt=newest_too_old(standing.project))
    if room is not None:
        kept = kept.filter(room=room)
    found = kept.filter(form.condition())
    page = page_of(found, query)
    rest = without_paging(query)
    slug = standing.project.slug
    return {
        "standing": standing,
        "project": standing.project,
        "room": room,
        "form": form,
        "days": days_of(page.rows),
        "count": count_of(found),
        "chips": _chips(query),
        "filtered": bool(rest),
        "narrowed": any(query.get(name) for name in ("by", "room", "identity", "since", "until")),
        "newer": f"?{rest}after={page.newer}" if page.newer else "",
        "older": f"?{rest}before={page.older}" if page.older else "",
        "username": standing.user.get_username(),
        "show_room": room is None,
        "zone": get_current_timezone_name(),
        "up": reverse("rooms", args=[slug]) if room is None else reverse("room", args=[slug, room]),
        "up_words": "Go to the rooms" if room is None else "Go to the room",
        "teach": _TEACH,
    }


def _chips(query: QueryDict) -> list[dict[str, Any]]:
    """One chip for each sort of change; the rest of the filter stays as it is."""
    chips = [{"words": "Everything", "icon": "", "kind": ""}]
    chips += [{"words": words, "icon": icon, "kind": value} for value, words, icon, _ in GROUPS]
    current = query.get("kind", "")
    found = []
    for chip in chips:
        address = QueryDict(without_paging(query).rstrip("&"), mutable=True)
        address.pop("kind", None)
        if chip["kind"]:
            address["kind"] = chip["kind"]
        found.append({**chip, "url": f"?{address.urlencode()}", "current": chip["kind"] == current})
    return found
