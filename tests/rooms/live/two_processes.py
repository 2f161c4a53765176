"""Two consoles on one Redis and one database, and browsers' ends of them without a browser."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rooms.converters import quote
from tests.browser.console import Console
from tests.browser.seed import PASSWORD
from tests.servers import launch
from tests.servers.server import Server

PATIENCE = 20.0
REDIS_MISSING = "the tests of several processes need redis-server: apt install redis-server"


def redis_binary() -> str:
    """The redis-server on PATH, or a skip; with GREENROOM_REQUIRE_REDIS=1 a failure."""
    found = shutil.which("redis-server")
    if not found and os.environ.get("GREENROOM_REQUIRE_REDIS") == "1":
        pytest.fail(f"GREENROOM_REQUIRE_REDIS=1, but {REDIS_MISSING}", pytrace=False)
    if not found:
        pytest.skip(REDIS_MISSING)
    return found


class Redis:
    """A Redis of the test's own, which keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        binary = redis_binary()
        (port,) = launch.free_ports(1)
        self.url = f"redis://127.0.0.1:{port}/0"
        self._log_path = folder / "redis.log"
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._command = [binary, *options, "--dir", str(folder)]
        self.start()

    def start(self) -> None:
        """Start it, with nothing in it; again after ``stop`` at the same address."""
        self.process = launch.start(self._command, self._log_path)
        ready = [sys.executable, "-c", _PING.format(url=self.url)]
        if subprocess.run(ready, check=False).returncode:
            raise launch.died(self.process, self._log_path)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


# A client of redis-py's own that tries again until the server answers.
_PING = """
import redis, redis.backoff, redis.retry
retry = redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), 100)
redis.Redis.from_url({url!r}, retry=retry, retry_on_error=[redis.ConnectionError]).ping()
"""


class Browser:
    """Somebody who is signed in. Cookies belong to a host, so one sign-in is good for both processes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def sign_in(self, console: Console) -> None:
        """Sign in as the sign-in page does."""
        async with self.http.get(f"{console.url}/login/") as page:
            assert page.status == 200
        await self.post(console, "/login/", username=self.name, password=PASSWORD)
        assert "greenroom_session" in {cookie.key for cookie in self.http.cookie_jar}

    async def post(self, console: Console, path: str, **fields: str) -> str:
        """Send a form as a page's script does; gives the answer, which must not be a refusal."""
        token = next(cookie.value for cookie in self.http.cookie_jar if cookie.key == "greenroom_csrf")
        headers = {"X-CSRFToken": token, "HX-Request": "true"}
        async with self.http.post(console.url + path, data=fields, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, (answer.status, text)
            return text

    async def look(self, console: Console, slug: str, room: str) -> Page:
        """Open the room's page: the page itself, then its socket."""
        path = f"/p/{slug}/rooms/{quote(room)}/"
        async with self.http.get(console.url + path) as page:
            assert page.status == 200, await page.text()
        socket = await self.http.ws_connect(f"ws://127.0.0.1:{console.port}/ws{path}", origin=console.url)
        return Page(socket)

    async def close(self) -> None:
        """Close every page."""
        await self.http.close()


class Page:
    """The socket of an open page and what it heard, in order."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    async def hears(self, right: Callable[[dict[str, Any]], object], *, within: float = PATIENCE) -> dict[str, Any]:
        """The next frame that is ``right``. Raises AssertionError after ``within`` seconds."""
        try:
            async with asyncio.timeout(within):
                async for message in self.socket:
                    frame: dict[str, Any] = json.loads(message.data)
                    self.frames.append(frame)
                    if right(frame):
                        return frame
        except TimeoutError:
            pass
        raise AssertionError(f"not heard; heard were {self.frames}, close code {self.socket.close_code}")

    async def is_live(self) -> None:
        """Wait until the process behind it has a state."""
        await self.hears(lambda frame: frame.get("v") or frame["t"] == "fetch")

    async def is_told(self, words: str, *, within: float = PATIENCE) -> dict[str, Any]:
        """Wait until a push says ``words`` in its feed."""
        return await self.hears(lambda frame: words in " ".join(frame.get("feed", [])), within=within)

    async def closes(self) -> int | None:
        """Wait until the server closes it; gives the code."""
        async with asyncio.timeout(PATIENCE):
            async for _ in self.socket:
                pass
        return self.socket.close_code


class Deployment:
    """Two processes, ``one`` and ``two``; pages of both; calls that LiveKit got."""

    def __init__(self, folder: Path, redis: Redis, server: Server, projects: dict[str, dict[str, Any]]) -> None:
        self.server = server
        settings = {"REDIS_URL": redis.url, "DATABASE_URL": f"sqlite:///{folder}/shared.sqlite3"}
        self.one, self.two = Console(folder, **settings), Console(folder, **settings)
        self.one.log_path, self.two.log_path = folder / "one.log", folder / "two.log"
        connection = {"url": server.url, "api_key": server.key, "api_secret": server.secret}
        roles = {"alice": "administrator", "vic": "viewer"}
        self.one.seed(
            {slug: connection | values for slug, values in projects.items()},
            {name: dict.fromkeys(projects, role) for name, role in roles.items()},
        )

    def start(self) -> None:
        """Start what does not run."""
        for console in (self.one, self.two):
            if console.process is None or console.process.poll() is not None:
                console.start()

    def stop(self) -> None:
        """End both processes."""
        self.one.stop()
        self.two.stop()

    async def calls(self) -> int:
        """How often somebody listed the people of a room."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.server.url}/control/calls") as answer:
            return int((await answer.json()).get("ListParticipants", 0))

    async def forget_calls(self) -> None:
        """Count from nothing."""
        async with aiohttp.ClientSession() as http, http.delete(f"{self.server.url}/control/calls") as answer:
            assert answer.status == 200
