"""Observers: hidden participants of kind agent, in a process of their own, that say when to look (livekit.md 0.11).

One process serves all rooms of this one. It starts when the first room wants an observer and ends when the last does
not; it is killed when it is silent, and started again later and later when it fails. A seat that is lost is not taken
again by itself: whoever wanted it decides that anew, after a reading that lists the room, so that no room is opened.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib.util
import itertools
import json
import logging
import os
import signal
import sys
import weakref
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from rooms.livekit.connection import Connection
from rooms.livekit.grants import VideoGrants
from rooms.livekit.tokens import TokenSpec, mint

logger = logging.getLogger(__name__)

Heard = Callable[[Mapping[str, Any]], None]

COMMAND = (sys.executable, "-m", "rooms.livekit.observer")
ROOT = Path(__file__).resolve().parent.parent.parent
# The process needs none of the console's secrets: a token for each room comes down the pipe.
ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)

NAME = "Greenroom"
TOKEN_SECONDS = 60
# A room that closes in the very moment of a join, or of the library's own return, is opened by it again (auto_create).
# Such a room is gone after a second; a room that is there keeps its settings.
IF_OPENED = {"emptyTimeout": 1}
# Loading the native library takes a second or two, and longer on a busy machine.
START_SECONDS = 30.0
SILENCE = 5.0
TICK = 0.5
IDLE_SECONDS = 30.0
GOODBYE_SECONDS = 4.0
# Bytes. A line names people, and how long their names may be is the server's configuration.
LONGEST_LINE = 1 << 20
FIRST_REST = 1.0
LONGEST_REST = 60.0
GOOD_RUN = 60.0


@functools.cache
def installed() -> bool:
    """Whether the extra ``observer`` is there. Finds the package without loading it."""
    return importlib.util.find_spec("livekit.rtc") is not None


class Observers:
    """The process, and who is to hear of which seat. One for each running loop: :func:`observers`."""

    def __init__(self) -> None:
        self.ready = False
        self.process: asyncio.subprocess.Process | None = None
        self._heard: dict[int, Heard] = {}
        self._numbers = itertools.count(1)
        self._failures = 0
        self._silent = 0.0
        self._rest_until = 0.0
        self._waiting: set[Callable[[], None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.TimerHandle | None = None

    def begin(self, when_ready: Callable[[], None]) -> None:
        """Start the process, or wait until it may start again; then call ``when_ready``."""
        self._waiting.add(when_ready)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="greenroom observers")

    def take_seat(
        self,
        connection: Connection,
        room: str,
        identity: str,
        heard: Heard,
        *,
        listen: bool = False,
        topics: Iterable[str] = (),
    ) -> int:
        """Let ``identity`` join ``room`` and return the seat's number; only while ``ready``.

        ``heard`` gets what `rooms.livekit.observer` says of the seat, "gone" as the last. With ``listen`` it receives
        the sound of every microphone; ``topics`` are those of which it tells what is said.
        """
        grants = VideoGrants(
            room_join=True,
            room=room,
            can_subscribe=True,
            can_publish=False,
            can_publish_data=False,
            hidden=True,
            agent=True,
        )
        spec = TokenSpec(
            identity=identity, name=NAME, kind="agent", ttl=TOKEN_SECONDS, grants=grants, room_config=IF_OPENED
        )
        seat = next(self._numbers)
        self._heard[seat] = heard
        if self._closing is not None:
            self._closing.cancel()
        address = connection.base.replace("http", "ws", 1)
        token = mint(connection.key, connection.secret, spec)
        self._order(do="join", seat=seat, url=address, token=token, listen=listen, topics=list(topics))
        return seat

    def meter(self, seat: int, who: Iterable[str]) -> None:
        """Let a seat that listens tell how loud ``who`` are, and nobody else."""
        self._order(do="meter", seat=seat, who=list(who))

    def leave_seat(self, seat: int) -> None:
        """Give a seat up; nothing more is heard of it. Harmless when it is gone."""
        if self._heard.pop(seat, None) is None:
            return
        self._order(do="leave", seat=seat)
        self._end_if_idle()

    def _end_if_idle(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
        if not self._heard:
            self._closing = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._close_line)

    async def close(self) -> None:
        """Leave every room and end the process."""
        self._heard.clear()
        self._waiting.clear()
        if self._task is None:
            return
        self._close_line()
        if self.process is None:
            self._task.cancel()
        await asyncio.wait({self._task}, timeout=GOODBYE_SECONDS)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def _order(self, **order: Any) -> None:
        if self.process is not None and self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(json.dumps(order).encode() + b"\n")

    def _close_line(self) -> None:
        self.ready = False
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    async def _run(self) -> None:
        while self._waiting:
            await asyncio.sleep(max(0.0, self._rest_until - asyncio.get_running_loop().time()))
            await self._run_once()

    async def _run_once(self) -> None:
        clock = asyncio.get_running_loop().time
        started = clock()
        if await self._serve():
            return
        self._failures = 1 if clock() - started > GOOD_RUN else self._failures + 1
        rest = min(LONGEST_REST, FIRST_REST * 2.0 ** (self._failures - 1))
        self._rest_until = clock() + rest
        logger.warning("The observer's process ended by itself; it starts again after %.0f s.", rest)
        for heard in list(self._heard.values()):
            heard({"say": "gone", "reason": "process"})
        self._heard.clear()

    async def _serve(self) -> bool:
        """Start the process and hand on what it says until it ends; return whether it was told to."""
        kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *COMMAND, stdin=pipe, stdout=pipe, limit=LONGEST_LINE, cwd=ROOT, env=kept, start_new_session=True
            )
        except OSError:
            logger.exception("The observer's process could not be started.")
            return False
        self.process = process
        self._silent = SILENCE - START_SECONDS
        guard = asyncio.create_task(self._guard(process), name="greenroom observers' guard")
        try:
            await self._listen(process)
        finally:
            guard.cancel()
            asked = process.stdin is not None and process.stdin.is_closing() and not self._heard
            self.ready = False
            self.process = None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await process.wait()
            _kill(process)
            await process.wait()
        return asked

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while line := await process.stdout.readline():
            self._silent = 0.0
            self._take(json.loads(line))

    async def _guard(self, process: asyncio.subprocess.Process) -> None:
        """Kill a process that is silent. Counts turns of this loop: while that stands still, nobody could be heard."""
        while self._silent < SILENCE:
            await asyncio.sleep(TICK)
            self._silent += TICK
        logger.warning("The observer's process says nothing any more: it is killed.")
        _kill(process)

    def _take(self, message: Mapping[str, Any]) -> None:
        if message["say"] == "alive":
            if not self.ready and self.process is not None:
                self.ready = True
                waiting, self._waiting = self._waiting, set()
                for each in waiting:
                    each()
                self._end_if_idle()
            return
        heard = self._heard.get(message["seat"])
        if message["say"] == "gone":
            self._heard.pop(message["seat"], None)
        if heard is not None:
            heard(message)


def _kill(process: asyncio.subprocess.Process) -> None:
    """End it at once. Its own ``kill`` asks first whether it lives, and takes its status away from the loop."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


_observers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Observers] = weakref.WeakKeyDictionary()


def observers() -> Observers:
    """Return the observers of the running event loop (a process has one loop; tests have several)."""
    return _observers.setdefault(asyncio.get_running_loop(), Observers())
