"""One channel-layer subscription per process, fanned out inside the process.

Channels' own dispatch costs a queue and a copy per socket; with a thousand sockets that is where the time goes.
Here the process has one channel, joins the groups that somebody in it looks at, and hands each message
to the callback of its group.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

from channels.layers import get_channel_layer

from rooms.away import AWAY

logger = logging.getLogger(__name__)

Callback = Callable[[dict[str, Any]], Awaitable[None]]

# Channel layers forget a group member after ``group_expiry`` (86,400 s by default): join again well before.
REJOIN_AFTER = 3_600.0
RETRY_AFTER = 1.0


class Hub:
    """The subscription of this process. Made per running event loop by :func:`hub`."""

    def __init__(self) -> None:
        self._callbacks: dict[str, Callback] = {}
        self._channel: str | None = None
        self._task: asyncio.Task[None] | None = None

    async def join(self, group: str, callback: Callback) -> None:
        """Call ``callback(message)`` for each message of ``group`` from now on; one callback per group."""
        self._callbacks[group] = callback
        await self._add(group)

    async def leave(self, group: str) -> None:
        """Stop receiving ``group``; harmless when it was never joined."""
        self._callbacks.pop(group, None)
        if self._channel is not None:
            # A layer that is away has forgotten us already.
            with contextlib.suppress(*AWAY):
                await get_channel_layer().group_discard(group, self._channel)
        if not self._callbacks and self._task is not None:
            self._task.cancel()
            self._task = None

    async def _add(self, group: str) -> None:
        layer = get_channel_layer()
        if self._channel is None:
            self._channel = await layer.new_channel("greenroom")
        await layer.group_add(group, self._channel)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(self._channel), name="greenroom hub")

    async def _run(self, channel: str) -> None:
        clock = asyncio.get_running_loop().time
        rejoin_at = clock() + REJOIN_AFTER
        while self._callbacks:
            try:
                if clock() >= rejoin_at:
                    await self._rejoin(channel)
                    rejoin_at = clock() + REJOIN_AFTER
                message = await get_channel_layer().receive(channel)
            except Exception:
                # The layer is away (Redis restarted) and has forgotten us: join again when it is back.
                # Pages notice by their age and read over HTTP meanwhile.
                logger.warning("The channel layer did not answer; trying again.", exc_info=True)
                await asyncio.sleep(RETRY_AFTER)
                rejoin_at = clock()
                continue
            await self._deliver(message)

    async def _rejoin(self, channel: str) -> None:
        for group in list(self._callbacks):
            await get_channel_layer().group_add(group, channel)

    async def _deliver(self, message: dict[str, Any]) -> None:
        callback = self._callbacks.get(message.get("group", ""))
        if callback is None:
            return
        try:
            await callback(message["body"])
        except Exception:
            # One bad message must not end the subscription of the whole process.
            logger.exception("A live message could not be handled.")


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub() -> Hub:
    """Return the hub of the running event loop (a process has one loop; tests have several)."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
