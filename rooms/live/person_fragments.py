"""The live parts of a person's panel: head, tracks, facts. Its forms are no part of this: typed text survives a push.

Context builders take plain data: no request, no database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from rooms.live.hands import hand_of, keys_of
from rooms.live.people import place_of
from rooms.live.rows import Slot, badges, slot
from rooms.live.words import PERMISSION, sources
from rooms.livekit.snapshots import Participant, Permission, Track, VideoLayer
from rooms.models import Project
from rooms.moderation.digests import digest
from rooms.moderation.eyes import Eyes
from rooms.moderation.verbs import VERBS

HEAD_VERBS = ("send_data", "move", "forward", "remove")
SOURCE_ORDER = ("MICROPHONE", "CAMERA", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO")
ENCRYPTION = {"NONE": "not encrypted", "GCM": "encrypted (GCM)", "CUSTOM": "encrypted (custom)"}

GONE = "person-gone"
PARTS = {
    "person-head": "_person_head.html",
    "person-tracks": "_person_tracks.html",
    "person-facts": "_person_facts.html",
}


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A published track: its button and everything LiveKit tells of it."""

    slot: Slot
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of ParticipantInfo. ``code`` is set in monospace and can be copied; a ``moment`` ticks."""

    label: str
    words: str = ""
    code: str = ""
    moment: datetime | None = None


def parts(project: Project, room: str, person: Participant, eyes: Eyes) -> dict[str, SafeString]:
    """Return the live parts of the panel of ``person`` by DOM id."""
    context = person_context(project, room, person, eyes)
    # Who may act has forms for these values, and a push never replaces a form.
    templates = PARTS if eyes.may_act else PARTS | {"person-values": "_person_values.html"}
    return {part: render_to_string(template, context) for part, template in templates.items()} | {GONE: SafeString("")}


def gone_parts() -> dict[str, SafeString]:
    """Return what changes in the panel of somebody who is not there: what was last known of them stays."""
    return {GONE: render_to_string("_person_gone.html")}


def digests(person: Participant) -> dict[str, str]:
    """Name the values that the panel's forms are opened on, by form."""
    return {
        "name": digest(person.name),
        "metadata": digest(person.metadata),
        "attributes": digest(person.attributes),
        "permission": digest(person.permission),
    }


def person_context(project: Project, room: str, person: Participant, eyes: Eyes) -> dict[str, Any]:
    """Return what the live parts show; ``base`` is the person's address with its closing slash."""
    hand = hand_of(person.attributes, keys_of(project.hand_attributes))
    return {
        "person": person,
        "place": place_of(person, hand),
        "hand": hand,
        "badges": badges(person),
        "eyes": eyes,
        "base": reverse("person", args=[project.slug, room, person.identity]),
        "room_url": reverse("room", args=[project.slug, room]),
        "room": room,
        "place_verb": VERBS["return_to_audience" if person.on_stage else "promote"],
        "head_verbs": [VERBS[name] for name in HEAD_VERBS],
        "track_lines": [track_line(track, eyes) for track in sorted(person.tracks, key=_by_source)],
        "facts": list(facts(person)),
        "attributes": sorted(person.attributes.items()),
        "permission_words": list(permission_words(person.permission)),
        "server_refuses_unmute": "remote_unmute" in eyes.missing and any(track.muted for track in person.tracks),
    }


def track_line(track: Track, eyes: Eyes) -> TrackLine:
    """Return a track with its details in words: codec, size, layers, encryption and what else is not as usual."""
    details = [track.mime_type or "codec not known"]
    if track.width and track.height:
        details.append(f"{track.width} × {track.height}")
    layers = track.layers or tuple(layer for codec in track.codecs for layer in codec.layers)
    if layers:
        details.append(f"{len(layers)} layer{'s' if len(layers) > 1 else ''}: {', '.join(map(_layer, layers))}")
    details.append(ENCRYPTION.get(track.encryption, f"encryption {track.encryption}"))
    details += [f"also {codec.mime_type}" for codec in track.codecs if codec.mime_type not in ("", track.mime_type)]
    if track.simulcast:
        details.append("simulcast")
    if track.stereo or "TF_STEREO" in track.audio_features:
        details.append("stereo")
    details += [_feature(each) for each in track.audio_features if each != "TF_STEREO"]
    details += [words for words, on in (("no RED", track.disable_red), ("no DTX", track.disable_dtx)) if on]
    if track.type == "VIDEO" and track.backup_codec_policy != "PREFER_REGRESSION":
        details.append(f"backup codec {track.backup_codec_policy.lower()}")
    details += [f"{words} {value}" for words, value in (("stream", track.stream), ("mid", track.mid)) if value]
    if track.name and track.name.casefold() not in (track.label, track.source.casefold(), track.stream.casefold()):
        details.append(f"named “{track.name}”")
    return TrackLine(slot(track, eyes), tuple(details))


def facts(person: Participant) -> Iterator[Fact]:
    """Every field of ParticipantInfo in its own order of use."""
    yield Fact("Name", person.name or "none")
    yield Fact("Identity", code=person.identity)
    yield Fact("Sid", code=person.sid)
    yield Fact("State", person.state)
    yield Fact("Kind", person.kind)
    yield Fact("Kind details", ", ".join(person.kind_details) or "none")
    yield Fact("Joined", "not known", moment=person.joined_at)
    yield Fact("Publisher", "yes" if person.is_publisher else "no")
    yield Fact("Tracks", f"{len(person.tracks)} published" if person.tracks else "none")
    yield Fact("Data tracks", ", ".join(each.name or each.sid for each in person.data_tracks) or "none")
    yield Fact("Attributes", f"{len(person.attributes)}" if person.attributes else "none")
    yield Fact("Metadata", f"{len(person.metadata.encode('utf-8', 'surrogatepass')):,} bytes")
    yield Fact("Region", person.region or "not given")
    yield Fact("Version", str(person.version))
    yield Fact("Client protocol", str(person.client_protocol) if person.client_protocol else "not given")
    yield Fact("Capabilities", ", ".join(map(_feature, person.capabilities)) or "none")
    here = person.disconnect_reason == "UNKNOWN_REASON"
    yield Fact("Disconnect reason", "still here" if here else person.disconnect_reason)


def permission_words(permission: Permission) -> Iterator[tuple[str, str]]:
    """The ten fields as (words, yes or no)."""
    for name, words in PERMISSION.items():
        value = getattr(permission, name)
        answer = sources(value) if name == "can_publish_sources" else "yes" if value else "no"
        yield words[:1].upper() + words[1:], answer


def _by_source(track: Track) -> tuple[int, str]:
    order = SOURCE_ORDER.index(track.source) if track.source in SOURCE_ORDER else len(SOURCE_ORDER)
    return (order, track.sid)


def _layer(layer: VideoLayer) -> str:
    size = f"{layer.width} × {layer.height}" if layer.width else layer.quality.lower()
    return f"{size} at {layer.bitrate // 1000:,} kbit/s" if layer.bitrate else size


def _feature(name: str) -> str:
    return name.removeprefix("TF_").removeprefix("CAP_").replace("_", " ").lower()
