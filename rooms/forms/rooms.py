"""Forms for a room: create it with every field of CreateRoomRequest, close it."""

import json
from typing import Any

from django import forms

from rooms.forms.exact import ExactField, size
from rooms.forms.jsontext import JSONTextMixin, problem
from rooms.models import Project

NAME_LIMIT = 256  # bytes, livekit.md 2.7
MOST = 2**32 - 1  # uint32
NUMBERS = ("empty_timeout", "departure_timeout", "max_participants", "min_playout_delay", "max_playout_delay")
USUAL = ("max_participants", "empty_timeout", "departure_timeout")
SELDOM = (
    "room_preset",
    "min_playout_delay",
    "max_playout_delay",
    "sync_streams",
    "replay_enabled",
    "node_id",
    "tags",
    "agents",
    "egress",
)
JSON_FIELDS: dict[str, type] = {"tags": dict, "agents": list, "egress": dict}
SHAPES = {
    "tags": 'A JSON object of texts: {"team": "sales"}.',
    "agents": 'A JSON list: [{"agent_name": "helper", "metadata": ""}].',
    "egress": 'A JSON object with "room", "participant" or "tracks", as in LiveKit’s RoomEgress.',
}


def number(label: str, words: str) -> forms.IntegerField:
    """A whole number that may stay empty: LiveKit then takes its own default."""
    return forms.IntegerField(
        label=label,
        help_text=words,
        required=False,
        min_value=0,
        max_value=MOST,
        error_messages={"invalid": "A whole number, or empty for LiveKit’s default."},
    )


class RoomForm(JSONTextMixin):
    """A new room. Empty and 0 mean LiveKit's default: neither can be asked for (livekit.md 2.6)."""

    EXACT = {"name": False, "metadata": True}
    JSON_TEXT = "metadata"

    name = ExactField(required=False, label="Name", help_text="At most 256 bytes. Every character is allowed.")
    name_coded = forms.BooleanField(required=False)
    empty_timeout = number("Empty timeout", "Seconds that an unused room stays open. Usually 300.")
    departure_timeout = number(
        "Departure timeout", "Seconds that the room stays open after the last person left. Usually 20."
    )
    max_participants = number("Maximum of people", "Empty for no limit.")
    metadata = ExactField(required=False, widget=forms.Textarea, label="Metadata")
    metadata_coded = forms.BooleanField(required=False)
    room_preset = forms.CharField(
        required=False,
        label="Preset",
        help_text="Name of a room configuration in the server’s own settings.",
        strip=False,
    )
    min_playout_delay = number("Least playout delay", "Milliseconds.")
    max_playout_delay = number("Greatest playout delay", "Milliseconds.")
    sync_streams = forms.BooleanField(
        required=False, label="Synchronise streams", help_text="Audio and video of a person are kept in step."
    )
    replay_enabled = forms.BooleanField(
        required=False, label="Replay", help_text="LiveKit Cloud only; a self-hosted server ignores it."
    )
    node_id = forms.CharField(
        required=False, label="Node", help_text="Id of the server node that is to hold the room.", strip=False
    )
    tags = forms.CharField(
        required=False, label="Tags", help_text=SHAPES["tags"] + " A self-hosted server ignores them."
    )
    agents = forms.CharField(required=False, label="Agents", help_text=SHAPES["agents"])
    egress = forms.CharField(
        required=False, label="Egress", help_text=SHAPES["egress"] + " Needs LiveKit’s egress service."
    )

    def __init__(self, data: Any = None, *, project: Project, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.limit = project.metadata_limit

    def clean(self) -> dict[str, Any]:
        """``fields``: what was filled in, as CreateRoomRequest takes it, without the name."""
        name, metadata = self.exact("name"), self.exact("metadata")
        if not name and "name" not in self.errors:
            self.add_error("name", "Give the room a name.")
        if size(name) > NAME_LIMIT:
            self.add_error("name", f"{size(name):,} bytes; LiveKit takes at most {NAME_LIMIT}.")
        if size(metadata) > self.limit:
            self.add_error("metadata", f"{size(metadata):,} bytes; this project allows {self.limit:,}.")
        fields = {key: self.cleaned_data.get(key) for key in (*NUMBERS, "room_preset", "node_id")}
        fields |= {key: self.cleaned_data[key] for key in ("sync_streams", "replay_enabled")}
        fields |= {key: self._json(key) for key in JSON_FIELDS} | {"metadata": metadata}
        filled = {key: value for key, value in fields.items() if value}
        return {**self.cleaned_data, "name": name, "metadata": metadata, "fields": filled}

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that most rooms are about, after the name."""
        return [self[name] for name in USUAL]

    @property
    def seldom(self) -> list[forms.BoundField]:
        """The fields that are folded away."""
        return [self[name] for name in SELDOM]

    @property
    def more_filled(self) -> bool:
        """Whether one of the fields that are folded away holds something."""
        return any(self[name].value() or name in self.errors for name in SELDOM)

    def _json(self, name: str) -> Any:
        text = (self.cleaned_data.get(name) or "").strip()
        if not text:
            return None
        wrong = problem(text)
        value: Any = None if wrong else json.loads(text)
        texts = value.values() if name == "tags" and isinstance(value, dict) else ()
        if not isinstance(value, JSON_FIELDS[name]) or not all(isinstance(each, str) for each in texts):
            self.add_error(name, wrong or SHAPES[name])
        return value
