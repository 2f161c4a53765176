"""The audit as a spreadsheet reads it: the same filter as the page, every entry, streamed."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from datetime import UTC
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from rooms.models import AuditEntry
from rooms.moderation import access
from rooms.moderation.access import Right, Standing
from rooms.views.audit import filtered

_CHUNK = 500
# A cell that starts with one of these is a formula to a spreadsheet, or becomes one when it is pasted.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = (
    "entry", "at", "user", "address", "verb", "room", "identity", "target", "track_sid",
    "before", "after", "reason", "outcome", "answer", "duration_ms",
)  # fmt: skip


class _Line:
    """What ``csv.writer`` writes to: hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


@require_safe
@access.needs(Right.SEE, deleted=True)
async def audit_csv(request: HttpRequest, standing: Standing) -> StreamingHttpResponse:
    """Newest first, UTF-8, times in UTC; the address only for administrators, as on the page."""
    entries = filtered(request.GET, standing)[1].order_by("-pk")
    answer = StreamingHttpResponse(
        _lines(entries, with_address=standing.may(Right.ADMINISTER)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="audit-{standing.project.slug}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


async def _lines(entries: QuerySet[AuditEntry], *, with_address: bool) -> AsyncIterator[str]:
    writer = csv.writer(_Line())
    shown = [name for name in COLUMNS if with_address or name != "address"]
    yield writer.writerow(shown)
    async for entry in entries.aiterator(chunk_size=_CHUNK):
        values = _values(entry)
        yield writer.writerow([cell(values[name]) for name in shown])


def _values(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entry": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "user": entry.username,
        "address": entry.address,
        "verb": entry.verb,
        "room": entry.room,
        "identity": entry.identity,
        "target": entry.target,
        "track_sid": entry.track_sid,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "outcome": entry.outcome,
        "answer": entry.answer,
        "duration_ms": entry.duration_ms,
    }


def cell(value: Any) -> str:
    """Return a value as one safe cell: objects as JSON, no NUL, and no start that a spreadsheet would run."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.replace("\x00", "\u2400")
    return f"'{text}" if text.startswith(_FORMULA) else text
