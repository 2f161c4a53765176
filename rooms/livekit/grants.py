"""What a token allows: LiveKit's VideoGrant (livekit.md 5.2), and each grant in words.

Three grants and three more of them are three-state: None leaves them out, and LiveKit resolves them (livekit.md 3.2).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JSON_NAMES = {
    "room_create": "roomCreate",
    "room_list": "roomList",
    "room_record": "roomRecord",
    "room_admin": "roomAdmin",
    "room_join": "roomJoin",
    "room": "room",
    "destination_room": "destinationRoom",
    "can_publish": "canPublish",
    "can_subscribe": "canSubscribe",
    "can_publish_data": "canPublishData",
    "can_publish_sources": "canPublishSources",
    "can_update_own_metadata": "canUpdateOwnMetadata",
    "ingress_admin": "ingressAdmin",
    "hidden": "hidden",
    "recorder": "recorder",
    "agent": "agent",
    "can_subscribe_metrics": "canSubscribeMetrics",
    "can_manage_agent_session": "canManageAgentSession",
}
# Each grant as (words when it is given, words when it is not; empty: not worth a line).
WORDS = {
    "roomJoin": ("may join the room", "may not join a room"),
    "roomAdmin": ("may administer the room: see, change, mute and remove its people", ""),
    "roomCreate": ("may create and close any room", ""),
    "roomList": ("may list all rooms", ""),
    "roomRecord": ("may record rooms (egress)", ""),
    "ingressAdmin": ("may administer ingress", ""),
    "canPublish": ("may publish", "may not publish"),
    "canSubscribe": ("may subscribe", "may not subscribe"),
    "canPublishData": ("may send data", "may not send data"),
    "canUpdateOwnMetadata": (
        "may change own name, metadata and attributes",
        "may not change own name, metadata or attributes",
    ),
    "hidden": ("hidden from the others", ""),
    "recorder": ("counts as a recorder", ""),
    "agent": ("counts as an agent", ""),
    "canSubscribeMetrics": ("may subscribe to metrics", ""),
    "canManageAgentSession": ("may manage agent sessions", ""),
}
PARTICIPANT_GRANTS = frozenset({"canPublish", "canSubscribe", "canPublishData", "canUpdateOwnMetadata"})
SOURCES = {
    "camera": "camera",
    "microphone": "microphone",
    "screen_share": "screen share",
    "screen_share_audio": "screen share audio",
}


@dataclass(frozen=True, slots=True)
class VideoGrants:
    """The grants of a token. ``can_publish_sources`` takes LiveKit's lower-case names; empty means every source."""

    room_create: bool = False
    room_list: bool = False
    room_record: bool = False
    room_admin: bool = False
    room_join: bool = False
    room: str = ""
    destination_room: str = ""
    can_publish: bool | None = None
    can_subscribe: bool | None = None
    can_publish_data: bool | None = None
    can_publish_sources: tuple[str, ...] = ()
    can_update_own_metadata: bool | None = None
    ingress_admin: bool = False
    hidden: bool = False
    recorder: bool = False
    agent: bool = False
    can_subscribe_metrics: bool | None = None
    can_manage_agent_session: bool | None = None

    def claim(self) -> dict[str, Any]:
        """The ``video`` claim. An explicit no of a three-state grant stays; all else that is empty is left out."""
        claim: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            three_state = field.default is None and value is not None
            if value or three_state:
                claim[JSON_NAMES[field.name]] = list(value) if isinstance(value, tuple) else value
        return claim


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant of a token: LiveKit's name, whether it holds, whether the token says so itself, and the words."""

    name: str
    held: bool
    explicit: bool
    words: str


def in_words(claim: Mapping[str, Any]) -> list[GrantLine]:
    """Each grant of a ``video`` claim as LiveKit resolves it (livekit.md 3.2); a grant of another type counts as no."""
    lines = [_room_line(claim)]
    for name, (yes, no) in WORDS.items():
        held = resolve(claim, name)
        if not held and (not no or (name in PARTICIPANT_GRANTS and claim.get("roomJoin") is not True)):
            continue
        explicit = name in claim
        words = yes if held else no
        if held and name == "canPublish":
            words += f": {_sources(claim)}"
        lines.append(GrantLine(name, held, explicit, words if explicit else f"{words} (by default)"))
    destination = claim.get("destinationRoom")
    if isinstance(destination, str) and destination:
        lines.append(GrantLine("destinationRoom", True, True, f"may be moved or forwarded to the room “{destination}”"))
    return lines


def resolve(claim: Mapping[str, Any], name: str) -> bool:
    """Whether the grant ``name`` holds: unset means yes to publish and subscribe, data as publish, else no."""
    if name in claim and claim[name] is not None:
        return claim[name] is True
    if claim.get("roomJoin") is not True:
        return False
    if name == "canPublishData":
        return resolve(claim, "canPublish")
    return name in ("canPublish", "canSubscribe")


def _room_line(claim: Mapping[str, Any]) -> GrantLine:
    room = claim.get("room")
    if isinstance(room, str) and room:
        return GrantLine("room", True, True, f"for the room “{room}”")
    return GrantLine("room", False, "room" in claim, "for no room by name")


def _sources(claim: Mapping[str, Any]) -> str:
    listed = claim.get("canPublishSources")
    if not isinstance(listed, list) or not listed:
        return "every source"
    return ", ".join(SOURCES.get(str(each).lower(), str(each)) for each in listed)
