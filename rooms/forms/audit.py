"""The filter of the audit: what stands in the address of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.timezone import get_current_timezone

from rooms.forms.exact import ExactField
from rooms.models.fields import NameField

# The values of ``?outcome=``; "trouble" is everything that was not done.
OUTCOMES = [
    ("", "Any outcome"),
    ("trouble", "Refused or failed"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("failed", "Failed"),
    ("uncertain", "Not known"),
]
_SEARCHED = ("username", "target", "identity", "room", "reason", "answer")


class DaysFilter(forms.Form):
    """Free text, names and a span of days (both included, in the zone of the console): of audit and history alike."""

    q = ExactField(required=False, label="Search")
    room = ExactField(required=False, label="Room")
    identity = ExactField(required=False, label="Identity")
    since = forms.DateField(label="From day", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label="To day", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it starts, beside its last day."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "This day is before the first one.")
        return cleaned

    def days(self) -> Q:
        """Return the condition of the two days on the column ``at``."""
        condition, zone = Q(), get_current_timezone()
        if since := self.cleaned_data.get("since"):
            condition &= Q(at__gte=datetime.combine(since, time.min, zone))
        if until := self.cleaned_data.get("until"):
            condition &= Q(at__lt=datetime.combine(until + timedelta(days=1), time.min, zone))
        return condition

    def names(self) -> Q:
        """Return the condition of room and identity; an empty field is no condition."""
        given = {name: self.cleaned_data.get(name) for name in ("room", "identity")}
        return Q(**{name: value for name, value in given.items() if value})


class AuditFilter(DaysFilter):
    """``?q=&user=&verb=&room=&identity=&outcome=&since=&until=``; a field with a mistake does not filter."""

    user = forms.CharField(label="User", required=False)
    verb = forms.CharField(label="What", required=False, widget=forms.Select)
    outcome = forms.ChoiceField(label="Outcome", required=False, choices=OUTCOMES)

    def __init__(self, query: Mapping[str, Any], verbs: Iterable[tuple[str, str]] = ()) -> None:
        """``verbs`` are offered as (name, words); an old or unknown name in the address filters all the same."""
        super().__init__(query, auto_id="filter-%s")
        offered = [("", "Any act"), *verbs]
        asked = self.data.get("verb", "")
        if asked not in dict(offered):
            offered.append((asked, asked))
        self.fields["verb"].widget.choices = offered

    def condition(self) -> Q:
        """Return everything asked for as one condition on AuditEntry; call it after ``is_valid()``."""
        condition = self.days() & self.names()
        for column, name in (("username", "user"), ("verb", "verb")):
            if value := self.cleaned_data.get(name):
                condition &= Q(**{column: value})
        outcome = self.cleaned_data.get("outcome")
        if outcome == "trouble":
            condition &= Q(outcome__in=("refused", "failed", "uncertain"))
        elif outcome:
            condition &= Q(outcome=outcome)
        if text := self.cleaned_data.get("q"):
            condition &= any_of(_SEARCHED, text)
        return condition


def any_of(columns: Iterable[str], text: str) -> Q:
    """Return the condition that one of the columns contains ``text``, upper and lower case being the same."""
    # A search is not spelt for the database as an exact lookup is, and PostgreSQL refuses NUL.
    text = NameField().get_prep_value(text)
    condition = Q()
    for column in columns:
        condition |= Q(**{f"{column}__icontains": text})
    return condition
