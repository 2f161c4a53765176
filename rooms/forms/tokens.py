"""The form that makes a token: every grant of LiveKit (livekit.md 5.2), checked before anything is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from rooms.forms.exact import ExactField, read, size
from rooms.forms.jsontext import problem
from rooms.forms.token_choices import ADMINISTRATIVE, SOURCES, THREE_STATE, UNITS, preset
from rooms.livekit.grants import VideoGrants
from rooms.livekit.tokens import KINDS, LARGEST_TOKEN, TokenSpec
from rooms.templatetags.words import indent_json

# Seconds. A token cannot be taken back on a self-hosted server, so a moderator's ends within a day.
SHORTEST = 10
LONGEST = 86_400
LONGEST_ADMINISTRATOR = 365 * 86_400
# LiveKit's limits for names and identities, in bytes of UTF-8 (livekit.md 2.7).
NAME_BYTES = 256
# Empty rows for new attributes under those that are filled.
SPARE_ROWS = 2

_SAID = {"": None, "yes": True, "no": False}
_RIGHT = "right"
_NAMES = ("identity", "name", "room", "destination_room")


class TokenForm(forms.Form):
    """What the token will say. ``administers`` opens the administrative grants; ``limits`` are bytes of UTF-8."""

    identity = ExactField(required=False, label="Identity")
    name = ExactField(required=False, label="Name")
    room = ExactField(required=False, label="Room")
    room_join = forms.BooleanField(label="Join the room", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[(kind, kind) for kind in KINDS])
    ttl = forms.IntegerField(label="Valid for", min_value=1)
    unit = forms.ChoiceField(label="Unit", choices=[(unit, unit) for unit in UNITS])
    can_publish_sources = forms.MultipleChoiceField(
        label="Only these sources",
        required=False,
        choices=SOURCES,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: every source.",
    )
    hidden = forms.BooleanField(label="Hidden: nobody in the room sees this person", required=False)
    destination_room = ExactField(
        required=False, label="Destination room", help_text="Where the holder may move or forward people to."
    )
    metadata = ExactField(required=False, label="Metadata", widget=forms.Textarea)
    room_preset = ExactField(
        required=False,
        label="Room preset",
        help_text="Of the server’s configuration; used if this person opens the room.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
        administers: bool,
        limits: Mapping[str, int],
    ) -> None:
        super().__init__(data, initial=initial, auto_id="token-%s")
        self.administers = administers
        self.limits = limits
        for field, words, default in THREE_STATE:
            choices = [("", f"not said ({default})"), ("yes", "yes"), ("no", "no")]
            self.fields[field] = forms.ChoiceField(label=words, required=False, choices=choices)
        for field, words in ADMINISTRATIVE:
            self.fields[field] = forms.BooleanField(label=words, required=False)

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """The attribute rows as they were typed, without those that are empty on both sides."""
        return rows_of(self.data) if isinstance(self.data, QueryDict) else []

    @property
    def overreaches(self) -> bool:
        """Whether something was asked for that only administrators may give away."""
        return any(error.code == _RIGHT for errors in self.errors.as_data().values() for error in errors)

    def clean_kind(self) -> str:
        """LiveKit treats every kind but "standard" as part of the house, so those are for administrators."""
        kind: str = self.cleaned_data["kind"]
        if kind != "standard":
            self._need_right("kind")
        return kind

    def clean(self) -> dict[str, Any]:
        """Check sizes, rights, and what two fields decide together: who joins where, for how long."""
        super().clean()
        data = self.cleaned_data
        data["metadata"] = read(data.get("metadata", ""), coded=False)
        for field in ("destination_room", *(field for field, _ in ADMINISTRATIVE)):
            if data.get(field):
                self._need_right(field)
        for field in _NAMES:
            self._check_size(field, NAME_BYTES)
        self._check_size("metadata", self.limits["metadata"])
        self._check_join(data)
        self._check_validity(data)
        self._check_attributes()
        return data

    def spec(self) -> TokenSpec:
        """Return the token that the checked form describes."""
        data = self.cleaned_data
        grants: dict[str, Any] = {field: _SAID[data[field]] for field, _, _ in THREE_STATE}
        grants |= {field: data[field] for field, _ in ADMINISTRATIVE}
        # Three-state in the token; the form gives it or says nothing.
        grants["can_manage_agent_session"] = data["can_manage_agent_session"] or None
        return TokenSpec(
            identity=data["identity"],
            name=data["name"],
            kind=data["kind"],
            ttl=data["ttl"] * UNITS[data["unit"]],
            metadata=data["metadata"],
            attributes=dict(self.attributes),
            room_preset=data["room_preset"],
            grants=VideoGrants(
                room_join=data["room_join"],
                room=data["room"],
                destination_room=data["destination_room"],
                can_publish_sources=tuple(data["can_publish_sources"]),
                hidden=data["hidden"],
                **grants,
            ),
        )

    def _need_right(self, field: str) -> None:
        if not self.administers:
            words = "Only administrators of this project may give this away."
            self.add_error(field, forms.ValidationError(words, code=_RIGHT))

    def _check_size(self, field: str, limit: int) -> None:
        used = size(self.cleaned_data.get(field, ""))
        if used > limit:
            self.add_error(field, f"{used:,} bytes; the limit is {limit:,}.")

    def _check_join(self, data: dict[str, Any]) -> None:
        if not data.get("room_join"):
            self._need_right("room_join")
            return
        for field in ("identity", "room"):
            if field in data and not data[field]:
                self.add_error(field, f"A token for joining names its {field}.")

    def _check_validity(self, data: dict[str, Any]) -> None:
        if "ttl" not in data or "unit" not in data:
            return
        seconds, longest = data["ttl"] * UNITS[data["unit"]], LONGEST_ADMINISTRATOR if self.administers else LONGEST
        if seconds > longest:
            hint = "" if self.administers else ", or of an administrator more"
            self.add_error("ttl", f"At most {longest // 86_400} day{'s' if self.administers else ''}{hint}.")
        elif seconds < SHORTEST:
            self.add_error("ttl", f"At least {SHORTEST} seconds.")

    def _check_attributes(self) -> None:
        keys = [key for key, _ in self.attributes]
        for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            self.add_error(None, f"The attribute “{key}” is there twice.")
        used, limit = sum(size(part) for row in self.attributes for part in row), self.limits["attributes"]
        if used > limit:
            self.add_error(None, f"Attributes of {used:,} bytes, keys and values together; the limit is {limit:,}.")


class InspectForm(forms.Form):
    """A token to be read. It is never stored, and the page does not give it back."""

    token = forms.CharField(
        label="Token",
        max_length=LARGEST_TOKEN,
        widget=forms.Textarea,
        help_text="Read here and forgotten: it is not stored, logged or sent anywhere.",
    )


def rows_of(data: QueryDict) -> list[tuple[str, str]]:
    """Return the attribute rows of a posted form that are not empty on both sides, line ends as they were typed."""
    rows = zip(data.getlist("attribute_key"), data.getlist("attribute_value"), strict=False)
    return [(key, read(value, coded=False)) for key, value in rows if key or value]


def opening(query: Mapping[str, str]) -> dict[str, Any]:
    """Return what a fresh form shows: ten minutes, a listener, and room, identity and name of the address."""
    filled = {"kind": "standard", "ttl": 10, "unit": "minutes"} | preset(query.get("preset", "") or "audience")
    return filled | {field: query[field] for field in ("room", "identity", "name") if field in query}


def refilled(data: QueryDict) -> dict[str, Any]:
    """Return the field values of a posted form as they were typed, with the preset or the formatting it asks for.

    ``metadata_problem`` says why the metadata could not be formatted.
    """
    many = {"can_publish_sources": data.getlist("can_publish_sources")}
    ticks = {field: field in data for field in ("room_join", "hidden", *(field for field, _ in ADMINISTRATIVE))}
    filled: dict[str, Any] = data.dict() | many | ticks
    filled |= preset(data.get("preset", ""))
    if data.get("do") == "format":
        text = read(data.get("metadata", ""), coded=False)
        wrong = problem(text)
        filled |= {"metadata_problem": wrong} if wrong else {"metadata": indent_json(text)}
    return filled
