"""One partial, three doors: page, fragment and socket give the same rows and the same parts."""

from __future__ import annotations

import asyncio
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.urls import reverse

from dashboard.asgi import application
from rooms.live.reader import Reader
from rooms.models import Project
from tests.people import join
from tests.rooms.live.conftest import PATIENCE, session_cookie, signed_in
from tests.servers import Server

HOSTILE = "<img src=x onerror=alert(1)>\"'&"


class Rows(HTMLParser):
    """The source of each table row with an id."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: dict[str, str] = {}
        for match in re.finditer(r'<tr (?:class="group" )?id="([^"]+)".*?</tr>', html, re.DOTALL):
            self.found[match[1]] = match[0].strip()


async def pushed(path: str, cookie: tuple[bytes, bytes], cause: Any) -> dict[str, Any]:
    """The first step that a socket is sent after ``cause`` was awaited."""
    headers = [(b"origin", b"http://localhost"), (b"host", b"localhost"), cookie]
    socket = WebsocketCommunicator(application, path, headers=headers)
    await socket.connect(PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while json.loads(await socket.receive_from(PATIENCE))["t"] != "fetch":
            continue
        await cause
        while (got := json.loads(await socket.receive_from(PATIENCE)))["t"] != "step":
            continue
    await socket.disconnect()
    return dict(got)


@pytest.mark.parametrize("role", ["vic", "mona"])
async def test_page_fragment_and_socket_render_the_same_row(
    role: str,
    live: Reader,
    project: Project,
    simulator: Server,
    vic: User,
    mona: User,
) -> None:
    user = {"vic": vic, "mona": mona}[role]
    room = f"doors-{role}"
    client = await signed_in(user)
    await join(simulator, room, "ava", name=HOSTILE, attributes={HOSTILE: HOSTILE}, publish=["microphone"])
    url = reverse("room", args=[project.slug, room])
    step = await pushed(
        f"/ws{url}", await session_cookie(user), join(simulator, room, "bob", name=HOSTILE, can_publish=False)
    )
    page = (await client.get(url)).content.decode()
    fragment = (await client.get(f"{url}region/")).content.decode()
    assert HOSTILE not in page + fragment + json.dumps(step)
    on_page, in_fragment = Rows(page).found, Rows(fragment).found
    assert on_page == in_fragment
    assert {key: html.strip() for key, html in step["rows"].items()}.items() <= on_page.items()
    assert list(on_page) == step["order"]
    for part, html in step["parts"].items():
        assert html in page, part
        assert html in fragment, part


async def test_the_list_of_rooms_too(live: Reader, project: Project, simulator: Server, mona: User) -> None:
    client = await signed_in(mona)
    url = reverse("rooms", args=[project.slug])
    step = await pushed(f"/ws{url}?q=listed-door", await session_cookie(mona), join(simulator, "listed-door", "ava"))
    page = (await client.get(f"{url}?q=listed-door")).content.decode()
    fragment = (await client.get(reverse("rooms_region", args=[project.slug]) + "?q=listed-door")).content.decode()
    assert Rows(page).found == Rows(fragment).found
    assert list(step["rows"]) == list(Rows(page).found)
