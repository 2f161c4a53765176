"""Addresses that keep what the reader has chosen, and the section of the bar in which a page stands."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
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


@register.simple_tag
def query_with(query: QueryDict | Mapping[str, Any] | str, **changes: object) -> str:
    """The query of the page with some keys replaced, beginning with "?": ``{% query_with query sort="name" %}``.

    A key that is set to None or to nothing goes. Any change leads to the first page, unless it is ``page`` itself.
    """
    if isinstance(query, QueryDict):
        written = query.urlencode()
    else:
        written = query.removeprefix("?") if isinstance(query, str) else urlencode(query, doseq=True)
    wanted = QueryDict(written, mutable=True)
    wanted.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            wanted.pop(key, None)
        else:
            wanted[key] = str(value)
    return f"?{wanted.urlencode()}"


@register.simple_tag(takes_context=True)
def at(context: Context, section: str) -> SafeString | str:
    """``aria-current`` for the entry of the bar in whose section the page stands."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = (match and match.url_name) or ""
    if name == section:
        return format_html('aria-current="{}"', "page")
    here = SECTIONS.get(name.partition("_")[0], name)
    return format_html('aria-current="{}"', "true") if here == section else ""
