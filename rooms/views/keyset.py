"""Pages by key, for tables that grow at their head.

Page numbers slide while a table grows and cost more the further one goes; the key of a row does neither.
Keys rise with time in the audit and in the feed, so newest first is ``-pk``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

PAGE_SIZE = 100
# Counting stops here: "more than 10,000" says as much as the exact figure and stays quick.
COUNT_LIMIT = 10_000
_LARGEST_KEY = 2**63 - 1

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows newest first; ``newer`` and ``older`` are the keys for ``?after=`` and ``?before=``, None at an end."""

    rows: list[M]
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows match: exact, or at least ``number`` when ``more``."""

    number: int
    more: bool


def key_from(query: Mapping[str, str], name: str) -> int | None:
    """Return the row key of a query parameter; None when it is absent or not a key."""
    text = query.get(name, "")
    if not (text.isascii() and text.isdigit()):
        return None
    key = int(text[:20])
    return key if key <= _LARGEST_KEY else None


def page_of(queryset: QuerySet[M], query: Mapping[str, str], size: int = PAGE_SIZE) -> Page[M]:
    """Return the page that ``?before=`` or ``?after=`` asks for; without either, the newest ``size`` rows."""
    before, after = key_from(query, "before"), key_from(query, "after")
    if before is None and after is not None:
        rows = list(queryset.filter(pk__gt=after).order_by("pk")[: size + 1])
        newer = rows[size - 1].pk if len(rows) > size else None
        rows = rows[:size][::-1]
        older = rows[-1].pk if rows and queryset.filter(pk__lt=rows[-1].pk).exists() else None
        return Page(rows, newer, older)
    if before is not None:
        queryset = queryset.filter(pk__lt=before)
    rows = list(queryset.order_by("-pk")[: size + 1])
    older = rows[size - 1].pk if len(rows) > size else None
    return Page(rows[:size], rows[0].pk if before is not None and rows else None, older)


def count_of(queryset: QuerySet[M]) -> Count:
    """Count the rows, giving up (``more``) beyond ``COUNT_LIMIT``."""
    number = queryset.order_by()[: COUNT_LIMIT + 1].count()
    return Count(min(number, COUNT_LIMIT), number > COUNT_LIMIT)
