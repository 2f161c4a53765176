"""The observer's own process: LiveKit's native library, and one hidden participant in each room that is asked for.

``python -m rooms.livekit.observer`` is started by `rooms.livekit.observing` and never imported by the console: a
crash or a hang of the library ends here. Orders come as JSON lines on stdin ({"do": "join", "seat", "url", "token",
"listen"}, {"do": "leave", "seat"}); on stdout go {"say": "alive"} every second and, for a seat, "in" (with the room's
sid), "look" (something happened: read the room), "speaking" (who, where it listens) and "gone" (with the reason). It
ends when stdin does.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from livekit import rtc

HEARTBEAT = 1.0
ATTEMPT_SECONDS = 5.0
# Joining tries four times; one that is not over by then hangs in the library.
JOIN_SECONDS = 30.0
LEAVE_SECONDS = 5.0
FAREWELL_SECONDS = 3.0

# What a watcher is told of the others without subscribing to anything (livekit.md 7.6).
NEWS: tuple[Any, ...] = (
    "participant_connected",
    "participant_disconnected",
    "participant_active",
    "participant_metadata_changed",
    "participant_name_changed",
    "participant_attributes_changed",
    "participant_permissions_changed",
    "track_published",
    "track_unpublished",
    "track_muted",
    "track_unmuted",
    "data_track_published",
    "data_track_unpublished",
    "room_metadata_changed",
    "room_updated",
)


class Stuck(Exception):
    """The library did not do what it was told. Only the end of the process makes sure that nobody stays in a room."""


class Line:
    """The way to the console: JSON lines on what was stdout when the process began."""

    def __init__(self, number: int) -> None:
        self._number = number

    def say(self, what: str, **details: Any) -> None:
        """Send one message; the end of the process when nobody reads any more."""
        try:
            os.write(self._number, json.dumps({"say": what, **details}).encode() + b"\n")
        except BrokenPipeError:
            os._exit(0)


class Seat:
    """The observer in one room."""

    def __init__(self, number: int, line: Line, give_up: Callable[[int], None], *, listens: bool) -> None:
        self.number = number
        self._line = line
        self._give_up = give_up
        self._room = rtc.Room()
        self._told = False
        self._over = False
        for event in NEWS:
            self._room.on(event, self._look)
        if listens:
            self._room.on("track_published", self._listen)
            self._room.on("active_speakers_changed", self._speaking)
        self._listens = listens
        # The library would come back by itself, and so open a room again that was closed meanwhile (auto_create).
        self._room.on("reconnecting", self._cut)
        self._room.on("disconnected", lambda reason: self._end(rtc.DisconnectReason.Name(reason)))

    async def join(self, url: str, token: str) -> None:
        """Go in and say so, or say why not. Raises Stuck."""
        options = rtc.RoomOptions(auto_subscribe=False, connect_timeout=ATTEMPT_SECONDS)
        try:
            await asyncio.wait_for(self._room.connect(url, token, options), JOIN_SECONDS)
        except rtc.ConnectError as error:
            self._end(error.message)
            return
        except TimeoutError:
            raise Stuck("A join did not end.") from None
        if self._over:
            await self._disconnect()
            return
        self._line.say("in", seat=self.number, sid=await self._room.sid)
        for person in self._room.remote_participants.values() if self._listens else ():
            for track in person.track_publications.values():
                self._listen(track)

    async def leave(self) -> None:
        """Go out, without another word. Raises Stuck."""
        self._over = True
        await self._disconnect()

    async def _disconnect(self) -> None:
        try:
            await asyncio.wait_for(self._room.disconnect(), LEAVE_SECONDS)
        except TimeoutError:
            raise Stuck("A room could not be left.") from None

    def _listen(self, track: rtc.RemoteTrackPublication, *_: Any) -> None:
        """Who speaks is told of those only whose sound is received (livekit.md 7.6); nobody plays or keeps it."""
        if track.source == rtc.TrackSource.SOURCE_MICROPHONE and not self._over:
            track.set_subscribed(True)

    def _speaking(self, speakers: list[rtc.Participant]) -> None:
        if not self._over:
            self._line.say("speaking", seat=self.number, who=[speaker.identity for speaker in speakers])

    def _look(self, *_: Any) -> None:
        """Several events of one message are one piece of news."""
        if not self._told:
            self._told = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._told = False
        if not self._over:
            self._line.say("look", seat=self.number)

    def _cut(self) -> None:
        self._end("The connection was cut")
        self._give_up(self.number)

    def _end(self, reason: str) -> None:
        if not self._over:
            self._over = True
            self._line.say("gone", seat=self.number, reason=reason)


class Observer:
    """All seats, and the orders that fill them."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._seats: dict[int, Seat] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Say "alive" until the orders end or the library is stuck; then leave every room."""
        while not self._finished.done():
            self._line.say("alive")
            await asyncio.wait({self._finished}, timeout=HEARTBEAT)
        self._finished.result()
        await asyncio.gather(*(seat.leave() for seat in self._seats.values()))

    def order(self, order: dict[str, Any]) -> None:
        """Begin to do what is asked for."""
        number = order["seat"]
        if order["do"] == "join":
            self._seats[number] = Seat(number, self._line, self._leave, listens=order["listen"])
            self._begin(self._seats[number].join(order["url"], order["token"]))
        else:
            self._leave(number)

    def _leave(self, number: int) -> None:
        if number in self._seats:
            self._begin(self._seats.pop(number).leave())

    def finish(self) -> None:
        """No more orders will come."""
        if not self._finished.done():
            self._finished.set_result(None)

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._finished.done():
            self._finished.set_exception(error)


def listen(observer: Observer, loop: asyncio.AbstractEventLoop) -> None:
    """Hand the lines of stdin to ``observer`` in ``loop``; when they end, see to it that the process does too."""
    for line in sys.stdin:
        loop.call_soon_threadsafe(observer.order, json.loads(line))
    loop.call_soon_threadsafe(observer.finish)
    time.sleep(FAREWELL_SECONDS)
    os._exit(1)


async def main() -> None:
    """Serve the console at the other end of the pipes."""
    # Whatever the library prints goes to stderr: stdout is the line.
    line = Line(os.dup(1))
    os.dup2(2, 1)
    observer = Observer(line)
    threading.Thread(target=listen, args=(observer, asyncio.get_running_loop()), daemon=True).start()
    await observer.run()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR, format="observer: %(message)s")
    logging.getLogger("livekit").setLevel(logging.CRITICAL)
    try:
        asyncio.run(main())
    except Stuck as stuck:
        sys.exit(f"observer: {stuck}")
    # The library's threads have nothing left to do, and sometimes do not end.
    os._exit(0)
