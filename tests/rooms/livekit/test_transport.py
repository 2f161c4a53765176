from __future__ import annotations

import asyncio
import gc
import ssl
import time
import warnings
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from rooms.livekit import client, errors
from rooms.livekit.client import Connection
from rooms.livekit.sessions import session
from rooms.livekit.transport import from_transport
from tests.rooms.livekit.elsewhere import Handler, answering, certificate, hang_up, never, serving
from tests.servers.server import SECRET


def at(host: str) -> Connection:
    return Connection(f"http://{host}", "key", SECRET)


async def test_a_server_that_never_answers_is_given_up() -> None:
    async with serving(never) as host:
        begun = time.monotonic()
        with pytest.raises(errors.TimedOut) as failed:
            async with client.deadline(0.3):
                await client.delete_room(at(host), "town")
        assert 0.3 <= time.monotonic() - begun < 3
        assert failed.value.uncertain
        assert failed.value.words == "No answer within 0.3 seconds"


async def test_every_call_has_a_deadline_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.livekit.transport.CALL_SECONDS", 0.2)
    async with serving(never) as host:
        with pytest.raises(errors.TimedOut):
            await client.list_rooms(at(host))


@pytest.mark.parametrize(("reads", "calls"), [(True, 2), (False, 1)])
async def test_a_connection_that_breaks_is_tried_again_for_reading_only(reads: bool, calls: int) -> None:
    count = 0

    async def breaking(request: web.Request) -> web.Response:
        nonlocal count
        count += 1
        return await hang_up(request)

    async with serving(breaking) as host:
        with pytest.raises(errors.Unreachable) as failed:
            await (client.list_rooms(at(host)) if reads else client.delete_room(at(host), "town"))
    assert count == calls
    assert failed.value.uncertain is not reads
    assert failed.value.title == "LiveKit hung up"


@pytest.mark.parametrize("text", ["<html>", "\xff\xff"])
async def test_an_answer_of_200_that_is_not_livekits(text: str) -> None:
    async with serving(answering(200, text)) as host:
        with pytest.raises(errors.NotLiveKit):
            await client.list_rooms(at(host))


async def test_an_empty_answer_of_200_is_no_room_and_no_person() -> None:
    async with serving(answering(200)) as host:
        with pytest.raises(errors.NotLiveKit):
            await client.create_room(at(host), name="town")
        with pytest.raises(errors.NotLiveKit):
            await client.get_participant(at(host), "town", "ann")


def capturing(into: list[dict[str, Any]]) -> Handler:
    async def keep(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        into.append(jwt.decode(token, SECRET, algorithms=["HS256"]))
        return web.Response(status=404, text='{"code":"not_found","msg":"x"}', content_type="application/json")

    return keep


async def test_a_token_has_a_minute_and_the_grants_of_its_call_only() -> None:
    seen: list[dict[str, Any]] = []
    admin = {"roomAdmin": True, "room": "town"}
    async with serving(capturing(seen)) as host:
        connection = at(host)
        calls = [
            (client.list_rooms(connection), {"roomList": True}),
            (client.create_room(connection, name="town"), {"roomCreate": True}),
            (client.delete_room(connection, "town"), {"roomCreate": True}),
            (client.update_room_metadata(connection, "town", "m"), admin),
            (client.list_participants(connection, "town"), admin),
            (client.get_participant(connection, "town", "ann"), admin),
            (client.update_participant(connection, "town", "ann", name="x"), admin),
            (client.remove_participant(connection, "town", "ann"), admin),
            (client.mute_published_track(connection, "town", "ann", "TR", True), admin),
            (client.send_data(connection, "town", b"x"), admin),
            (client.update_subscriptions(connection, "town", "ann", ["TR"], True), admin),
            (client.move_participant(connection, "town", "ann", "hall"), {**admin, "destinationRoom": "hall"}),
            (client.forward_participant(connection, "town", "ann", "hall"), {**admin, "destinationRoom": "hall"}),
        ]
        for call, grants in calls:
            with pytest.raises(errors.Gone):
                await call
            claims = seen.pop()
            assert claims["video"] == grants
            assert claims["exp"] - claims["nbf"] == 60
            assert claims["iss"] == "key"


async def test_the_environment_is_not_asked_for_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVEKIT_API_KEY", "key")
    monkeypatch.setenv("LIVEKIT_API_SECRET", SECRET)
    seen: list[dict[str, Any]] = []
    async with serving(capturing(seen)) as host:
        with pytest.raises(errors.WrongKey, match="no key or no secret"):
            await client.list_rooms(Connection(f"http://{host}", "", ""))
    assert seen == []


async def test_one_session_for_a_loop() -> None:
    first = await session()
    assert await session() is first
    await client.aclose()
    assert first.closed
    assert await session() is not first


def test_a_session_ends_with_its_loop() -> None:
    async def opened() -> aiohttp.ClientSession:
        return await session()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = asyncio.run(opened()), asyncio.run(opened())
        assert first is not second
        assert first.closed
        assert second.closed
        del first, second
        gc.collect()


@pytest.mark.parametrize(
    ("name", "expired", "title"),
    [
        ("other.example.org", False, "The certificate does not fit the host name"),
        ("localhost", True, "The certificate has expired"),
    ],
)
async def test_what_is_wrong_with_a_certificate(tmp_path: Path, name: str, expired: bool, title: str) -> None:
    tls, public = certificate(tmp_path, name, expired=expired)
    trusting = ssl.create_default_context(cafile=str(public))
    async with serving(answering(200), tls) as host, aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientError) as failed:
            await http.get(f"https://localhost:{host.split(':')[1]}", ssl=trusting)
    assert from_transport(failed.value).title == title


def test_a_secret_is_in_no_repr() -> None:
    assert SECRET not in repr(at("example.org"))
