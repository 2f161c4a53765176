"""An address that takes webhooks and answers as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from livekit import api

from tests.simulator.running import KEY, SECRET


@dataclass
class Receiver:
    """``answers`` are the statuses of the next deliveries, 200 afterwards; ``events`` are those that were taken."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    events: list[api.WebhookEvent] = field(default_factory=list)
    deliveries: int = 0

    async def take(self, request: web.Request) -> web.Response:
        """Verify one delivery with the official receiver and answer it."""
        self.deliveries += 1
        body = (await request.read()).decode()
        verifier = api.TokenVerifier(KEY, SECRET)
        event = api.WebhookReceiver(verifier).receive(body, request.headers["Authorization"])
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.events.append(event)
        return web.Response(status=status)

    async def told(self, room: str = "") -> list[str]:
        """The names of the events about a room, or about all."""
        return [each.event for each in self.events if not room or each.room.name == room]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens on a free port."""
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
