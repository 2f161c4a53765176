"""The Room message that a server hands out, which lags behind the room (``utils.ProtoProxy`` of livekit's protocol)."""

import asyncio
import math
import time
from collections.abc import Callable

from livekit.protocol.models import Room as RoomMessage

from rooms.simulator import wire

INTERVAL = 5.0  # seconds between two looks at the counts (``roomUpdateInterval``)


class Record:
    """The message as it was last written, for every reply and webhook that carries the room.

    After a change it is written at once when the last one lies longer back than ``interval``, else at the next beat of
    a clock that starts with the room and beats each ``interval`` seconds. With an interval of 0 it never lags.
    """

    def __init__(self, write: Callable[[], RoomMessage], interval: float) -> None:
        self._write = write
        self._interval = interval
        self._started = self._written_at = time.monotonic()
        self._message: RoomMessage | None = write()
        self._bytes: bytes | None = None
        self._json: str | None = None
        self._beat: asyncio.TimerHandle | None = None
        self._stopped = False
        self.told: Callable[[RoomMessage], None] | None = None  # who wants to hear of each writing

    @property
    def message(self) -> RoomMessage:
        """The message as it stands. Callers must not change it."""
        if self._message is None:
            self._message = self._write()
        return self._message

    def wire_bytes(self) -> bytes:
        """Protobuf, kept until the next writing."""
        if self._bytes is None:
            self._bytes = self.message.SerializeToString()
        return self._bytes

    def wire_json(self) -> str:
        """JSON, kept until the next writing."""
        if self._json is None:
            self._json = wire.dumps(wire.to_plain(self.message))
        return self._json

    def touch(self) -> None:
        """The room counts differently now; the message follows in its time."""
        if self._stopped:
            return
        since = time.monotonic() - self._written_at
        if not self._interval and not self.told:
            self._message = self._bytes = self._json = None
        elif not self._interval or since > self._interval:
            self.settle()
        elif self._beat is None:
            loop = asyncio.get_running_loop()
            self._beat = loop.call_later(self._next_beat() - time.monotonic(), self.settle)

    def settle(self) -> None:
        """Write the message now."""
        self._forget_beat()
        if self._stopped:
            return
        message = self._write()
        if message != self._message:
            self._message, self._bytes, self._json = message, None, None
            self._written_at = time.monotonic()
            if self.told:
                self.told(message)

    def stop(self) -> None:
        """Keep the message as it stands for ever: the room is closing."""
        self._forget_beat()
        self._stopped = True

    def _next_beat(self) -> float:
        """The first beat that lies a whole interval after the last writing, on the monotonic clock."""
        beats = math.ceil((self._written_at + self._interval - self._started) / self._interval - 0.001)
        return self._started + beats * self._interval

    def _forget_beat(self) -> None:
        if self._beat:
            self._beat.cancel()
        self._beat = None
