"""Room names and identities in addresses.

Any text is a legal name for LiveKit, an empty one, a slash, "..", or a percent sign. Servers and proxies decode and
clean paths, so a name is spelt with what none of them touches: letters, digits and a few signs as they are, every
other byte of its UTF-8 as ``~`` and two hex digits. The empty name is a lone ``~``.
"""

from __future__ import annotations

import re

from django.urls import register_converter

UNTOUCHED = "-_@:+"
SPELT = re.compile(rb"~([0-9A-Fa-f]{2})")
BROKEN = re.compile(r"~(?![0-9A-Fa-f]{2})")


def quote(name: str) -> str:
    """``name`` as one path segment; never empty, never "." or "..", without "/" and "%"."""
    spelt = []
    for place, character in enumerate(name):
        inner_dot = character == "." and place > 0
        if character.isalnum() or character in UNTOUCHED or inner_dot:
            spelt.append(character)
        else:
            spelt.append("".join(f"~{byte:02X}" for byte in character.encode()))
    return "".join(spelt) or "~"


def unquote(segment: str) -> str:
    """The name that ``quote`` spelt as ``segment``. Raises ValueError when it is the spelling of no name."""
    if segment == "~":
        return ""
    if BROKEN.search(segment):
        raise ValueError("a ~ without two hex digits")
    return SPELT.sub(lambda found: bytes([int(found[1], 16)]), segment.encode()).decode()


class NameConverter:
    """``<name:room>`` and ``<name:identity>`` in address patterns."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The name; a ValueError makes the address unknown (404)."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """The path segment."""
        return quote(value)


register_converter(NameConverter, "name")
