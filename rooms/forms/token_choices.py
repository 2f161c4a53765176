"""What the token form offers: the grants in words, and the presets that fill them in."""

from __future__ import annotations

from typing import Any

# Seconds in each unit of the validity.
UNITS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}

SOURCES = [
    ("camera", "Camera"),
    ("microphone", "Microphone"),
    ("screen_share", "Screen share"),
    ("screen_share_audio", "Screen share audio"),
]
# Grants that a token gives, refuses, or leaves to LiveKit: (field, words, what LiveKit makes of silence).
THREE_STATE = [
    ("can_publish", "Publish", "yes"),
    ("can_subscribe", "Subscribe: see and hear the others", "yes"),
    ("can_publish_data", "Send data", "as publish"),
    ("can_update_own_metadata", "Change own name, metadata and attributes", "no"),
    ("can_subscribe_metrics", "Subscribe to metrics", "no"),
]
# Grants beyond taking part in one room: only administrators may give them away.
ADMINISTRATIVE = [
    ("room_admin", "Administer the room above: see, change, mute and remove its people"),
    ("room_create", "Create and close any room"),
    ("room_list", "List all rooms"),
    ("room_record", "Record rooms (egress)"),
    ("ingress_admin", "Administer ingress"),
    ("recorder", "Count as a recorder: not among the people, and the room shows as recorded"),
    ("agent", "Count as an agent: not among the people, does not hold the room open"),
    ("can_manage_agent_session", "Manage agent sessions"),
]

_SILENT = {name: "" for name, _, _ in THREE_STATE} | {"hidden": False, "can_publish_sources": [], "room_join": True}
_LISTENS = {"can_publish": "no", "can_subscribe": "yes", "can_publish_data": "no"}
# What one click fills in: (value, words, icon, what it means, fields). All else on the form stays as it was typed.
PRESETS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (
        "audience",
        "Audience",
        "users",
        "Sees and hears, can raise a hand, cannot publish.",
        _SILENT | _LISTENS | {"can_update_own_metadata": "yes"},
    ),
    (
        "speaker",
        "Speaker",
        "mic",
        "Publishes everything, sees and hears.",
        _SILENT
        | {"can_publish": "yes", "can_subscribe": "yes", "can_publish_data": "yes", "can_update_own_metadata": "yes"},
    ),
    (
        "observer",
        "Hidden observer",
        "eye-off",
        "Sees and hears, unseen by the room, and is counted.",
        _SILENT | _LISTENS | {"can_update_own_metadata": "no", "hidden": True},
    ),
    ("defaults", "LiveKit’s defaults", "rotate-ccw", "Says nothing beyond joining.", dict(_SILENT)),
]


def preset(value: str) -> dict[str, Any]:
    """Return the field values of a preset; none for an unknown one."""
    return next((fields for name, _, _, _, fields in PRESETS if name == value), {})
