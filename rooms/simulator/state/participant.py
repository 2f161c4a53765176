"""One session of one identity in one room."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from livekit.protocol.models import (
    ClientInfo,
    DisconnectReason,
    ParticipantInfo,
    ParticipantPermission,
    TrackInfo,
    TrackSource,
)
from livekit.protocol.models import Room as RoomMessage

from rooms.simulator import grants, wire

from . import ids
from .tracks import TrackPlan, build_track

_KNOWN_SOURCES = frozenset(TrackSource.values())
# Of the official rtc SDK 1.2.0: before its own tracks it opens data and six sections for what it receives.
FIRST_MID = 7
CLIENT_PROTOCOL = 2
CAPABILITIES = (
    ClientInfo.Capability.CAP_PACKET_TRAILER,
    ClientInfo.Capability.CAP_COMPRESSION_DEFLATE_RAW,
)
_DEPENDENT_KINDS = frozenset([ParticipantInfo.Kind.AGENT, ParticipantInfo.Kind.EGRESS])


@dataclass
class Profile:
    """What a join token says about the person who joins, and what their client says of itself."""

    identity: str
    name: str = ""
    kind: int = 0
    kind_details: list[int] = field(default_factory=list)
    metadata: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    video: Mapping[str, Any] = field(default_factory=dict)
    permission: ParticipantPermission = field(default_factory=lambda: grants.permission_from_grant({}))
    expires_at: float | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)
    client_protocol: int = CLIENT_PROTOCOL
    capabilities: Sequence[int] = CAPABILITIES

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any], identity: str) -> "Profile":
        """Read the claims of a verified join token."""
        video = claims.get("video") or {}
        return cls(
            identity=identity,
            name=claims.get("name") or "",
            kind=grants.kind_number(claims.get("kind") or ""),
            kind_details=grants.kind_details(claims.get("kindDetails") or []),
            metadata=claims.get("metadata") or "",
            attributes=dict(claims.get("attributes") or {}),
            video=video,
            permission=grants.permission_from_grant(video),
            expires_at=claims.get("exp"),
            rest={name: claims[name] for name in ("roomConfig", "roomPreset") if name in claims},
        )


class Line(Protocol):
    """The way to a client that is connected by a socket of its own."""

    def updated(self, people: list[ParticipantInfo]) -> None: ...

    def room_updated(self, room: RoomMessage) -> None: ...

    def told(self, event: str, details: Mapping[str, Any]) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class RpcMethod:
    """What a client's registered method does with a call, after ``delay`` seconds.

    It answers ``answer`` (None: what it was sent), or fails with ``error``: code, message, data.
    """

    answer: str | None = None
    delay: float = 0.0
    error: tuple[int, str, str] | None = None


class Participant:
    """A person in a room. Whoever changes a field calls ``touch`` afterwards (``World`` does)."""

    def __init__(self, profile: Profile, joined_at_ms: int | None = None) -> None:
        self.sid = ids.new("PA_")
        self.identity = profile.identity
        self.name = profile.name
        self.kind = profile.kind
        self.kind_details = list(profile.kind_details)
        self.metadata = profile.metadata
        self.attributes = dict(profile.attributes)
        self.permission = profile.permission
        self.video = profile.video
        self.profile = profile
        self.state = int(ParticipantInfo.State.JOINING)
        self.joined_at_ms = joined_at_ms or time.time_ns() // 1_000_000
        self.version = 0
        self.tracks: dict[str, TrackInfo] = {}
        self.methods: dict[str, RpcMethod] = {}
        self.line: Line | None = None
        self.is_publisher = False
        self.disconnect_reason = int(DisconnectReason.UNKNOWN_REASON)
        self._sent_media = False
        self._next_mid = FIRST_MID
        self._written: tuple[bytes, list[bytes]] | None = None
        self._written_json: tuple[str, list[str]] | None = None

    @property
    def dependent(self) -> bool:
        """Not counted and not keeping the room open (``IsDependent``)."""
        return self.kind in _DEPENDENT_KINDS or self.permission.agent or self.permission.recorder

    @property
    def records(self) -> bool:
        """Whether the room is being recorded while this one is there (``IsRecorder``)."""
        return self.kind == ParticipantInfo.Kind.EGRESS or self.permission.recorder

    @property
    def active(self) -> bool:
        return self.state == ParticipantInfo.State.ACTIVE

    def touch(self) -> None:
        """Something changed: raise the version and forget what was written."""
        self.version += 1
        self._written = self._written_json = None

    def publish(self, plan: TrackPlan) -> TrackInfo:
        """Add a track; the first one makes a publisher of the person."""
        track = build_track(plan, self._next_mid)
        self._next_mid += 1
        self.tracks[track.sid] = track
        self._sent_media = True
        self.is_publisher = self.permission.can_publish
        return track

    def imitate(self, original: "Participant") -> None:
        """Take over what a forwarded session shows of its original. Tracks are cloned: each room mutes its own."""
        self.name, self.metadata = original.name, original.metadata
        self.attributes = dict(original.attributes)
        self.tracks = {track.sid: TrackInfo.FromString(track.SerializeToString()) for track in original.tracks.values()}
        self.is_publisher = original.is_publisher

    def adopt(self, tracks: Mapping[str, TrackInfo], is_publisher: bool) -> None:
        """Take over the tracks of another session of the same person."""
        self.tracks.update(tracks)
        self._sent_media = self._sent_media or bool(tracks)
        self.is_publisher = is_publisher

    def set_permission(self, permission: ParticipantPermission) -> list[TrackInfo] | None:
        """Replace the whole permission. Returns the tracks that fall with it, None when nothing changed."""
        if permission == self.permission:
            return None
        self.permission = permission
        self.video = grants.grant_from_permission(self.video, permission)
        self.is_publisher = permission.can_publish and self._sent_media
        fallen = [track for track in self.tracks.values() if not grants.may_publish(permission, track.source)]
        for track in fallen:
            del self.tracks[track.sid]
        return fallen

    def merge_attributes(self, attributes: Mapping[str, str]) -> None:
        """Merge per key; an empty value deletes the key."""
        self.attributes.update(attributes)
        for key in [key for key, value in attributes.items() if value == ""]:
            del self.attributes[key]

    def info(self) -> ParticipantInfo:
        """The message of the API; the tracks come in no particular order."""
        info = self._head()
        info.tracks.extend(ids.shuffled(self.tracks.values()))
        return info

    def claims(self) -> dict[str, Any]:
        """What a refresh token of this moment carries (``refreshToken``: without kind details)."""
        claims = {
            "sub": self.identity,
            "name": self.name,
            "kind": ParticipantInfo.Kind.Name(self.kind).lower(),
            "metadata": self.metadata,
            "attributes": dict(self.attributes),
            "video": grants.written(self.video),
            **self.profile.rest,
        }
        return grants.refreshed(claims, self.profile.expires_at)

    def wire_bytes(self) -> bytes:
        """Protobuf, kept until the next change: a list of thousands is read every second."""
        if self._written is None:
            self._written = (
                self._head().SerializeToString(),
                [wire.prefixed(4, track.SerializeToString()) for track in self.tracks.values()],
            )
        head, tracks = self._written
        return head + b"".join(ids.shuffled(tracks)) if tracks else head

    def wire_json(self) -> str:
        """JSON, kept until the next change."""
        if self._written_json is None:
            head = wire.to_plain(self._head())
            del head["tracks"]
            tracks = [wire.dumps(wire.to_plain(track)) for track in self.tracks.values()]
            self._written_json = (wire.dumps(head)[:-1], tracks)
        head_text, track_texts = self._written_json
        return f'{head_text},"tracks":[{",".join(ids.shuffled(track_texts))}]}}'

    def _head(self) -> ParticipantInfo:
        permission = ParticipantPermission()
        permission.CopyFrom(self.permission)
        for place, source in enumerate(permission.can_publish_sources):
            if source not in _KNOWN_SOURCES:
                permission.can_publish_sources[place] = TrackSource.UNKNOWN
        return ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            state=self.state,  # type: ignore[arg-type]
            metadata=self.metadata,
            joined_at=self.joined_at_ms // 1000,
            joined_at_ms=self.joined_at_ms,
            name=self.name,
            version=self.version,
            permission=permission,
            is_publisher=self.is_publisher,
            kind=self.kind,  # type: ignore[arg-type]
            attributes=self.attributes,
            disconnect_reason=self.disconnect_reason,  # type: ignore[arg-type]
            kind_details=self.kind_details,  # type: ignore[arg-type]
            client_protocol=self.profile.client_protocol,
            capabilities=self.profile.capabilities,  # type: ignore[arg-type]
        )
