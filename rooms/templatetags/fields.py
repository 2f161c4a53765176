"""A form's field as the house draws it: ``{% field form.name %}``."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

from rooms.templatetags.words import exact_bytes, size

register = template.Library()

SWITCHED = (forms.CheckboxInput,)
CHOSEN = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def look(bound: BoundField, mono: bool, switch: bool) -> str:
    """The class of the sheet for a widget."""
    widget = bound.field.widget
    if isinstance(widget, SWITCHED):
        return "switch" if switch else "check"
    if isinstance(widget, CHOSEN):
        return "check"
    return "input mono" if mono else "input"


@register.inclusion_tag("_field.html")
def field(
    bound: BoundField,
    *,
    mono: bool = False,
    switch: bool = False,
    limit: int | None = None,
    optional: bool = False,
    **attrs: Any,
) -> dict[str, Any]:
    """Label, widget, what is wrong and what helps, joined for screen readers as Django joins them.

    ``mono`` is for identities, JSON and commands, ``switch`` draws a box as a switch, ``limit`` (bytes of UTF-8) adds a
    meter that sizes.js keeps, ``optional`` says so beside the label of a field that may stay empty. All else becomes an
    attribute of the widget (``rows=8``).
    """
    classes = f"{bound.field.widget.attrs.get('class', '')} {look(bound, mono, switch)}".strip()
    given: dict[str, Any] = {"class": classes} | attrs
    if switch and isinstance(bound.field.widget, SWITCHED):
        given["role"] = "switch"
    if limit:
        given["data-limit"] = limit
    used = size(bound.value() or "") if limit else 0
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=given),
        "box": isinstance(bound.field.widget, SWITCHED),
        "mark_optional": optional,
        "limit": limit,
        "limit_words": exact_bytes(limit or 0),
        "high": round((limit or 0) * 0.9),
        "used": f"{used:,}",
        "used_bytes": used,
    }
