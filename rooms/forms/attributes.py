"""The attributes of a person: a table to type into, of which only the changed keys are sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from rooms.forms.exact import NOT_A_STRING, BasedForm, JSONField, needs_code, read, shown, size
from rooms.models import Project

NEW_ROWS = 3
# A browser's form has one field for each row; Django takes two thousand fields at most.
ROWS_SHOWN = 1_000


@dataclass(slots=True)
class Row:
    """One key. ``base`` is the value the form was opened on, None for a new key or one that was deleted since."""

    number: int
    key: str
    base: str | None
    typed: str
    coded: bool
    delete: bool = False
    new: bool = False
    key_typed: str = ""
    key_coded: bool = False
    wrong: str = ""

    @property
    def state(self) -> str:
        """How the row is marked: "gone", "new", "changed" or ""."""
        if self.delete:
            return "gone"
        if self.new:
            return "new" if self.filled else ""
        return "" if self.base is not None and self.typed == shown(self.base) else "changed"

    @property
    def filled(self) -> bool:
        """Whether anything was typed into a new row; an empty key is legal (livekit.md 0.4), so a value is enough."""
        return bool(self.key_typed or self.typed)


class AttributesForm(BasedForm):
    """Fields ``value-N``, ``coded-N`` and ``delete-N`` for the Nth key of ``base``; ``new-...`` for keys to be.

    ``new-coded`` says that the new rows are written as JSON strings.

    The keys themselves stand in ``base`` only, so that any key survives the way through a browser.
    """

    base = JSONField(required=False)
    clash_keys = JSONField(required=False)

    def __init__(
        self, data: Any = None, *, project: Project, attributes: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        if attributes is not None:
            kwargs["initial"] = {"base": json.dumps(dict(sorted(attributes.items())))}
        super().__init__(data, **kwargs)
        self.limit = project.attributes_limit
        self._wrong: dict[str, str] = {}

    @property
    def rows(self) -> list[Row]:
        """Every key of the base, then what was typed as new, then empty rows to type into."""
        base = self._base()
        rows = [self._row(number, key, value) for number, (key, value) in enumerate(base.items())]
        return rows + [self._new_row(number) for number in range(self._new_count())]

    @property
    def rows_shown(self) -> list[Row]:
        """The rows of the table. Keys that are not among them stay as they are: a row that is not sent is no change."""
        rows = self.rows
        base = len(self._base())
        return [row for number, row in enumerate(rows) if number < ROWS_SHOWN or number >= base]

    @property
    def rows_left_out(self) -> int:
        """How many keys the table leaves out."""
        return max(0, len(self._base()) - ROWS_SHOWN)

    @property
    def new_coded(self) -> bool:
        """Whether new rows are written as JSON strings."""
        return self.is_bound and "new-coded" in self.data

    @property
    def count(self) -> int:
        """How many keys there are."""
        return sum(value is not None for value in self._base().values())

    @property
    def limit_high(self) -> int:
        """From how many bytes on the meter warns."""
        return self.limit * 9 // 10

    @property
    def total(self) -> int:
        """Bytes of all keys and values as the form was opened."""
        return sum(size(key) + size(value) for key, value in self._base().items() if value is not None)

    def clean(self) -> dict[str, Any]:
        """``changes`` (None deletes) against ``base``, both by key."""
        if not _is_base(self.cleaned_data.get("base")):
            raise forms.ValidationError("The form has lost what it was opened on. Open it again.")
        changes = self._changes()
        base = {key: value for key, value in self._base().items() if value is not None}
        if self._wrong:
            raise forms.ValidationError("One of the values is wrong.")
        if not changes:
            raise forms.ValidationError("Nothing is changed.")
        after = {key: value for key, value in (base | changes).items() if value}
        total = sum(size(key) + size(value) for key, value in after.items())
        if total > self.limit and total > self.total:
            raise forms.ValidationError(
                f"{total:,} bytes, keys and values together; this project allows {self.limit:,}."
            )
        return {**self.cleaned_data, "base": base, "changes": changes}

    def clash(self, now: Mapping[str, str | None]) -> list[tuple[str, Any, Any]]:
        """Take ``now`` as the new base of those keys and give (what, now, mine) for the note.

        A key that is typed as new and meanwhile exists stays in its new row; sending it again overwrites it.
        """
        changes = self.cleaned_data["changes"]
        data = self.typed()
        # A new key is put behind the others, so that the numbers of the rows stay right.
        data["base"] = json.dumps({**self._base(), **now})
        data["clash_keys"] = json.dumps(list(now))
        numbers = {key: number for number, key in enumerate({**self._base(), **now})}
        for row in self.rows:
            key = self._read(row, "new-key", row.key_typed, row.key_coded)
            if row.new and row.filled and key in now:
                _fill(data, numbers[key], changes[key] or "")
                for field in ("new-key", "new-value"):
                    data.pop(f"{field}-{row.number}", None)
        self.data = data
        return [(key, value, changes[key]) for key, value in now.items()]

    def take_theirs(self) -> bool:
        """Show what is now in the keys that clashed, and keep the other changes."""
        try:
            clashed = json.loads(self["clash_keys"].value() or "null")
        except (ValueError, TypeError):
            return False
        if not isinstance(clashed, list):
            return False
        data = self.typed()
        for number, (key, value) in enumerate(self._base().items()):
            if key in clashed:
                data.pop(f"delete-{number}", None)
                _fill(data, number, value or "")
        self.data = data
        return True

    def _changes(self) -> dict[str, str | None]:
        changes: dict[str, str | None] = {}
        for row in self.rows:
            if row.new and not row.filled:
                continue
            key = self._read(row, "new-key", row.key_typed, row.key_coded) if row.new else row.key
            if row.delete:
                if row.base is not None:
                    changes[key] = None
                continue
            value = self._read(row, "new-value" if row.new else "value", row.typed, row.coded)
            if row.new and key in changes:
                self._wrong[f"new-key-{row.number}"] = "This key stands in two rows."
            if value != (row.base or ""):
                # LiveKit has no empty values: writing one deletes the key.
                changes[key] = value or None
        return changes

    def _read(self, row: Row, field: str, typed: str, coded: bool) -> str:
        try:
            return read(typed, coded=coded)
        except forms.ValidationError:
            self._wrong[f"{field}-{row.number}"] = NOT_A_STRING
            return ""

    def _row(self, number: int, key: str, base: str | None) -> Row:
        coded = f"coded-{number}" in self.data if self.is_bound else needs_code(base or "")
        typed = self.data.get(f"value-{number}") if self.is_bound else None
        return Row(
            number=number,
            key=key,
            base=base,
            typed=shown(base or "") if typed is None else typed.replace("\r\n", "\n"),
            coded=coded,
            delete=self.is_bound and f"delete-{number}" in self.data,
            wrong=self._wrong.get(f"value-{number}", ""),
        )

    def _new_row(self, number: int) -> Row:
        coded = self.is_bound and "new-coded" in self.data
        key_typed = self.data.get(f"new-key-{number}", "") if self.is_bound else ""
        value = self.data.get(f"new-value-{number}", "") if self.is_bound else ""
        wrong = self._wrong.get(f"new-key-{number}") or self._wrong.get(f"new-value-{number}", "")
        return Row(
            number=number,
            key=key_typed,
            base=None,
            typed=value.replace("\r\n", "\n"),
            coded=coded,
            new=True,
            key_typed=key_typed,
            key_coded=coded,
            wrong=wrong,
        )

    def _new_count(self) -> int:
        typed = [name.removeprefix("new-key-") for name in self.data if name.startswith("new-key-")]
        last = max((int(each) for each in typed if each.isdecimal() and len(each) < 5), default=-1)
        return max(NEW_ROWS, last + 1)

    def _base(self) -> dict[str, str | None]:
        try:
            base = json.loads(self["base"].value() or "null")
        except (ValueError, TypeError):
            base = None
        return base if _is_base(base) else {}


def _fill(data: QueryDict, number: int, text: str) -> None:
    data[f"value-{number}"] = shown(text)
    data.pop(f"coded-{number}", None)
    if needs_code(text):
        data[f"coded-{number}"] = "1"


def _is_base(base: Any) -> bool:
    return isinstance(base, dict) and all(value is None or isinstance(value, str) for value in base.values())
