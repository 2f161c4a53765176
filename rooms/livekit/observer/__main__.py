"""``python -m rooms.livekit.observer``: take orders from the console and sit in the rooms that it names."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import time
from typing import Any

from livekit.rtc._ffi_client import FfiClient

from rooms.livekit.observer.line import Line
from rooms.livekit.observer.seat import Seat, Stuck

HEARTBEAT = 1.0
FAREWELL_SECONDS = 3.0


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
        match order["do"]:
            case "join":
                seat = Seat(number, self._line, self._leave, listens=order["listen"], topics=order["topics"])
                self._seats[number] = seat
                self._begin(seat.join(order["url"], order["token"]))
            case "meter" if number in self._seats:
                self._seats[number].meter(order["who"])
            case "leave":
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


def join_once() -> None:
    """Let the library try a join once, and not three times more over a minute.

    Whoever wants the observer decides each try anew, after a reading that lists the room: a try that comes later by
    itself would open a room again that has closed meanwhile (auto_create). The library has this option, its Python
    part no name for it.
    """
    library = FfiClient.instance
    request = library.request

    def requested(asked: Any) -> Any:
        if asked.WhichOneof("message") == "connect":
            asked.connect.options.join_retries = 0
        return request(asked)

    library.request = requested


async def main() -> None:
    """Serve the console at the other end of the pipes."""
    # Whatever the library prints goes to stderr: stdout is the line.
    line = Line(os.dup(1))
    os.dup2(2, 1)
    join_once()
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
