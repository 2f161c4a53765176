"""A person's and a room's row as plain values for their templates, rendered once per snapshot and right.

Rendering a row costs 0.14 ms; a page of a hundred, pushed every second to fifty viewers, would fill the process.
The same snapshot seen with the same eyes is rendered once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString

from rooms.converters import quote
from rooms.live.people import Placed, track_of
from rooms.livekit.snapshots import Participant, Room, Track
from rooms.moderation.eyes import Eyes

SLOTS = ("MICROPHONE", "CAMERA", "SCREEN_SHARE")
ATTRIBUTES_SHOWN = 4
NEARLY_FULL = 0.9
CACHE_SIZE = 20_000

KINDS = {
    "AGENT": ("bot", "Agent"),
    "SIP": ("phone", "SIP"),
    "EGRESS": ("arrow-right-from-line", "Egress"),
    "INGRESS": ("arrow-right-to-line", "Ingress"),
    "CONNECTOR": ("plug", "Connector"),
    "BRIDGE": ("waypoints", "Bridge"),
}
DETAILS = {
    "FORWARDED": "Forwarded",
    "CLOUD_AGENT": "Cloud agent",
    "CONNECTOR_WHATSAPP": "WhatsApp",
    "CONNECTOR_TWILIO": "Twilio",
    "BRIDGE_RTSP": "RTSP",
    "SIMULATION": "Simulation",
}
TRACK_ICONS = {"MICROPHONE": "mic", "CAMERA": "video", "SCREEN_SHARE": "screen-share", "SCREEN_SHARE_AUDIO": "volume-2"}
MUTED_ICONS = {
    "MICROPHONE": "mic-off",
    "CAMERA": "video-off",
    "SCREEN_SHARE": "screen-share-off",
    "SCREEN_SHARE_AUDIO": "volume-off",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """One word that changes how a row is treated."""

    words: str
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One fixed place among a row's tracks."""

    track: Track
    icon: str
    verb: str
    possible: bool


def person_row(placed: Placed, base: str, eyes: Eyes) -> dict[str, Any]:
    """Return the context of _participant.html; ``base`` is the room's address with its closing slash."""
    person = placed.person
    shown = [slot(track, eyes) for source in SLOTS if (track := track_of(person, source))]
    placed_tracks = {each.track.source: each for each in shown}
    hand = placed.hand.attribute if placed.hand else None
    # What the row says already, that a hand is raised, comes last.
    attributes = sorted(person.attributes.items(), key=lambda pair: pair[0] == hand)
    return {
        "key": row_id(person),
        "person": person,
        "place": placed.place,
        "hand": placed.hand,
        "url": f"{base}people/{quote(person.identity)}/",
        "badges": badges(person),
        "slots": [placed_tracks.get(source) for source in SLOTS],
        "more_tracks": len(person.tracks) + len(person.data_tracks) - len(shown),
        "attributes": attributes[:ATTRIBUTES_SHOWN],
        "more_attributes": max(0, len(attributes) - ATTRIBUTES_SHOWN),
        "may_act": eyes.may_act,
    }


def slot(track: Track, eyes: Eyes) -> Slot:
    """Return how a track shows as a button: muting is always possible, unmuting not on every server."""
    icons = MUTED_ICONS if track.muted else TRACK_ICONS
    icon = icons.get(track.source, "volume-off" if track.muted else "volume-2")
    possible = not track.muted or "remote_unmute" not in eyes.missing
    return Slot(track, icon, "unmute" if track.muted else "mute", possible)


def badges(person: Participant) -> list[Badge]:
    """Return kind, kind details, state and the grants that set a person apart, in that order."""
    found = []
    if person.kind != "STANDARD":
        icon, words = KINDS.get(person.kind, ("circle-question-mark", person.kind.capitalize()))
        found.append(Badge(words, icon))
    found += [Badge(DETAILS.get(detail, detail.replace("_", " ").capitalize())) for detail in person.kind_details]
    if person.state != "ACTIVE":
        found.append(Badge("Connecting" if person.state != "DISCONNECTED" else "Disconnected", "hourglass", "stale"))
    if person.hidden:
        found.append(Badge("Hidden", "eye-off", "hidden"))
    if person.permission.recorder:
        found.append(Badge("Recorder", "disc"))
    return found


def row_id(person: Participant) -> str:
    """Return the DOM id of a person's row: the sid, never the identity."""
    return f"p-{person.sid}"


def room_row(room: Room, base: str, eyes: Eyes) -> dict[str, Any]:
    """Return the context of _room.html; ``base`` is the address of the project's list with its closing slash."""
    nearly = round(room.max_participants * NEARLY_FULL)
    return {
        "key": f"r-{room.sid}",
        "room": room,
        "url": f"{base}{quote(room.name)}/",
        "may_act": eyes.may_act,
        "nearly_full_at": nearly,
        "nearly_full": bool(nearly) and room.num_participants >= nearly,
    }


class Rendered:
    """Rows by what they were rendered from; a snapshot that is still the same object is not rendered again."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._known: dict[Any, tuple[Any, SafeString]] = {}

    def row(self, key: Any, snapshot: Any, context: Callable[[], dict[str, Any]]) -> SafeString:
        """Return the HTML for ``snapshot`` seen as ``key`` says, made from ``context()`` if it is new."""
        known = self._known.get(key)
        if known is not None and (known[0] is snapshot or known[0] == snapshot):
            return known[1]
        html = SafeString(get_template(self._template).render(context()))
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        self._known[key] = (snapshot, html)
        return html
