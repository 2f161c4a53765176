"""Two recorded states side by side: what an act changed, field by field.

The audit stores plain JSON; which fields it has depends on the verb. This reads any of it.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

from rooms.live.words import PERMISSION, sources
from rooms.templatetags.words import pretty_json, visible_lines

FIELD_WORDS = PERMISSION | {"max_participants": "maximum of people"}
# A value longer than this (characters) gets lines of its own.
LONG = 80
# A line diff grows with the product of both sides; beyond so many lines, both sides are shown whole.
_DIFF_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in words with its value before and after; None is a field that was not there."""

    field: str
    old: Any
    new: Any

    @property
    def changed(self) -> bool:
        """Whether the two sides differ, absence counting as a value."""
        return bool(self.old != self.new)

    @property
    def long(self) -> bool:
        """Whether a value does not fit on a line."""
        texts = [text for text in (self.old, self.new) if isinstance(text, str)]
        return any(len(text) > LONG or "\n" in text for text in texts)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Both values line by line, each (mark, text): "-" went, "+" came, " " stayed, "…" stands for what is left out.

        JSON is written out first, so that a changed member is one line.
        """
        old, new = _lines(self.old), _lines(self.new)
        if not self.changed:
            return [(" ", line) for line in new]
        if len(old) + len(new) > _DIFF_LINES:
            return [("-", line) for line in old] + [("+", line) for line in new]
        marked = list(difflib.unified_diff(old, new, lineterm=""))[2:]
        told = [("…", "") if line.startswith("@@") else (line[0], line[1:]) for line in marked]
        return told[1:] if marked[0].startswith(("@@ -1,", "@@ -1 ", "@@ -0,")) else told


def differences(before: Any, after: Any) -> list[Difference]:
    """Return every field of either side, changed ones first, otherwise in the order in which they were recorded.

    ``before`` and ``after`` are what the audit stored: None, a plain value or an object, nested at will.
    """
    old, new = _flat(before), _flat(after)
    found = [Difference(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])]
    return sorted(found, key=lambda difference: not difference.changed)


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        return {prefix or "value": value}
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        words = FIELD_WORDS.get(key, str(key).replace("_", " "))
        name = words if prefix in ("", "permission", "grants") else f"{prefix} {key}"
        if isinstance(inner, dict) and inner:
            flat.update(_flat(inner, "attribute" if key == "attributes" else name))
        elif key == "can_publish_sources" and isinstance(inner, list):
            flat[name] = sources(tuple(map(str, inner)))
        elif inner is not None:
            flat[name] = inner
    return flat


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    text = pretty_json(value) if isinstance(value, str) else str(value)
    return visible_lines(text).split("\n")
