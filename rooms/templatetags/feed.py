"""One change of the feed in words, with its values set apart."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rooms.live.feed import SAID
from rooms.live.words import sources
from rooms.templatetags.words import glimpse, in_words, visible

register = template.Library()

# Kinds whose sentence ends in ": old → new".
VALUED = frozenset({"permission", "name", "state", "track", "settings"})
LENGTH = 60
SAID_LENGTH = 240


@register.simple_tag
def told(entry: Any, whole: bool = False) -> SafeString | str:
    """What happened, without the name: ``<code>lang</code> <del>en</del> <ins>de</ins>``, "microphone muted".

    ``entry`` is a stored FeedEntry or a line of the live feed; values are cut to LENGTH characters, what somebody said
    to SAID_LENGTH unless it is asked for as a ``whole``.
    """
    if entry.kind == "attribute":
        return _attribute(entry)
    if entry.kind == SAID and entry.new is not None:
        return _said(entry, whole)
    name, arrow, _ = entry.words.partition(" → ")
    if entry.kind in VALUED and arrow:
        return format_html("{} {}", visible(name.partition(": ")[0]), _values(entry))
    return visible(entry.words)


def _said(entry: Any, whole: bool) -> SafeString:
    """What somebody wrote, set apart from what Greenroom says: a quotation, with its topic."""
    verb = "said" if entry.identity else "was sent"
    text = visible(entry.new) if whole else glimpse(entry.new, SAID_LENGTH)
    return format_html('{} <q><bdi>{}</bdi></q> <span class="quiet">on {}</span>', verb, text, visible(entry.field))


def _attribute(entry: Any) -> SafeString:
    key = format_html("<code>{}</code>", visible(entry.field)) if entry.field else "attribute without a key"
    if entry.new is None:
        return format_html("{} removed, was <del><bdi>{}</bdi></del>", key, in_words(entry.old, LENGTH))
    if entry.old is None:
        return format_html("{} set to <ins><bdi>{}</bdi></ins>", key, in_words(entry.new, LENGTH))
    return format_html("{} {}", key, _values(entry))


def _values(entry: Any) -> SafeString:
    old, new = entry.old, entry.new
    if entry.field == "can_publish_sources":
        old, new = sources(tuple(old or ())), sources(tuple(new or ()))
    return format_html(
        "<del><bdi>{}</bdi></del> <ins><bdi>{}</bdi></ins>", in_words(old, LENGTH), in_words(new, LENGTH)
    )
