"""Headers, static files, and who may open a socket."""

from __future__ import annotations

from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.test import AsyncClient, Client

from rooms.middleware import SameOrigin

HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/login/", "/static/css/base.css", "/no-such-page/"])
def test_every_answer_is_guarded(path: str, nora: User, client: Client) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_cookies_stay_out_of_scripts(nora: User, client: Client) -> None:
    client.get("/login/")
    client.post("/login/", {"username": "nora", "password": "correct horse battery"})
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


async def test_static_files_come_from_the_event_loop_and_are_cached(transactional_db: None) -> None:
    client = AsyncClient()
    answer = await client.get("/static/css/base.css")
    assert answer.status_code == 200
    assert not answer.streaming
    assert answer.headers["Content-Type"].startswith("text/css")
    again = await client.get("/static/css/base.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.post("/static/css/base.css")).status_code == 405


@pytest.mark.parametrize("path", ["/static/../manage.py", "/static/%2e%2e/manage.py", "/static/nothing.css"])
async def test_nothing_else_is_served_as_static(path: str, transactional_db: None) -> None:
    assert (await AsyncClient().get(path)).status_code in {302, 404}


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        ("http://testserver", True),
        ("https://trusted.example", True),
        ("http://testserver:8001", False),
        ("https://evil.example", False),
        ("null", False),
        (None, False),
    ],
)
async def test_a_socket_is_for_pages_of_this_site(origin: str | None, let_in: bool, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://trusted.example"]

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})

    headers = [(b"host", b"testserver")] + ([(b"origin", origin.encode())] if origin else [])
    socket = WebsocketCommunicator(SameOrigin(application), "/ws/studio/rooms/", headers=headers)
    connected, _ = await socket.connect()
    assert connected is let_in


def test_an_old_form_is_told_in_words(nora: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "nora", "password": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_a_fragment_gets_its_error_as_a_fragment(nora: User, client: Client) -> None:
    client.force_login(nora, "django.contrib.auth.backends.ModelBackend")
    answer = client.get("/p/nowhere/rooms/", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.content.decode()
