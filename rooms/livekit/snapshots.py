"""What LiveKit said about rooms and people at one moment, frozen.

Every field of LiveKit's Room, ParticipantInfo, TrackInfo and ParticipantPermission is here except Room's
turn_password, which is a secret and is never read. Enum values are LiveKit's names; a number that this release does
not know is kept as its digits. Sizes are pixels, timeouts seconds, times aware UTC.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

from rooms.livekit.packing import pack, unpack

__all__ = [
    "Codec",
    "DataTrack",
    "Participant",
    "Permission",
    "Room",
    "RoomState",
    "RoomsState",
    "TimedVersion",
    "Track",
    "TrackCodec",
    "VideoLayer",
    "pack",
    "tracks_lost",
    "unpack",
]

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})

TRACK_LABELS = {
    "MICROPHONE": "microphone",
    "CAMERA": "camera",
    "SCREEN_SHARE": "screen share",
    "SCREEN_SHARE_AUDIO": "screen share audio",
}


@dataclass(frozen=True, slots=True)
class Codec:
    """A codec that a room allows."""

    mime: str = ""
    fmtp_line: str = ""


@dataclass(frozen=True, slots=True)
class TimedVersion:
    """LiveKit's order of writes on one object: microseconds since 1970 and a tie-breaker."""

    unix_micro: int = 0
    ticks: int = 0


@dataclass(frozen=True, slots=True)
class VideoLayer:
    """One layer of a simulcast video; ``bitrate`` in bits per second."""

    quality: str = "LOW"
    width: int = 0
    height: int = 0
    bitrate: int = 0
    ssrc: int = 0
    spatial_layer: int = 0
    rid: str = ""
    repair_ssrc: int = 0


@dataclass(frozen=True, slots=True)
class TrackCodec:
    """A codec in which a track is published."""

    mime_type: str = ""
    mid: str = ""
    cid: str = ""
    layers: tuple[VideoLayer, ...] = ()
    video_layer_mode: str = "MODE_UNUSED"
    sdp_cid: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """A published audio or video track."""

    sid: str
    type: str = "AUDIO"
    name: str = ""
    source: str = "UNKNOWN"
    muted: bool = False
    width: int = 0
    height: int = 0
    mime_type: str = ""
    mid: str = ""
    encryption: str = "NONE"
    stream: str = ""
    simulcast: bool = False
    layers: tuple[VideoLayer, ...] = ()
    stereo: bool = False
    disable_red: bool = False
    disable_dtx: bool = False
    audio_features: tuple[str, ...] = ()
    codecs: tuple[TrackCodec, ...] = ()
    backup_codec_policy: str = "PREFER_REGRESSION"
    packet_trailer_features: tuple[str, ...] = ()
    # A version names a state and is no part of it: two readings that differ only here say the same.
    version: TimedVersion | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """What a person calls it: "microphone", "camera", "screen share"; "audio track" when the source is unknown."""
        return TRACK_LABELS.get(self.source) or f"{self.type.lower()} track"


@dataclass(frozen=True, slots=True)
class DataTrack:
    """A published data track; it cannot be muted."""

    sid: str
    pub_handle: int = 0
    name: str = ""
    encryption: str = "NONE"
    frame_encoding: str = ""
    schema: str = ""

    @property
    def label(self) -> str:
        """What a person calls it."""
        return "data track"


