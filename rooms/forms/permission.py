"""The permission of a person: all ten fields in words, sources one by one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from rooms.forms.exact import BasedForm, JSONField
from rooms.livekit.snapshots import Permission

SOURCES = ("MICROPHONE", "CAMERA", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO", "UNKNOWN")

# (field, label, help)
BEFORE_SOURCES = (
    ("can_subscribe", "May subscribe", "Hears and sees the others"),
    ("can_publish", "May publish", "Is on stage"),
)
AFTER_SOURCES = (
    ("can_publish_data", "May publish data", "Messages, chat, data tracks"),
    ("can_update_metadata", "May change own name, metadata and attributes", "All three together"),
    ("hidden", "Hidden", "The others do not see this person; LiveKit still counts them"),
    ("can_subscribe_metrics", "May subscribe to metrics", "Receives measurements of the others"),
    ("can_manage_agent_session", "May manage agent sessions", "Steers agents in this room"),
    ("recorder", "Recorder", "Counts as a recording while here; LiveKit calls this field deprecated"),
    ("agent", "Agent", "Counts as an agent, not as a person; LiveKit calls this field deprecated"),
)
SOURCE_LABELS = {
    "MICROPHONE": "Microphone",
    "CAMERA": "Camera",
    "SCREEN_SHARE": "Screen share",
    "SCREEN_SHARE_AUDIO": "Screen share audio",
    "UNKNOWN": "Tracks without a source",
}
BOOLEANS = tuple(name for name, _, _ in (*BEFORE_SOURCES, *AFTER_SOURCES))
LABELS = {name: label for name, label, _ in (*BEFORE_SOURCES, *AFTER_SOURCES)} | {
    "can_publish_sources": "Only these sources"
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what it is now and what it will be."""

    field: forms.BoundField
    label: str
    help: str
    now: bool
    after: bool
    sub: bool = False
    head: bool = False

    @property
    def changed(self) -> bool:
        """Whether saving changes this line."""
        return self.now != self.after


class PermissionForm(BasedForm):
    """Ticks for the nine yes-or-no fields, a tick for "every source" and one for each source.

    LiveKit takes an empty list of sources for "every source" (livekit.md 3.2), so that taking away the last tick would
    open all of them; here "every source" is a tick of its own and "none of them" is refused.
    """

    every_source = forms.BooleanField(required=False)
    base = JSONField()
    clash_keys = JSONField(required=False)

    def __init__(self, data: Any = None, *, permission: Permission | None = None, **kwargs: Any) -> None:
        if permission is not None:
            kwargs["initial"] = _ticks(_plain(permission))
        super().__init__(data, **kwargs)
        for name in BOOLEANS:
            self.fields[name] = forms.BooleanField(required=False)
        for source in SOURCES:
            self.fields[source] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """``changes`` against ``base``, both by field name of LiveKit's ParticipantPermission."""
        base = _checked(self.cleaned_data.get("base"))
        if base is None:
            raise forms.ValidationError("The form has lost what it was opened on. Open it again.")
        chosen = [source for source in SOURCES if self.cleaned_data[source]]
        # What this release has no tick for stays in the list.
        foreign = [source for source in base["can_publish_sources"] if source not in SOURCES]
        # Whoever had every source and unticks one means "not this one".
        narrowed = not base["can_publish_sources"] and len(chosen) < len(SOURCES)
        every = self.cleaned_data["every_source"] and not narrowed
        after: dict[str, Any] = {name: self.cleaned_data[name] for name in BOOLEANS}
        after["can_publish_sources"] = [] if every else chosen + foreign
        if not every and not chosen and not foreign:
            self.add_error("every_source", "Choose a source, or take “May publish” away: to LiveKit, none means every.")
        changes = {name: value for name, value in after.items() if not _same(value, base[name])}
        if not changes and not self.errors:
            raise forms.ValidationError("Nothing is changed.")
        return {**self.cleaned_data, "base": base, "changes": changes}

    def lines(self) -> Iterator[Line]:
        """The lines of the table, sources between "May publish" and the rest."""
        base = _checked(self._json("base"))
        if base is None:
            return
        now = _ticks(base)
        for name, label, words in BEFORE_SOURCES:
            yield self._line(name, label, words, now)
        yield self._line("every_source", "Every source", "Or only those that are on below", now, head=True)
        for source in SOURCES:
            yield self._line(source, SOURCE_LABELS[source], "", now, sub=True)
        for name, label, words in AFTER_SOURCES:
            yield self._line(name, label, words, now)

    def clash(self, now: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
        """Take ``now`` as the new base of those fields and give (what, now, mine) for the note."""
        changes = self.cleaned_data["changes"]
        data = self.typed()
        data["base"] = json.dumps(self.cleaned_data["base"] | {name: _listed(value) for name, value in now.items()})
        data["clash_keys"] = json.dumps(list(now))
        self.data = data
        return [(LABELS[name], _listed(value), changes[name]) for name, value in now.items()]

    def take_theirs(self) -> bool:
        """Show what is now in the fields that clashed, and keep the other ticks."""
        base = _checked(self._json("base"))
        clashed = self._json("clash_keys")
        if base is None or not isinstance(clashed, list):
            return False
        ticks = _ticks(base)
        data = self.typed()
        for name in clashed:
            names = ("every_source", *SOURCES) if name == "can_publish_sources" else (name,)
            for each in names:
                data.pop(each, None)
                if ticks.get(each):
                    data[each] = "on"
        self.data = data
        return True

    def wanted(self) -> Permission | None:
        """The permission that a valid form asks for, on its own base; for the warning about tracks."""
        if not self.is_bound or not self.is_valid():
            return None
        fields = self.cleaned_data["base"] | self.cleaned_data["changes"]
        return Permission().overlay(**fields)

    def _line(self, name: str, label: str, words: str, now: Mapping[str, Any], **marks: bool) -> Line:
        return Line(self[name], label, words, bool(now[name]), bool(self[name].value()), **marks)

    def _json(self, name: str) -> Any:
        try:
            return json.loads(self[name].value() or "null")
        except (ValueError, TypeError):
            return None


def _plain(permission: Permission) -> dict[str, Any]:
    return {name: _listed(getattr(permission, name)) for name in Permission.FIELDS}


def _ticks(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Initial values of a form from the ten fields."""
    sources = fields["can_publish_sources"]
    ticks: dict[str, Any] = {name: fields[name] for name in BOOLEANS}
    ticks |= {source: not sources or source in sources for source in SOURCES}
    return ticks | {"every_source": not sources, "base": json.dumps(dict(fields))}


def _checked(base: Any) -> dict[str, Any] | None:
    """The ten fields, or None when somebody has tampered with them."""
    if not isinstance(base, dict) or set(base) != set(Permission.FIELDS):
        return None
    sources = base["can_publish_sources"]
    if not isinstance(sources, list) or not all(isinstance(each, str) for each in sources):
        return None
    return base if all(isinstance(base[name], bool) for name in BOOLEANS) else None


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _same(one: Any, other: Any) -> bool:
    return sorted(one) == sorted(other) if isinstance(one, list) else bool(one == other)
