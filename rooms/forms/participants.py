"""Forms for a person: name, metadata, and the reason for taking something away."""

import json
from typing import Any

from django import forms

from rooms.forms.exact import ExactField, ExactForm, JSONField, opening, size
from rooms.forms.jsontext import JSONTextMixin
from rooms.livekit.snapshots import Participant
from rooms.models import Project
from rooms.moderation.digests import digest

NAME_LIMIT = 256  # bytes, livekit.md 2.7
REASON_LIMIT = 500  # characters
ASKS_REASON = "This project asks for a reason."


class ReasonForm(forms.Form):
    """Why somebody does this; kept in the audit. ``required`` where the project wants it for this verb."""

    reason = forms.CharField(required=False, max_length=REASON_LIMIT)

    def __init__(self, data: Any = None, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].required = required
        self.fields["reason"].error_messages["required"] = ASKS_REASON


class NameForm(ExactForm):
    """A person's name. LiveKit takes an empty one for "unchanged", so it is refused here."""

    EXACT = {"name": False}

    name = ExactField(required=False)
    name_coded = forms.BooleanField(required=False)
    base = JSONField(required=False)

    def __init__(self, data: Any = None, *, participant: Participant | None = None, **kwargs: Any) -> None:
        if participant is not None:
            opened = {"base": json.dumps(participant.name), **opening("name", participant.name, lines=False)}
            kwargs["initial"] = opened
        super().__init__(data, **kwargs)

    def clean(self) -> dict[str, Any]:
        """``name`` as it goes to LiveKit; ``base`` as text."""
        name = self.exact("name")
        if not self.errors and not name:
            self.add_error("name", "LiveKit cannot clear a name: it takes an empty one for “unchanged”.")
        if size(name) > NAME_LIMIT:
            self.add_error("name", f"{size(name):,} bytes; LiveKit takes at most {NAME_LIMIT}.")
        base = self.cleaned_data.get("base")
        return {**self.cleaned_data, "name": name, "base": base if isinstance(base, str) else ""}

    def clash(self, now: dict[str, Any]) -> list[tuple[str, Any, Any]]:
        """Take ``now`` as the new base and give (what, now, mine) for the note."""
        mine = self.cleaned_data["name"]
        data = self.typed()
        data["base"] = json.dumps(now["name"])
        self.data = data
        return [("name", now["name"], mine)]

    def take_theirs(self) -> bool:
        """Show the value that the form is based on instead of what was typed."""
        self.refill("name", self.cleaned_data["base"])
        return True


class MetadataForm(JSONTextMixin, ExactForm):
    """A person's or a room's metadata: any text. A person's cannot be cleared, a room's can."""

    EXACT = {"metadata": True}
    JSON_TEXT = "metadata"

    metadata = ExactField(required=False, widget=forms.Textarea)
    metadata_coded = forms.BooleanField(required=False)
    base = forms.CharField(required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        project: Project,
        metadata: str | None = None,
        clearable: bool = False,
        **kwargs: Any,
    ) -> None:
        if metadata is not None:
            kwargs["initial"] = {"base": digest(metadata), **opening("metadata", metadata, lines=True)}
        super().__init__(data, **kwargs)
        self.limit = project.metadata_limit
        self.clearable = clearable

    def clean(self) -> dict[str, Any]:
        """``metadata`` as it goes to LiveKit. Sizes are bytes of UTF-8."""
        text = self.exact("metadata")
        if not self.errors and not text and not self.clearable:
            self.add_error("metadata", "LiveKit cannot clear a person’s metadata. To empty it, save {}.")
        if size(text) > self.limit:
            self.add_error("metadata", f"{size(text):,} bytes; this project allows {self.limit:,}.")
        return {**self.cleaned_data, "metadata": text}

    def clash(self, now: dict[str, Any]) -> list[tuple[str, Any, Any]]:
        """Take ``now`` as the new base and give (what, now, mine) for the note."""
        data = self.typed()
        data["base"] = digest(now["metadata"])
        self.data = data
        return [("metadata", now["metadata"], self.cleaned_data["metadata"])]
