"""JSON on request: checked, and formatted without touching a single value."""

import json

from django import forms

from rooms.forms.exact import ExactForm
from rooms.templatetags.words import indent_json, is_json

# Beyond this depth the indentation would outweigh the text many times.
DEPTH = 40


def problem(text: str) -> str:
    """Why ``text`` is not JSON, in words with line and column; "" when it is."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"Not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
    except ValueError:
        return "Not JSON: a number has too many digits."
    except RecursionError:
        return "Not JSON that can be checked: it is nested too deeply."
    return "" if is_json(text) else "Not JSON: NaN and Infinity are not allowed."


def depth(text: str) -> int:
    """How deeply brackets are nested at most; those inside strings count too, which only errs on the safe side."""
    deepest = level = 0
    for each in text:
        if each in "{[":
            level += 1
            deepest = max(deepest, level)
        elif each in "}]":
            level -= 1
    return deepest


class JSONTextMixin(ExactForm):
    """A form whose field JSON_TEXT can be checked and formatted: the button ``format`` asks for it."""

    JSON_TEXT = ""

    @property
    def wants_format(self) -> bool:
        """Whether the button was pressed: then nothing is sent, the form comes back."""
        return "format" in self.data

    def format(self) -> None:
        """Format the text in its field, or say beside it what is wrong with it."""
        text = self.cleaned_data.get(self.JSON_TEXT) or ""
        wrong = problem(text)
        if wrong:
            self.add_error(self.JSON_TEXT, forms.ValidationError(wrong))
        elif depth(text) <= DEPTH:
            self.refill(self.JSON_TEXT, indent_json(text))
