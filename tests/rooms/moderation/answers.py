"""Addresses of verbs, and what their answers hold, for the tests of verbs over HTTP."""

from __future__ import annotations

import html
import re
from typing import Any

from rooms.moderation.verbs import PATHS, Verb
from tests.rooms.moderation.conftest import Stage

HX = {"HX-Request": "true"}


def url_of(verb: Verb, stage: Stage | None = None, base: str = "/p/studio/rooms/stage/") -> str:
    """The address of a verb on carol, on one of her tracks, on the room, or of the new room."""
    base = stage.base if stage else base
    if verb.scope == "project":
        return "/p/studio/new-room/"
    if verb.scope == "room":
        return f"{base}do/{PATHS[verb.name]}/"
    track = "tracks/TR_1/" if verb.scope == "track" else ""
    return f"{base}people/carol/{track}do/{verb.name}/"


def text(answer: Any) -> str:
    """The answer as text with single spaces."""
    return " ".join(answer.content.decode().split())


def fields(answer: Any) -> dict[str, str]:
    """The hidden and ticked fields and texts of the answered form, as a browser would send them."""
    page = answer.content.decode()
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        tickable = given.get("type") in ("checkbox", "radio")
        if "name" in given and given["name"] != "csrfmiddlewaretoken" and (not tickable or " checked" in tag):
            found[given["name"]] = html.unescape(given.get("value", "on"))
    for name, value in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page):
        found[name] = html.unescape(value)
    return found
