"""An audit entry as the pages show it: plain data, nothing left to look up in a template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from rooms.models import AuditEntry
from rooms.moderation.access import Right, Standing
from rooms.moderation.verbs import verb_icon, verb_words
from rooms.templatetags.words import exact_bytes
from rooms.views.differences import Difference, differences

# (words, icon, tone) of each outcome; the tone is a colour of the look, "" is none.
OUTCOME_LOOKS = {
    "done": ("done", "check", "stage"),
    "refused": ("refused", "circle-x", "danger"),
    "failed": ("failed", "circle-x", "danger"),
    "uncertain": ("not known", "circle-question-mark", "stale"),
}
# What was done to an account, by the verb and what it switched on or off: all that one needs beside its name.
ACCOUNT_WORDS: dict[tuple[str, Any], str] = {
    ("account_add", False): "Account added",
    ("account_add", True): "Added as administrator",
    ("account_active", True): "Switched on",
    ("account_active", False): "Switched off",
    ("account_superuser", True): "Made administrator",
    ("account_superuser", False): "Administrator no longer",
}
# A longer text (characters) is told in the table by its size.
_GLIMPSE = 32


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry. ``address`` is None for those who may not see it; the links may be ""."""

    pk: int
    at: datetime
    username: str
    mine: bool
    address: str | None
    verb: str
    words: str
    icon: str
    target: str
    identity: str
    room: str
    track_sid: str
    person_url: str
    room_url: str
    url: str
    changes: list[Difference]
    reason: str
    answer: str
    duration_ms: int | None
    outcome: str
    outcome_icon: str
    outcome_tone: str
    # The words leave nothing that the values would have to tell where there is little room.
    says_all: bool = False

    @property
    def glimpse(self) -> Difference | None:
        """The first changed field, for the table: a long text as its size."""
        if not self.changes or not self.changes[0].changed:
            return None
        first = self.changes[0]
        return Difference(first.field, _short(first.old), _short(first.new))

    @property
    def more(self) -> int:
        """How many changed fields the table leaves out."""
        return max(0, sum(change.changed for change in self.changes) - 1)

    @property
    def went_wrong(self) -> bool:
        """Whether LiveKit's answer says more than the values."""
        return self.outcome_tone in ("danger", "stale")


def _short(value: Any) -> Any:
    return exact_bytes(value) if isinstance(value, str) and len(value) > _GLIMPSE else value


def row_of(entry: AuditEntry, standing: Standing) -> AuditRow:
    """Return the entry as this user may see it: the address is for administrators."""
    slug = standing.project.slug
    row = _row(entry, standing.user)
    row = replace(
        row,
        address=entry.address if standing.may(Right.ADMINISTER) else None,
        url=reverse("audit_entry", args=[slug, entry.pk]),
    )
    if standing.project.deleted_at is not None:
        return row
    return replace(
        row,
        person_url=reverse("person", args=[slug, entry.room, entry.identity]) if entry.identity else "",
        room_url=reverse("room", args=[slug, entry.room]) if entry.room else "",
    )


def account_row(entry: AuditEntry, acting_user: User) -> AuditRow:
    """Return an act on an account, for those who administer all of Greenroom. ``person_url`` leads to the account."""
    row = _row(entry, acting_user)
    switched = next(iter(entry.after.values()), None) if isinstance(entry.after, dict) else None
    words = ACCOUNT_WORDS.get((entry.verb, switched))
    return replace(
        row,
        words=words or row.words,
        says_all=words is not None and not row.went_wrong,
        address=entry.address,
        person_url=f"{reverse('accounts')}?{urlencode({'q': entry.target})}",
        url=reverse("accounts_audit_entry", args=[entry.pk]),
    )


def _row(entry: AuditEntry, reader: User) -> AuditRow:
    """The entry without its links and the address."""
    words, icon, tone = OUTCOME_LOOKS.get(entry.outcome, (entry.outcome, "circle-question-mark", ""))
    return AuditRow(
        pk=entry.pk,
        at=entry.at,
        username=entry.username,
        mine=entry.username == reader.get_username(),
        address=None,
        verb=entry.verb,
        words=verb_words(entry.verb),
        icon=verb_icon(entry.verb),
        target=entry.target or entry.identity,
        identity=entry.identity,
        room=entry.room,
        track_sid=entry.track_sid,
        person_url="",
        room_url="",
        url="",
        changes=differences(entry.before, entry.after),
        reason=entry.reason,
        answer=entry.answer,
        duration_ms=entry.duration_ms,
        outcome=words,
        outcome_icon=icon,
        outcome_tone=tone,
    )
