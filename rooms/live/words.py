"""The words and icons in which a change is told. Pure text: values in it are cut to one short line."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any

from rooms.livekit.snapshots import DataTrack, Participant, Track, pack

VALUE_LIMIT = 80
# Beyond this many characters, counting the keys that changed costs more than the count tells.
JSON_LIMIT = 65_536
ABSENT = object()

PERMISSION = {
    "can_subscribe": "may subscribe",
    "can_publish": "may publish",
    "can_publish_data": "may send data",
    "can_publish_sources": "may publish from",
    "hidden": "hidden from the others",
    "recorder": "counts as a recorder",
    "can_update_metadata": "may change own name, metadata and attributes",
    "agent": "counts as an agent",
    "can_subscribe_metrics": "may subscribe to metrics",
    "can_manage_agent_session": "may manage agent sessions",
}
SOURCES = {
    "CAMERA": "camera",
    "MICROPHONE": "microphone",
    "SCREEN_SHARE": "screen share",
    "SCREEN_SHARE_AUDIO": "screen share audio",
    "UNKNOWN": "tracks without a source",
}
JOINED_AS = {
    "AGENT": "joined as an agent",
    "SIP": "joined by phone",
    "EGRESS": "joined as egress",
    "INGRESS": "joined as ingress",
    "CONNECTOR": "joined through a connector",
    "BRIDGE": "joined through a bridge",
}
KIND_ICONS = {
    "AGENT": "bot",
    "SIP": "phone",
    "EGRESS": "arrow-right-from-line",
    "INGRESS": "arrow-right-to-line",
}
STATES = {
    "JOINING": "is connecting",
    "JOINED": "is connecting, no media yet",
    "ACTIVE": "is connected",
    "DISCONNECTED": "is disconnected",
}
# Icons of a track by source: while it is live, and when it is muted or gone.
TRACK_ICONS = {
    "MICROPHONE": ("mic", "mic-off"),
    "CAMERA": ("video", "video-off"),
    "SCREEN_SHARE": ("screen-share", "screen-share-off"),
    "SCREEN_SHARE_AUDIO": ("volume-2", "volume-off"),
}


def plain(value: Any) -> Any:
    """``value`` of a snapshot's field as JSON can carry it; times as ISO 8601."""
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return pack(value) if dataclasses.is_dataclass(value) else value


def short(value: Any) -> str:
    """``value`` on one line of at most VALUE_LIMIT characters; characters that do not print become a dot."""
    text = said(value)
    line = "".join(each if each.isprintable() else "·" for each in text[: VALUE_LIMIT + 1])
    return line if len(line) <= VALUE_LIMIT else line[: VALUE_LIMIT - 1] + "…"


def said(value: Any) -> str:
    """``value`` as a person says it: yes and no, nothing, a list with commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        return ", ".join(said(each) for each in value) or "nothing"
    return str(value) or "nothing"


def sources(names: tuple[str, ...]) -> str:
    """The sources of can_publish_sources in words; an empty list means every source (livekit.md 3.2)."""
    return ", ".join(SOURCES.get(name, name) for name in names) or "every source"


def joined(person: Participant) -> str:
    """How ``person`` came: "joined", "joined as an agent", "joined, hidden"."""
    words = JOINED_AS.get(person.kind) or (
        "joined" if person.kind == "STANDARD" else f"joined as kind {short(person.kind)}"
    )
    if person.forwarded:
        words += ", forwarded from another room"
    return f"{words}, hidden" if person.hidden else words


def published(track: Track | DataTrack) -> str:
    """That ``track`` appeared: "published microphone", "started a screen share"."""
    if isinstance(track, DataTrack):
        return f"published data track {short(track.name)}" if track.name else "published a data track"
    words = "started a screen share" if track.source == "SCREEN_SHARE" else f"published {track.label}"
    return f"{words}, muted" if track.muted else words


def unpublished(track: Track | DataTrack) -> str:
    """That ``track`` is gone."""
    if isinstance(track, DataTrack):
        return f"unpublished data track {short(track.name)}" if track.name else "unpublished a data track"
    return "stopped the screen share" if track.source == "SCREEN_SHARE" else f"unpublished {track.label}"


def track_icon(track: Track | DataTrack, *, live: bool) -> str:
    """The icon of ``track`` while it is ``live``, or when it is muted or gone."""
    if isinstance(track, DataTrack):
        return "waypoints"
    generic = ("video", "video-off") if track.type == "VIDEO" else ("volume-2", "volume-off")
    return TRACK_ICONS.get(track.source, generic)[0 if live else 1]


def metadata(old: str, new: str) -> str:
    """What happened to metadata: set, cleared or changed, with the number of keys where both are JSON objects."""
    if not old:
        return "metadata set"
    if not new:
        return "metadata cleared"
    count = _changed_keys(old, new)
    if count is None:
        return "metadata changed"
    if count == 0:
        return "metadata written differently, with the same content"
    return f"metadata changed, {count} key{'' if count == 1 else 's'}"


def _changed_keys(old: str, new: str) -> int | None:
    """How many keys differ between two JSON objects; None when one of the two is none, or is too long or deep."""
    if len(old) + len(new) > JSON_LIMIT:
        return None
    try:
        before, after = json.loads(old), json.loads(new)
        if not isinstance(before, dict) or not isinstance(after, dict):
            return None
        return sum(1 for key in before.keys() | after.keys() if before.get(key, ABSENT) != after.get(key, ABSENT))
    except (ValueError, RecursionError):
        return None
