"""The audit: who did what to whom, from where, and what LiveKit answered. Every role of a project may read it."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rooms.forms.audit import AuditFilter
from rooms.models import AuditEntry
from rooms.moderation import access
from rooms.moderation.access import Right, Standing
from rooms.moderation.verbs import OF_ACCOUNTS, RECORDED, VERBS, verb_words
from rooms.views.audit_rows import row_of
from rooms.views.keyset import count_of, page_of

_PAGING = ("before", "after")


@require_safe
@access.needs(Right.SEE, deleted=True)
async def audit(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The table: filtered by the address, newest first, 100 entries a page."""
    return render(request, "audit.html", await sync_to_async(_table)(request.GET, standing))


@require_safe
@access.needs(Right.SEE, deleted=True)
async def audit_entry(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """One entry at its own address, with every recorded field before and after."""
    entry = await AuditEntry.objects.filter(project_id=standing.project.pk, pk=pk).afirst()
    if entry is None:
        raise Http404("There is no such entry in the audit of this project.")
    row = row_of(entry, standing)
    context = {
        "standing": standing,
        "project": standing.project,
        "back": reverse("audit", args=[standing.project.slug]),
        "row": row,
        "link": request.build_absolute_uri(row.url),
    }
    return render(request, "audit_entry.html", context)


def filtered(query: QueryDict, standing: Standing) -> tuple[AuditFilter, QuerySet[AuditEntry]]:
    """Return the filter form of an address and the entries of the project that it lets through."""
    form = AuditFilter(query, sorted(_verbs(), key=lambda verb: verb[1]))
    form.is_valid()
    return form, AuditEntry.objects.filter(form.condition(), project_id=standing.project.pk)


def without_paging(query: QueryDict) -> str:
    """Return the address's query without its place in the table and without empty fields, "" or ending in "&"."""
    kept = query.copy()
    for name in [name for name, value in query.items() if name in _PAGING or not value]:
        del kept[name]
    return f"{kept.urlencode()}&" if kept else ""


def _verbs() -> list[tuple[str, str]]:
    """What a project's audit may hold; acts on accounts stand in theirs."""
    return [(name, verb_words(name)) for name in (*VERBS, *RECORDED) if name not in OF_ACCOUNTS]


def _table(query: QueryDict, standing: Standing) -> dict[str, Any]:
    form, entries = filtered(query, standing)
    page = page_of(entries, query)
    rest = without_paging(query)
    slug = standing.project.slug
    chips = _chips(query, standing)
    return {
        "standing": standing,
        "project": standing.project,
        "form": form,
        "narrowed": any(query.get(name) for name in form.fields if name != "q") and not _current(chips),
        "rows": [row_of(entry, standing) for entry in page.rows],
        "count": count_of(entries),
        "chips": chips,
        "filtered": bool(rest),
        "newer": f"?{rest}after={page.newer}" if page.newer else "",
        "older": f"?{rest}before={page.older}" if page.older else "",
        "csv": reverse("audit_csv", args=[slug]) + (f"?{rest[:-1]}" if rest else ""),
        "shows_address": standing.may(Right.ADMINISTER),
    }


def _current(chips: list[dict[str, Any]]) -> bool:
    return any(chip["current"] for chip in chips)


def _chips(query: QueryDict, standing: Standing) -> list[dict[str, Any]]:
    """The questions asked most, one click each; the one that stands in the address is current."""
    me = standing.user.get_username()
    asked = {name: value for name, value in query.items() if value and name not in _PAGING}
    chips: list[tuple[str, str, dict[str, str]]] = [
        ("Everything", "", {}),
        ("By you", "", {"user": me}),
        ("Refused or failed", "circle-x", {"outcome": "trouble"}),
        ("Removals", "user-x", {"verb": "remove"}),
        ("Tokens made", "ticket", {"verb": "token_made"}),
    ]
    found = []
    for words, icon, wanted in chips:
        address = QueryDict(mutable=True)
        address.update(wanted)
        found.append({"words": words, "icon": icon, "url": f"?{address.urlencode()}", "current": asked == wanted})
    return found
