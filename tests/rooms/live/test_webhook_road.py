"""From LiveKit's webhook over HTTP to the page, with a reader that would not look by itself for a minute."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

from dashboard.asgi import application
from rooms.live.reader import Reader
from rooms.models import Project
from tests.people import join
from tests.rooms.live.conftest import Page
from tests.servers import Configuration, Server, Servers
from tests.servers.fixtures import running_server

KEY, SECRET = "hookkey", "hook-secret-of-at-least-32-characters"


@pytest.fixture
async def console() -> AsyncIterator[str]:
    """Greenroom on a free port of loopback, in this process."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_level="warning", ws="none"))
    task = asyncio.create_task(server.serve([listening]))
    while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
        await asyncio.sleep(0)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await task
    with contextlib.suppress(OSError):
        listening.close()


@pytest.fixture(params=["simulator", "real"])
def reporting(request: pytest.FixtureRequest, console: str, livekit_servers: Servers) -> Server:
    """A LiveKit that sends its webhooks to the console, signed with a key of its own."""
    configuration = Configuration(webhook_url=f"{console}/hooks/studio/", key=KEY, secret=SECRET)
    return running_server(livekit_servers, request.param, configuration)


async def test_a_webhook_brings_the_reader_to_look(bare_project: Project, reporting: Server, live: Reader) -> None:
    bare_project.url, bare_project.api_key, bare_project.api_secret = reporting.url, KEY, SECRET
    bare_project.reading_interval = 60
    await bare_project.asave()
    page = Page()
    await live.watch(bare_project, "reported / room", page)
    await page.hears("refetch")
    carol = await join(reporting, "reported / room", "carol", name="Carol")
    await page.reads("joined")
    await carol.leave()
    await page.reads("left")
    await bare_project.arefresh_from_db()
    assert bare_project.last_webhook_at is not None
