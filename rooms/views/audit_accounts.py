"""The audit of accounts: who added, switched and linked them. It belongs to no project."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rooms.models import AuditEntry
from rooms.views.audit_rows import account_row
from rooms.views.keyset import count_of, page_of
from rooms.views.people import for_keepers


@require_safe
@for_keepers
async def accounts_audit(request: HttpRequest, acting_user: User) -> HttpResponse:
    """What was done to accounts, newest first, 100 entries a page."""
    return await sync_to_async(_audit_page)(request, acting_user)


def _audit_page(request: HttpRequest, acting_user: User) -> HttpResponse:
    entries = AuditEntry.objects.filter(project=None)
    page = page_of(entries, request.GET)
    context = {
        "rows": [account_row(entry, acting_user) for entry in page.rows],
        "count": count_of(entries),
        "newer": f"?after={page.newer}" if page.newer else "",
        "older": f"?before={page.older}" if page.older else "",
    }
    return render(request, "accounts_audit.html", context)


@require_safe
@for_keepers
async def accounts_audit_entry(request: HttpRequest, acting_user: User, pk: int) -> HttpResponse:
    """One entry at its own address, as ``audit.audit_entry`` shows those of a project."""
    entry = await AuditEntry.objects.filter(project=None, pk=pk).afirst()
    if entry is None:
        raise Http404("There is no such entry in the audit of accounts.")
    row = account_row(entry, acting_user)
    context = {"row": row, "back": reverse("accounts_audit"), "link": request.build_absolute_uri(row.url)}
    return await sync_to_async(render)(request, "audit_entry.html", context)
