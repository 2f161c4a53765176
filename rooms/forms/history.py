"""The filter of the feed's history: what stands in the address of the page."""

from __future__ import annotations

from django import forms
from django.db.models import Q

from rooms.forms.audit import DaysFilter, any_of

# One value of ``?kind=`` for each sort of change that a person looks for: (value, words, icon, the feed's kinds).
GROUPS: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("coming", "Joins and leaves", "log-in", ("joined", "left", "rejoined", "state")),
    ("tracks", "Tracks", "mic", ("published", "unpublished", "muted", "unmuted", "track")),
    ("hands", "Hands", "hand", ("hand_raised", "hand_lowered")),
    ("permission", "Permission", "shield", ("permission",)),
    ("attributes", "Attributes and metadata", "tag", ("attribute", "metadata", "name")),
    ("chat", "Chat", "message-square", ("said",)),
    ("room", "The room", "door-open", ("room_metadata", "room_opened", "room_closed", "recording", "counts")),
]
_KINDS = {value: kinds for value, _, _, kinds in GROUPS}
_SEARCHED = ("label", "identity", "room", "field", "words", "by")


class HistoryFilter(DaysFilter):
    """``?q=&kind=&room=&identity=&since=&until=``; a field with a mistake does not filter."""

    kind = forms.ChoiceField(
        label="Sort of change",
        required=False,
        choices=[("", "Every change"), *((value, words) for value, words, _, _ in GROUPS)],
    )
    by = forms.CharField(label="Done from here by", required=False)

    def condition(self) -> Q:
        """Return everything asked for as one condition on FeedEntry; call it after ``is_valid()``."""
        condition = self.days() & self.names()
        if kind := self.cleaned_data.get("kind"):
            condition &= Q(kind__in=_KINDS[kind])
        if by := self.cleaned_data.get("by"):
            condition &= Q(by=by)
        if text := self.cleaned_data.get("q"):
            condition &= any_of(_SEARCHED, text)
        return condition
