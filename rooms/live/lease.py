"""The lease: of all processes whose viewers look at a topic, exactly one reads LiveKit for it.

It lives in the shared cache. With the default in-memory cache there is one process, and it always gets it.
"""

from __future__ import annotations

import contextlib
import secrets

from django.core.cache import cache

from rooms.away import AWAY
from rooms.live.bus import Topic

PROCESS = secrets.token_hex(8)
"""Names this process in leases and messages."""

SHORTEST_LEASE = 5.0


class Lease:
    """The right to read one topic, renewed by holding it again before it runs out."""

    def __init__(self, topic: Topic) -> None:
        self._key = f"greenroom:lease:{topic.group}"
        self.held = False

    async def hold(self, seconds: float) -> bool:
        """Take or renew the lease for ``seconds`` (at least 5); return whether this process has it now.

        While Redis is away nobody can take it from whoever has it: that process reads on, the others' pages say how old
        they are.
        """
        timeout = max(SHORTEST_LEASE, seconds)
        with contextlib.suppress(*AWAY):
            if self.held and await cache.aget(self._key) == PROCESS:
                self.held = await cache.atouch(self._key, timeout)
            else:
                self.held = await cache.aadd(self._key, PROCESS, timeout)
        return self.held

    async def taken(self) -> bool:
        """Return whether any process reads this topic now; of another process nothing is known while Redis is away."""
        try:
            return await cache.aget(self._key) is not None
        except AWAY:
            return self.held

    async def release(self) -> None:
        """Give the lease back, so that another process may take it at once; harmless when not held."""
        held, self.held = self.held, False
        with contextlib.suppress(*AWAY):
            if held and await cache.aget(self._key) == PROCESS:
                await cache.adelete(self._key)
