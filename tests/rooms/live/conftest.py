"""A page's end of the live road that remembers what it was told, and a clean end for every test's reader."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import AsyncClient

from rooms.live.feed import Entry
from rooms.live.keeper import keeper
from rooms.live.reader import Reader, reader
from rooms.live.watch import Aside, Step, Trouble
from rooms.livekit import client
from rooms.models import Project
from tests.servers import Configuration, Server, Servers

PATIENCE = 8.0
LONG = 60.0


class Page:
    """Looks at a topic and keeps what it hears, in order."""

    patient = False

    def __init__(self, user_id: int = 0, panel: str | None = None) -> None:
        self.user_id = user_id
        self.panel = panel
        self.steps: list[Step] = []
        self.heard: list[str] = []
        self.troubles: list[Trouble] = []
        self.asides: list[Aside] = []
        self._news = asyncio.Condition()

    async def _hear(self, what: str) -> None:
        async with self._news:
            self.heard.append(what)
            self._news.notify_all()

    async def step(self, step: Step) -> None:
        self.steps.append(step)
        await self._hear("step")

    async def beat(self, at: datetime) -> None:
        await self._hear("beat")

    async def stale(self, trouble: Trouble) -> None:
        self.troubles.append(trouble)
        await self._hear("stale")

    async def refetch(self) -> None:
        await self._hear("refetch")

    async def rights_changed(self) -> None:
        await self._hear("rights")

    async def aside(self, aside: Aside) -> None:
        self.asides.append(aside)
        await self._hear("aside")

    @property
    def spoke(self) -> list[list[str]]:
        """Who spoke, each time that it changed."""
        return [aside.speaking for aside in self.asides if aside.speaking is not None]

    @property
    def said(self) -> list[Entry]:
        """What was said in the chat, as lines of the feed."""
        return [line for aside in self.asides for line in aside.lines]

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """What the feed said: who, what, by whom."""
        return [(line.label, line.words, line.by) for step in self.steps for line in step.entries]

    async def hears(self, what: str) -> None:
        """Wait until it heard ``what`` at least once."""
        await self._until(lambda: what in self.heard, what)

    async def reads(self, *words: str) -> None:
        """Wait until the feed said each of ``words``."""
        await self._until(lambda: set(words) <= {said for _, said, _ in self.lines}, ", ".join(words))

    async def _until(self, true: Callable[[], bool], what: str) -> None:
        async with self._news:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._news.wait_for(true)
            except TimeoutError:
                raise AssertionError(f"Not heard: {what}. Heard: {self.heard} {self.lines}") from None


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until it is true."""
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110  the database has no event to wait for
            await asyncio.sleep(0.05)


async def signed_in(user: User) -> AsyncClient:
    """A client with a session of ``user``; made inside the test's loop."""
    client = AsyncClient()
    await client.aforce_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


async def session_cookie(user: User) -> tuple[bytes, bytes]:
    """The header with a session of ``user``, for a socket's handshake."""
    cookie = (await signed_in(user)).cookies[settings.SESSION_COOKIE_NAME]
    return (b"cookie", f"{cookie.key}={cookie.value}".encode())


@pytest.fixture
async def live() -> AsyncIterator[Reader]:
    """The reader of this test's loop; it stops with the test, and so does the keeper that a socket starts."""
    mine = reader()
    yield mine
    await keeper().stop()
    await mine.close()
    await client.aclose()


@pytest.fixture
def own(livekit_servers: Servers) -> Server:
    """A simulator that no other test calls, to count calls and to take away."""
    return livekit_servers.get("simulator", Configuration(key="reader-tests"))


@pytest.fixture
def patient(bare_project: Project, own: Server) -> Project:
    """A project on it that is read once a minute: whatever a page hears sooner did not come from the clock."""
    bare_project.url, bare_project.api_key, bare_project.api_secret = own.url, own.key, own.secret
    bare_project.reading_interval = LONG
    bare_project.save()
    return bare_project


async def control(server: Server, method: str, path: str, body: Any = None) -> Any:
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, f"{server.url}/control/{path}", json=body) as answer,
    ):
        return await answer.json()
