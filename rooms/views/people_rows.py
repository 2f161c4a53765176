"""The list of accounts as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from rooms.forms.audit import any_of
from rooms.live.paging import cut, page_number, query_string
from rooms.models import Membership
from rooms.moderation import access

PAGE_SIZE = 50
SHOWS: dict[str, tuple[str, Q]] = {
    "": ("All", Q()),
    "superuser": ("Administer all", Q(is_superuser=True)),
    "alone": ("Without a role", Q(memberships=None, is_superuser=False)),
    "off": ("Switched off", Q(is_active=False)),
}


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account. ``roles`` are (project's name, address of its members, role); ``may_change`` is not oneself."""

    user: User
    me: bool
    may_change: bool
    roles: list[tuple[str, str, str]]


def listing(query: Mapping[str, str], acting_user: User) -> dict[str, Any]:
    """The context of the page that ``?q=&show=&page=`` asks for. Unknown values fall back to the default. Database."""
    q = (query.get("q") or "").strip()[:150]
    show = query.get("show") or ""
    show = show if show in SHOWS else ""
    named = User.objects.filter(any_of(("username",), q) if q else Q()).order_by("username")
    keys = list(named.filter(SHOWS[show][1]).values_list("pk", flat=True))
    page = cut(keys, page_number(query.get("page") or ""), PAGE_SIZE)
    now = {"q": q, "show": show, "page": page.page}

    def address(**changes: Any) -> str:
        return "?" + query_string({**now, "page": 1, **changes}, {"page": 1})

    return {
        "rows": _rows(page.rows, acting_user),
        "cut": page,
        "q": q,
        "show": show,
        "narrowed": bool(q or show),
        "chips": [
            {
                "words": f"{words} {named.filter(condition).count():,}",
                "url": address(show=name),
                "current": name == show,
            }
            for name, (words, condition) in SHOWS.items()
        ],
        "previous": address(page=page.page - 1) if page.page > 1 else "",
        "next": address(page=page.page + 1) if page.page < page.pages else "",
        "here": address(page=page.page),
    }


def _rows(keys: tuple[int, ...], acting_user: User) -> list[AccountRow]:
    roles: dict[int, list[tuple[str, str, str]]] = {}
    memberships = Membership.objects.filter(user__in=keys).select_related("project").order_by("project__name")
    for each in memberships:
        members = reverse("project_settings", args=[each.project.slug]) + "#members"
        roles.setdefault(each.user_id, []).append((each.project.name, members, each.role))
    return [
        AccountRow(user, user == acting_user, access.may_change_account(acting_user, user), roles.get(user.pk, []))
        for user in User.objects.filter(pk__in=keys).order_by("username")
    ]
