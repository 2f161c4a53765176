"""One room and what it counts."""

import time
from dataclasses import dataclass

from livekit.protocol.models import Codec
from livekit.protocol.models import Room as RoomMessage

from rooms.simulator import wire

from . import ids
from .participant import Participant

_CODECS = (
    "audio/PCMU",
    "audio/PCMA",
    "audio/opus",
    "audio/red",
    "video/VP8",
    "video/H264",
    "video/VP9",
    "video/AV1",
    "video/H265",
    "video/rtx",
)


@dataclass(frozen=True)
class RoomSettings:
    """What CreateRoom or a token's roomConfig may set. Timeouts in seconds; 0 and "" mean the server's default."""

    empty_timeout: int = 0
    departure_timeout: int = 0
    max_participants: int = 0
    metadata: str = ""


class Room:
    """A live room. Counts are exact at once; a real server lets them lag by seconds."""

    def __init__(self, name: str, settings: RoomSettings, created_at_ms: int | None = None) -> None:
        self.sid = ids.new("RM_")
        self.name = name
        self.settings = settings
        self.metadata = settings.metadata
        self.created_at_ms = created_at_ms or time.time_ns() // 1_000_000
        self.turn_password = ids.new("", 43)  # opens nothing: there is no TURN server here
        self.people: dict[str, Participant] = {}
        self.kept_open = False
        self.nonces: dict[bytes, None] = {}  # of SendData, oldest first
        self.first_joined_at = 0
        self.last_left_at = 0
        self._message: RoomMessage | None = None
        self._bytes: bytes | None = None
        self._json: str | None = None

    def touch(self) -> None:
        """Something that the Room message tells has changed."""
        self._message = self._bytes = self._json = None

    @property
    def counted(self) -> int:
        """People who count: hidden ones do, agents, recorders and egress do not."""
        return self.info().num_participants

    @property
    def full(self) -> bool:
        limit = self.settings.max_participants
        return bool(limit) and self.counted >= limit

    def idle(self, now: float) -> bool:
        """Whether the room has been without people for its timeout (``CloseIfEmpty``); ``now`` in seconds, UTC."""
        if self.kept_open or self.counted:
            return False
        if self.first_joined_at and self.last_left_at:
            return int(now) - self.last_left_at >= self.settings.departure_timeout
        return int(now) - self.created_at_ms // 1000 >= self.settings.empty_timeout

    def info(self) -> RoomMessage:
        """The message of the API. Callers must not change it."""
        if self._message is None:
            people = self.people.values()
            self._message = RoomMessage(
                sid=self.sid,
                name=self.name,
                empty_timeout=self.settings.empty_timeout,
                departure_timeout=self.settings.departure_timeout,
                max_participants=self.settings.max_participants,
                creation_time=self.created_at_ms // 1000,
                creation_time_ms=self.created_at_ms,
                turn_password=self.turn_password,
                enabled_codecs=[Codec(mime=mime) for mime in _CODECS],
                metadata=self.metadata,
                num_participants=sum(not person.dependent for person in people),
                num_publishers=sum(person.is_publisher for person in people),
                active_recording=any(person.permission.recorder for person in people),
            )
        return self._message

    def wire_bytes(self) -> bytes:
        """Protobuf, kept until the next change."""
        if self._bytes is None:
            self._bytes = self.info().SerializeToString()
        return self._bytes

    def wire_json(self) -> str:
        """JSON, kept until the next change."""
        if self._json is None:
            self._json = wire.dumps(wire.to_plain(self.info()))
        return self._json
