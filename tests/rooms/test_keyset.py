"""Paging by key walks a table once, whatever is added at its head meanwhile."""

from __future__ import annotations

import pytest

from rooms.models import AuditEntry, Project
from rooms.views import keyset
from rooms.views.keyset import count_of, key_from, page_of


def entries(project: Project, count: int) -> list[int]:
    """The keys of ``count`` new entries, oldest first."""
    return [AuditEntry.objects.create(project=project, verb="mute", username="x").pk for _ in range(count)]


def walk(size: int, name: str, start: dict[str, str]) -> list[list[int]]:
    """The keys of every page from ``start`` on, following ``older`` or ``newer``."""
    pages, query = [], dict(start)
    while True:
        page = page_of(AuditEntry.objects.all(), query, size)
        pages.append([row.pk for row in page.rows])
        key = page.older if name == "before" else page.newer
        if key is None:
            return pages
        query = {name: str(key)}


def test_older_reaches_every_row_once_newest_first(bare_project: Project) -> None:
    keys = entries(bare_project, 7)
    assert [key for page in walk(3, "before", {}) for key in page] == keys[::-1]


def test_newer_leads_back_to_the_head(bare_project: Project) -> None:
    keys = entries(bare_project, 7)
    pages = walk(3, "after", {"after": str(keys[0])})
    assert pages == [[keys[3], keys[2], keys[1]], [keys[6], keys[5], keys[4]]]


def test_rows_added_meanwhile_do_not_shift_a_page(bare_project: Project) -> None:
    keys = entries(bare_project, 4)
    first = page_of(AuditEntry.objects.all(), {}, 2)
    entries(bare_project, 5)
    second = page_of(AuditEntry.objects.all(), {"before": str(first.older)}, 2)
    assert [row.pk for row in second.rows] == [keys[1], keys[0]]
    assert second.older is None
    assert second.newer == keys[1]


def test_a_key_that_is_none_is_the_first_page(bare_project: Project) -> None:
    keys = entries(bare_project, 2)
    for text in ("", "x", "-1", "1e9", "٣", "9" * 40, "\x00"):
        assert key_from({"before": text}, "before") is None
        assert [row.pk for row in page_of(AuditEntry.objects.all(), {"before": text}).rows] == keys[::-1]


def test_counting_stops(bare_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    entries(bare_project, 4)
    monkeypatch.setattr(keyset, "COUNT_LIMIT", 4)
    assert count_of(AuditEntry.objects.all()) == keyset.Count(4, more=False)
    monkeypatch.setattr(keyset, "COUNT_LIMIT", 3)
    assert count_of(AuditEntry.objects.all()) == keyset.Count(3, more=True)
