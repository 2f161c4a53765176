"""One room and what it counts."""

import time
from dataclasses import dataclass

from livekit.protocol.models import Codec
from livekit.protocol.models import Room as RoomMessage

from . import ids
from .audience import Audience
from .participant import Participant
from .record import INTERVAL, Record

CODECS = (
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
    """A live room. What the API tells of it, counts included, lags behind: see ``Record``."""

    def __init__(
        self, name: str, settings: RoomSettings, created_at_ms: int | None = None, counts_interval: float = INTERVAL
    ) -> None:
        self.sid = ids.new("RM_")
        self.name = name
        self.settings = settings
        self.metadata = settings.metadata
        self.created_at_ms = created_at_ms or time.time_ns() // 1_000_000
        self.turn_password = ids.new("", 43)  # opens nothing: there is no TURN server here
        self.people: dict[str, Participant] = {}
        self.audience = Audience(self.people)
        self.recorded = False
        self.kept_open = False
        self.nonces: dict[bytes, None] = {}  # of SendData, oldest first
        self.first_joined_at = 0
        self.last_left_at = 0
        self.record = Record(self._message, counts_interval)

    @property
    def counted(self) -> int:
        """People who count: hidden ones do, agents, recorders and egress do not."""
        return sum(not person.dependent for person in self.people.values())

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

    def came(self, person: Participant) -> None:
        """Somebody is in the room now; the first recorder shows at once."""
        self.people[person.identity] = person
        if not person.dependent:
            self.first_joined_at = self.first_joined_at or int(time.time())
        if person.records and not self.recorded:
            self.recorded = True
            self.record.settle()
        self.record.touch()

    def left(self, person: Participant) -> None:
        """Somebody is in the room no more; the last recorder's leaving shows at once."""
        del self.people[person.identity]
        self.audience.remove(person)
        self.last_left_at = int(time.time())
        if person.records and self.recorded:
            self.recorded = any(other.records for other in self.people.values())
            if not self.recorded:
                self.record.settle()
        self.record.touch()

    def spread(self, message: RoomMessage) -> None:
        """Tell the message to everybody who is connected by a socket."""
        for person in self.people.values():
            if person.line:
                person.line.room_updated(message)

    def info(self) -> RoomMessage:
        """The message of the API. Callers must not change it."""
        return self.record.message

    def wire_bytes(self) -> bytes:
        """The message in protobuf."""
        return self.record.wire_bytes()

    def wire_json(self) -> str:
        """The message in JSON."""
        return self.record.wire_json()

    def _message(self) -> RoomMessage:
        return RoomMessage(
            sid=self.sid,
            name=self.name,
            empty_timeout=self.settings.empty_timeout,
            departure_timeout=self.settings.departure_timeout,
            max_participants=self.settings.max_participants,
            creation_time=self.created_at_ms // 1000,
            creation_time_ms=self.created_at_ms,
            turn_password=self.turn_password,
            enabled_codecs=[Codec(mime=mime) for mime in CODECS],
            metadata=self.metadata,
            num_participants=self.counted,
            num_publishers=sum(person.is_publisher for person in self.people.values()),
            active_recording=self.recorded,
        )
