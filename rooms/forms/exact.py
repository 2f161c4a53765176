"""Texts that must come back exactly as they were.

Metadata, attributes and names may hold NUL and control characters (livekit.md 0.4). A browser's field loses some of
them (NUL, carriage returns) and hides others, so such a text is written as a JSON string, with ``\\u0000`` for NUL,
and a tick says that it is. Browsers send every line break as CR LF; LiveKit's texts have what their writer typed, LF.
"""

import json
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from rooms.templatetags.words import UNSEEN

KEPT_IN_LINES = "\n\t"
NOT_A_STRING = "Not a JSON string: it stands in double quotes, with \\n for a line break and \\u0000 for NUL."


def needs_code(text: str, *, lines: bool = True) -> bool:
    """Whether a field of several ``lines`` (or of one) would lose or hide a character of ``text``."""
    return any(not (lines and found.group() in KEPT_IN_LINES) for found in UNSEEN.finditer(text))


def code(text: str) -> str:
    """``text`` as a JSON string in which nothing is invisible."""
    spelt = json.dumps(text, ensure_ascii=False)
    return UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", spelt)


def shown(text: str, *, lines: bool = True) -> str:
    """``text`` as its field holds it."""
    return code(text) if needs_code(text, lines=lines) else text


def read(raw: str, *, coded: bool) -> str:
    """What was meant by ``raw``. Raises forms.ValidationError when it is coded and no JSON string."""
    if not coded:
        return raw.replace("\r\n", "\n")
    try:
        text = json.loads(raw)
    except (ValueError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise forms.ValidationError(NOT_A_STRING)
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise forms.ValidationError("Half a surrogate pair (\\ud800 to \\udfff) is no character.")
    return text


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


class ExactField(forms.Field):
    """Text that is neither stripped nor refused for a NUL; empty is the empty text."""

    def to_python(self, value: Any) -> str:
        """The raw text of the field."""
        return "" if value is None else str(value)


class JSONField(forms.Field):
    """A hidden value that the server wrote and gets back; None when it is not JSON any more."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """The value."""
        try:
            return json.loads(value or "null")
        except (ValueError, RecursionError):
            return None


class BasedForm(forms.Form):
    """A form that knows what it was opened on, and can show both when that has changed."""

    def typed(self) -> QueryDict:
        """What was posted, to be changed and put back as ``data``."""
        return cast(QueryDict, self.data).copy()

    def forget_errors(self) -> None:
        """Show the fields without what was wrong with them: their values were changed for the user."""
        self._errors = ErrorDict()
        self.cleaned_data = {}


class ExactForm(BasedForm):
    """A form with texts that must come back exactly: a field ``x`` of EXACT has a tick ``x_coded`` beside it.

    ``limit`` in bytes is that of the metadata, where the form has some.
    """

    EXACT: dict[str, bool] = {}  # name of the field: whether it has several lines
    limit = 0

    @property
    def limit_high(self) -> int:
        """From how many bytes on the meter warns."""
        return self.limit * 9 // 10

    @property
    def metadata_size(self) -> int:
        """Bytes in the field ``metadata`` as it is shown."""
        return size(str(self["metadata"].value() or ""))

    def exact(self, name: str) -> str:
        """What was meant by the field ``name``; its error is put beside it."""
        raw = self.cleaned_data.get(name) or ""
        try:
            return read(raw, coded=bool(self.cleaned_data.get(f"{name}_coded")))
        except forms.ValidationError as error:
            self.add_error(name, error)
            return ""

    def refill(self, name: str, text: str) -> None:
        """Have the bound field ``name`` show ``text`` from now on."""
        lines = self.EXACT[name]
        data = self.typed()
        data[self.add_prefix(name)] = shown(text, lines=lines)
        data.pop(self.add_prefix(f"{name}_coded"), None)
        if needs_code(text, lines=lines):
            data[self.add_prefix(f"{name}_coded")] = "on"
        self.data = data


def opening(name: str, text: str, *, lines: bool) -> dict[str, Any]:
    """Initial values of the pair of fields ``name`` and ``name_coded``."""
    return {name: shown(text, lines=lines), f"{name}_coded": needs_code(text, lines=lines)}
