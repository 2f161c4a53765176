"""People for tests that do not await, such as those that drive a browser.

with People() as people:
    alice = people.join(server, "town-hall", "alice", publish=["microphone"])
    people.do(alice.mute(alice.tracks["microphone"]))
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.people.joining import crowd, join
from tests.people.person import Person
from tests.servers.server import Server

T = TypeVar("T")

ACT_SECONDS = 60.0


class People:
    """An event loop in a thread of its own, and the people who live there; they leave when the context ends."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._people: list[Person] = []

    def __enter__(self) -> People:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.do(self._everybody_leaves())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, act: Coroutine[Any, Any, T]) -> T:
        """Run any coroutine where the people live, and give its result; fails after ACT_SECONDS."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(ACT_SECONDS)

    def join(self, server: Server, room: str, identity: str, **options: Any) -> Person:
        """Somebody joins, with the options of ``tests.people.join``. Raises JoinRefused."""
        person = self.do(join(server, room, identity, **options))
        self._people.append(person)
        return person

    def crowd(self, server: Server, room: str, count: int, **options: Any) -> list[Person]:
        """Many people without media, as in ``tests.people.crowd``."""
        came = self.do(crowd(server, room, count, **options))
        self._people.extend(came)
        return came

    async def _everybody_leaves(self) -> None:
        await asyncio.gather(*(person.leave() for person in self._people))
        await self._loop.shutdown_asyncgens()
