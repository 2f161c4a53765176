"""What is said on a room's chat topics, as text streams and as data messages.

Whoever may send data may send anything and as much as they like: texts are cut, streams end in time, and only so many
messages are told in a second.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

import livekit.rtc as rtc

from rooms.livekit.observer.line import Say

LONGEST = 2_000  # characters of a text
STREAM_SECONDS = 30.0
MOST_STREAMS = 20
# So many messages may come at once, and so many a second in the long run.
BURST = 30
A_SECOND = 5.0
COUNT_AFTER = 2.0


class Chat:
    """Tells what is said on ``topics``, and how much of it was too much."""

    def __init__(self, room: rtc.Room, topics: Iterable[str], say: Say) -> None:
        self._say = say
        self._topics = frozenset(topics)
        self._streams: set[asyncio.Task[None]] = set()
        self._allowed, self._counted_at = float(BURST), self._now()
        self._missed = 0
        for topic in self._topics:
            room.register_text_stream_handler(topic, self._stream)
        room.on("data_received", self._data)

    def close(self) -> None:
        """Let go of the streams that are still open."""
        for stream in self._streams:
            stream.cancel()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _data(self, packet: rtc.DataPacket) -> None:
        """The server's own SendData has no sender, and neither has what a participant sends whom nobody sees."""
        if packet.topic in self._topics:
            who = packet.participant.identity if packet.participant else ""
            text, more = message(packet.data)
            self._tell(who, packet.topic, text, more=more)

    def _stream(self, reader: rtc.TextStreamReader, who: str) -> None:
        if len(self._streams) >= MOST_STREAMS:
            reader.close()
            self._miss()
            return
        task = asyncio.create_task(self._read(reader, who))
        self._streams.add(task)
        task.add_done_callback(self._streams.discard)

    async def _read(self, reader: rtc.TextStreamReader, who: str) -> None:
        text = ""
        try:
            async with asyncio.timeout(STREAM_SECONDS):
                async for chunk in reader:
                    text += chunk
                    if len(text) > LONGEST:
                        break
            more = len(text) > LONGEST
        except (TimeoutError, rtc.StreamError):
            # A stream that its sender never ended, or broke off: what came of it was said.
            more = True
        finally:
            reader.close()
        self._tell(who, reader.info.topic, text[:LONGEST], more=more)

    def _tell(self, who: str, topic: str, text: str, *, more: bool) -> None:
        now = self._now()
        self._allowed = min(BURST, self._allowed + (now - self._counted_at) * A_SECOND)
        self._counted_at = now
        if self._allowed < 1:
            self._miss()
            return
        self._allowed -= 1
        self._say("said", who=who, topic=topic, text=text, more=more)

    def _miss(self) -> None:
        if not self._missed:
            asyncio.get_running_loop().call_later(COUNT_AFTER, self._count)
        self._missed += 1

    def _count(self) -> None:
        self._say("missed", count=self._missed)
        self._missed = 0


def message(data: bytes) -> tuple[str, bool]:
    """Return the text of a data message, at most LONGEST characters, and whether there was more.

    LiveKit's older components send chat as {"id", "timestamp", "message"} in JSON: then it is the message.
    """
    text = data.decode("utf-8", "replace")
    if text.startswith("{"):
        try:
            written = json.loads(text)["message"]
        except (ValueError, KeyError, RecursionError):
            written = None
        if isinstance(written, str):
            text = written
    return text[:LONGEST], len(text) > LONGEST
