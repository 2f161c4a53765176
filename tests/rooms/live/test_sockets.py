"""The handshake checks origin, sign-in and right; a right that goes closes the socket; what is sent up is ignored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.urls import reverse

from dashboard.asgi import application
from rooms.live import bus
from rooms.live.consumers import NO_PROJECT, SIGN_IN
from rooms.live.reader import Reader
from rooms.models import Membership, Project, people
from tests.fixtures.people import PASSWORD, AsUser
from tests.people import join
from tests.rooms.live.conftest import session_cookie
from tests.servers import Server

ORIGIN = (b"origin", b"http://localhost")
PATIENCE = 8


@pytest.fixture
def opened() -> Any:
    """``async with opened(path, user)`` is a socket of that user's session or of ``cookie``; else one of nobody."""

    @asynccontextmanager
    async def socket(
        path: str,
        user: User | None = None,
        origin: tuple[bytes, bytes] = ORIGIN,
        cookie: tuple[bytes, bytes] | None = None,
    ) -> AsyncIterator[Any]:
        headers = [origin, (b"host", b"localhost")]
        if user is not None:
            cookie = await session_cookie(user)
        if cookie is not None:
            headers.append(cookie)
        communicator = WebsocketCommunicator(application, path, headers=headers)
        yield communicator
        await communicator.disconnect()

    return socket


def path_of(project: Project, room: str, query: str = "") -> str:
    return f"/ws{reverse('room', args=[project.slug, room])}{query}"


async def closed(socket: Any) -> int:
    """The code with which the server closes, skipping frames before it."""
    async with asyncio.timeout(PATIENCE):
        while (event := await socket.receive_output(PATIENCE))["type"] != "websocket.close":
            continue
    return int(event["code"])


async def frame(socket: Any, kind: str) -> dict[str, Any]:
    """The next frame of ``kind``, skipping others."""
    async with asyncio.timeout(PATIENCE):
        while (got := json.loads(await socket.receive_from(PATIENCE)))["t"] != kind:
            continue
    return dict(got)


async def test_another_site_is_refused(live: Reader, project: Project, vic: User, opened: Any) -> None:
    async with opened(path_of(project, "r"), vic, origin=(b"origin", b"http://evil.example")) as socket:
        connected, _ = await socket.connect(PATIENCE)
        assert not connected


async def test_nobody_is_told_to_sign_in(live: Reader, project: Project, opened: Any) -> None:
    async with opened(path_of(project, "r")) as socket:
        await socket.connect(PATIENCE)
        assert await closed(socket) == SIGN_IN


@pytest.mark.parametrize("outsider", ["nora", "otto"])
async def test_whoever_has_no_role_learns_nothing(
    live: Reader, project: Project, opened: Any, outsider: str, nora: User, otto: User
) -> None:
    user = {"nora": nora, "otto": otto}[outsider]
    async with opened(path_of(project, "r"), user) as socket:
        await socket.connect(PATIENCE)
        assert await closed(socket) == NO_PROJECT


async def test_a_viewer_is_pushed_rows_without_buttons_and_a_moderator_with(
    live: Reader, project: Project, simulator: Server, vic: User, mona: User, opened: Any
) -> None:
    await join(simulator, "rights-of-rows", "ava")
    path = path_of(project, "rights-of-rows")
    async with opened(path, vic) as viewer, opened(path, mona) as moderator:
        for socket in (viewer, moderator):
            await socket.connect(PATIENCE)
            await frame(socket, "hello")
        await frame(viewer, "fetch")
        await join(simulator, "rights-of-rows", "bob", can_publish=False)
        seen, acted_on = await frame(viewer, "step"), await frame(moderator, "step")
    assert "bob" in json.dumps(seen["rows"])
    assert "formaction" not in json.dumps(seen["rows"])
    assert "do/promote/" in json.dumps(acted_on["rows"])
    assert seen["say"] == "bob: joined"


async def test_taking_the_role_away_closes_the_socket(live: Reader, project: Project, vic: User, opened: Any) -> None:
    async with opened(path_of(project, "r"), vic) as socket:
        await socket.connect(PATIENCE)
        await frame(socket, "hello")
        await Membership.objects.filter(user=vic, project=project).adelete()
        await bus.publish_rights(project.pk, vic.pk)
        assert await closed(socket) == NO_PROJECT


async def test_switching_the_account_off_closes_the_socket_for_good(
    live: Reader, project: Project, vic: User, opened: Any
) -> None:
    cookie = await session_cookie(vic)
    async with opened(path_of(project, "off"), cookie=cookie) as socket:
        await socket.connect(PATIENCE)
        await frame(socket, "hello")
        # On again before the socket looks: its session has ended all the same.
        await sync_to_async(people.set_active)(vic, False)
        await sync_to_async(people.set_active)(vic, True)
        await bus.publish_rights(None, vic.pk)
        assert await closed(socket) == NO_PROJECT
    async with opened(path_of(project, "off"), cookie=cookie) as again:
        await again.connect(PATIENCE)
        assert await closed(again) == SIGN_IN


async def test_another_password_closes_the_pages_of_the_other_sessions(
    live: Reader, project: Project, vic: User, opened: Any, as_user: AsUser
) -> None:
    async with opened(path_of(project, "password"), vic) as socket:
        await socket.connect(PATIENCE)
        await frame(socket, "hello")
        new = "a quite different one"
        form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert (await as_user(vic).post(reverse("account"), form)).status_code == 302
        assert await closed(socket) == NO_PROJECT


async def test_a_raised_role_makes_the_page_fetch(live: Reader, project: Project, vic: User, opened: Any) -> None:
    async with opened(path_of(project, "raised"), vic) as socket:
        await socket.connect(PATIENCE)
        await frame(socket, "fetch")
        await Membership.objects.filter(user=vic, project=project).aupdate(role="moderator")
        await bus.publish_rights(project.pk, vic.pk)
        await frame(socket, "fetch")


async def test_what_a_page_writes_into_the_socket_does_nothing(
    live: Reader, project: Project, simulator: Server, mona: User, opened: Any
) -> None:
    await join(simulator, "deaf", "ava")
    async with opened(path_of(project, "deaf"), mona) as socket:
        await socket.connect(PATIENCE)
        await frame(socket, "fetch")
        await socket.send_to(text_data=json.dumps({"t": "remove", "identity": "ava"}))
        await socket.send_to(bytes_data=b"\0" * 1000)
        await join(simulator, "deaf", "bob")
        assert "bob" in json.dumps(await frame(socket, "step"))


async def test_a_filtered_page_is_pushed_only_what_it_shows(
    live: Reader, project: Project, simulator: Server, mona: User, opened: Any
) -> None:
    await join(simulator, "filtered", "ava")
    async with opened(path_of(project, "filtered", "?on=stage"), mona) as socket:
        await socket.connect(PATIENCE)
        await frame(socket, "fetch")
        await join(simulator, "filtered", "bob", can_publish=False)
        step = await frame(socket, "step")
    assert step["rows"].keys() == set()
    assert "order" not in step
    assert "people-chips" in step["parts"]
    assert "bob" in json.dumps(step["feed"])
