"""Raised hands. LiveKit has none: apps say it with an attribute, and a project's settings say which.

Pure: used by rows, counts and the feed, so that all three agree.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

# What apps write when they mean "not raised" without deleting the key.
LOWERED = frozenset({"", "0", "false", "no", "off", "none", "null", "lowered", "down"})
EARLIEST = datetime(2015, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Hand:
    """A raised hand: the attribute that says so, and since when (UTC) if its value is a time."""

    attribute: str
    since: datetime | None


@functools.lru_cache(maxsize=256)
def keys_of(setting: str) -> tuple[str, ...]:
    """Return the attribute keys of a project's setting ("handRaisedAt, hand"), in order, without blanks."""
    return tuple(key for part in setting.split(",") if (key := part.strip()))


def hand_of(attributes: Mapping[str, str], keys: tuple[str, ...]) -> Hand | None:
    """Return the raised hand that these attributes tell of, or None."""
    for key in keys:
        value = attributes.get(key)
        if value is not None and value.strip().lower() not in LOWERED:
            return Hand(key, _time(value.strip()))
    return None


def _time(value: str) -> datetime | None:
    """Read ISO 8601, or seconds or milliseconds since 1970; None for anything else ("true", "up")."""
    try:
        if value.replace(".", "", 1).isdecimal() and value.isascii():
            seconds = float(value)
            seconds = seconds / 1000 if seconds > 1e11 else seconds
            return datetime.fromtimestamp(seconds, UTC) if seconds > EARLIEST else None
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
