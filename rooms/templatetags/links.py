"""Entries of mappings, and the section of the bar in which a page stands."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# The section of the bar for each page that is not named after its section.
SECTIONS = {
    "room": "rooms",
    "person": "rooms",
    "track": "rooms",
    "token": "tokens",
    "audit": "audit",
    "history": "history",
    "project": "project_settings",
}


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """An entry of a mapping under a key that no template could spell: ``{{ parts|get:"room-facts" }}``, or None."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def at(context: Context, section: str) -> SafeString | str:
    """``aria-current`` for the entry of the bar in whose section the page stands."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = (match and match.url_name) or ""
    if name == section:
        return format_html('aria-current="{}"', "page")
    here = SECTIONS.get(name.partition("_")[0], name)
    return format_html('aria-current="{}"', "true") if here == section else ""