@dataclass(frozen=True, slots=True)
class Permission:
    """What a participant may do now. LiveKit replaces it as a whole: use `overlay`, then send all of it."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        "can_subscribe",
        "can_publish",
        "can_publish_data",
        "can_publish_sources",
        "hidden",
        "recorder",
        "can_update_metadata",
        "agent",
        "can_subscribe_metrics",
        "can_manage_agent_session",
    )

    can_subscribe: bool = False
    can_publish: bool = False
    can_publish_data: bool = False
    can_publish_sources: tuple[str, ...] = ()
    hidden: bool = False
    recorder: bool = False
    can_update_metadata: bool = False
    agent: bool = False
    can_subscribe_metrics: bool = False
    can_manage_agent_session: bool = False
    # Fields of a newer LiveKit as they came over the wire, so that sending the permission back drops none of them.
    unknown: bytes = field(default=b"", repr=False)

    def overlay(self, **changes: Any) -> Permission:
        """This permission with ``changes`` to some of FIELDS, all else kept. Raises TypeError for any other name."""
        foreign = changes.keys() - set(self.FIELDS)
        if foreign:
            raise TypeError(f"not a field of ParticipantPermission: {', '.join(sorted(foreign))}")
        if "can_publish_sources" in changes:
            changes["can_publish_sources"] = tuple(changes["can_publish_sources"])
        return dataclasses.replace(self, **changes)

    def allows(self, source: str) -> bool:
        """Whether a track of ``source`` may be published (livekit.md 3.2: no source listed means every source)."""
        return self.can_publish and (not self.can_publish_sources or source in self.can_publish_sources)


@dataclass(frozen=True, slots=True)
class Participant:
    """A session in a room. ``joined_at`` is the signal connection, not the first media."""

    sid: str
    identity: str
    name: str = ""
    state: str = "ACTIVE"
    kind: str = "STANDARD"
    kind_details: tuple[str, ...] = ()
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES, hash=False)
    joined_at: datetime | None = None
    version: int = field(default=0, compare=False)
    permission: Permission = Permission()
    region: str = ""
    is_publisher: bool = False
    tracks: tuple[Track, ...] = ()
    data_tracks: tuple[DataTrack, ...] = ()
    disconnect_reason: str = "UNKNOWN_REASON"
    client_protocol: int = 0
    capabilities: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name, or the identity where there is none."""
        return self.name or self.identity

    @property
    def on_stage(self) -> bool:
        """Whether this participant may publish."""
        return self.permission.can_publish

    @property
    def hidden(self) -> bool:
        """Whether the others in the room do not see this participant."""
        return self.permission.hidden

    @property
    def dependent(self) -> bool:
        """Whether LiveKit neither counts this participant nor keeps the room open for it (livekit.md 3.5)."""
        return self.kind in ("AGENT", "EGRESS") or self.permission.agent or self.permission.recorder

    @property
    def counted(self) -> bool:
        """Whether LiveKit counts this participant in num_participants; hidden ones are counted."""
        return not self.dependent

    @property
    def forwarded(self) -> bool:
        """Whether this participant is here by being forwarded from another room."""
        return "FORWARDED" in self.kind_details

    def track(self, sid: str) -> Track | None:
        """The media track with this sid."""
        return next((track for track in self.tracks if track.sid == sid), None)


@dataclass(frozen=True, slots=True)
class Room:
    """A room. Its counts lag by seconds (livekit.md 0.6); count the participants where they are known."""

    sid: str
    name: str
    metadata: str = ""
    created_at: datetime | None = None
    empty_timeout: int = 0
    departure_timeout: int = 0
    max_participants: int = 0
    num_participants: int = 0
    num_publishers: int = 0
    active_recording: bool = False
    enabled_codecs: tuple[Codec, ...] = ()
    version: TimedVersion | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RoomState:
    """One room and the people in it by identity; ``room`` is None when LiveKit does not list it.

    ``watched`` says that an observer of this deployment's is in it, who is none of the people.
    """

    room: Room | None
    people: Mapping[str, Participant] = field(hash=False)
    read_at: datetime = field(compare=False)
    watched: bool = False


@dataclass(frozen=True, slots=True)
class RoomsState:
    """A project's rooms by name."""

    rooms: Mapping[str, Room] = field(hash=False)
    read_at: datetime = field(compare=False)


def tracks_lost(participant: Participant, permission: Permission) -> tuple[Track | DataTrack, ...]:
    """The tracks that LiveKit takes down when ``participant`` gets ``permission`` (livekit.md 3.2, 3.3).

    They do not come back when the right does: the participant's application must publish again.
    """
    media = () if permission.recorder else participant.tracks
    data = () if permission.can_publish_data else participant.data_tracks
    return tuple(track for track in media if not permission.allows(track.source)) + data
