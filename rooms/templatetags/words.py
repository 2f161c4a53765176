"""Words that strangers wrote, made fit for a page: names, metadata, values before and after.

Everything here is hostile input (design: participants write their own names, metadata and attributes). What cannot be
seen is made visible, what is too long is cut, and escaping is left to the template engine or done here, once.
"""

import json
import re
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

KIB = 1024
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def sign(found: re.Match[str]) -> str:
    """A visible sign for one character that cannot be seen or that turns the direction of what follows."""
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


@register.filter
def visible(text: object) -> str:
    """The text with NUL as ␀, a line break as ␊, and marks that turn the direction of writing as ⟨U+202E⟩."""
    return UNSEEN.sub(sign, str(text))


@register.filter
def visible_lines(text: object) -> str:
    """As ``visible``, but line breaks and tabs stay: for a text that is shown as a block."""
    return "\n".join("\t".join(visible(part) for part in line.split("\t")) for line in str(text).split("\n"))


@register.filter
def plain_name(named: Any) -> str:
    """A name for a label or a title, without markup: the name, else the identity, "(no name)" for a nameless room.

    ``named`` is a participant, a room, or the name itself.
    """
    text = named if isinstance(named, str) else getattr(named, "name", "")
    text = text if text.strip() else getattr(named, "identity", text)
    return visible(text) if text.strip() else "(no name)"


@register.filter
def name_of(named: Any) -> SafeString:
    """The name as it stands on a page, in its own direction; in italics what stands for a missing one.

    ``named`` is a participant ("No name": the identity stands beside it), a room or a room's name ("(no name)").
    """
    text = named if isinstance(named, str) else getattr(named, "name", "")
    if text.strip():
        return format_html("<bdi>{}</bdi>", visible(text))
    if text:
        return format_html(
            '<span class="noname">Name of {} {}</span>', len(text), "space" if len(text) == 1 else "spaces"
        )
    missing = "No name" if hasattr(named, "identity") else "(no name)"
    return format_html('<span class="noname">{}</span>', missing)


def size(value: object) -> int:
    """Bytes of UTF-8 of a text; a number is taken to be bytes already."""
    return value if isinstance(value, int) else len(str(value).encode("utf-8", "surrogatepass"))


@register.filter
def exact_bytes(value: object) -> str:
    """Every byte counted, to stand beside a limit: "61,204 bytes"."""
    count = size(value)
    return "1 byte" if count == 1 else f"{count:,} bytes"


@register.filter(name="bytes")
def bytes_(value: object) -> str:
    """A size to read at a glance: "1,204 bytes", "61 KiB", "2.4 MiB"."""
    count = size(value)
    if count < 10 * KIB:
        return exact_bytes(count)
    return f"{count / KIB:,.0f} KiB" if count < KIB * KIB else f"{count / KIB / KIB:,.1f} MiB"


@register.filter
def glimpse(text: object, length: int = 80) -> str:
    """The first ``length`` characters on one line, with an ellipsis when there is more."""
    line = " ".join(str(text)[: 4 * length].split())
    cut = len(line) > length or len(str(text)) > 4 * length
    return visible(line[: length - 1] + "…" if cut else line)


def refuse_constant(name: str) -> None:
    """JSON has no NaN and no Infinity, whatever Python says."""
    raise ValueError(name)


def is_json(text: str) -> bool:
    """Whether the text is one JSON value, so that it can be formatted."""
    try:
        json.loads(text, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        return False
    return True


# Indentation grows no further: strangers write metadata, and a thousand brackets would make megabytes of spaces.
DEEPEST = 20


def indent_json(text: str) -> str:
    """A JSON text with one member on a line. Every token stays as it was written: 1.10, big numbers, doubled keys."""
    pieces = JSON_TOKEN.findall(text)
    out, depth = [], 0
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        if piece in "{[":
            depth += 1
            out.append(piece if following in ("}", "]") else piece + "\n" + "  " * min(depth, DEEPEST))
        elif piece in "}]":
            depth -= 1
            out.append(piece if out and out[-1] in ("{", "[") else "\n" + "  " * min(depth, DEEPEST) + piece)
        else:
            out.append({",": ",\n" + "  " * min(depth, DEEPEST), ":": ": "}.get(piece, piece))
    return "".join(out)


@register.filter
def pretty_json(text: object) -> str:
    """Formatted when it is JSON, else as it is; unseen characters visible. The engine escapes it."""
    raw = str(text)
    return visible_lines(indent_json(raw) if is_json(raw) else raw)


def in_words(value: object, length: int = 120) -> str:
    """One value as a person says it: yes and no, "not set" for None, "empty" for nothing, JSON for the rest."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return glimpse(value, length) if value.strip() else "empty" if not value else visible(value)
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return ", ".join(visible(each) for each in value) or "none"
    return glimpse(json.dumps(value, ensure_ascii=False, default=str), length)


@register.filter
def value_words(value: object) -> str:
    """``in_words`` for a template: ``{{ value|value_words }}``."""
    return in_words(value)


@register.simple_tag
def before_after(old: object, new: object) -> SafeString:
    """``<del>`` what was, ``<ins>`` what is; only the one of them that there is."""
    before = format_html("<del><bdi>{}</bdi></del>", in_words(old)) if old is not None else ""
    after = format_html("<ins><bdi>{}</bdi></ins>", in_words(new)) if new is not None else ""
    return format_html("{}{}{}", before, mark_safe(" ") if before and after else "", after)
