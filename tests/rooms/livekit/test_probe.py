"""What is wrong with an address or a key, in words. LiveKit's own part is seen on both servers."""

from __future__ import annotations

import time
from typing import Any

import pytest

from rooms.livekit import client, errors
from rooms.livekit.client import Connection
from tests.rooms.livekit.elsewhere import Handler, answering, certificate, proxy, serving
from tests.servers.launch import free_ports
from tests.servers.server import SECRET, Server


def at(url: str, secret: str = SECRET) -> Connection:
    return Connection(url, "key", secret)


@pytest.mark.parametrize("scheme", ["ws", "http", "WS"])
@pytest.mark.parametrize("end", ["", "/", "//", " "])
async def test_a_good_one_in_every_spelling(server: Server, scheme: str, end: str) -> None:
    url = server.url.replace("http", scheme, 1) + end
    connection = Connection(url, server.key, server.secret)
    found = await client.probe(connection)
    assert (found.ok, found.error) == (True, None)
    assert "accepts the key" in found.words
    assert isinstance(await client.list_rooms(connection), dict)


async def test_it_counts_the_rooms(server: Server) -> None:
    connection = Connection(server.url, server.key, server.secret)
    await client.create_room(connection, name="counted")
    found = await client.probe(connection)
    assert found.rooms == len(await client.list_rooms(connection)) >= 1


async def test_a_path_prefix_behind_a_proxy(server: Server) -> None:
    async with serving(proxy(server.url, "/livekit")) as host:
        right = Connection(f"ws://{host}/livekit/", server.key, server.secret)
        wrong = Connection(f"ws://{host}/elsewhere", server.key, server.secret)
        assert (await client.probe(right)).ok
        assert isinstance(await client.list_rooms(right), dict)
        assert isinstance((await client.probe(wrong)).error, errors.NotLiveKit)
        with pytest.raises(errors.NotLiveKit):
            await client.list_rooms(wrong)


@pytest.mark.parametrize(
    ("wrong", "title"),
    [
        ({"key": "nobody"}, "Wrong key"),
        ({"secret": "wrong-secret-of-at-least-32-characters"}, "Wrong secret"),
        ({"key": ""}, "The project has no key or no secret"),
        ({"secret": ""}, "The project has no key or no secret"),
        ({"url": ""}, "The address is not complete"),
    ],
)
async def test_a_wrong_key_and_a_wrong_secret_are_told_apart(
    server: Server, wrong: dict[str, str], title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # livekit-api would take these for empty ones (stack.md 3): the environment is another server's.
    monkeypatch.setenv("LIVEKIT_URL", server.url)
    monkeypatch.setenv("LIVEKIT_API_KEY", server.key)
    monkeypatch.setenv("LIVEKIT_API_SECRET", server.secret)
    connection = Connection(**{"url": server.url, "key": server.key, "secret": server.secret} | wrong)
    found = await client.probe(connection)
    assert (found.ok, found.title) == (False, title)
    assert found.remedy
    assert "eyJ" not in repr(found)
    with pytest.raises(errors.LiveKitError):
        await client.list_rooms(connection)


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_a_clock_that_is_off(server: Server, seconds: int) -> None:
    connection = Connection(server.url, server.key, server.secret)
    found = await client.probe(connection, clock=lambda: time.time() + seconds)
    assert found.title == "The clocks differ by more than a minute"
    assert "seconds apart" in found.words


async def test_a_clock_that_is_off_a_little_is_no_harm(server: Server) -> None:
    connection = Connection(server.url, server.key, server.secret)
    assert (await client.probe(connection, clock=lambda: time.time() + 40)).ok


async def test_a_proxy_that_drops_the_token(server: Server) -> None:
    async with serving(proxy(server.url, "", drop_authorization=True)) as host:
        found = await client.probe(Connection(f"http://{host}", server.key, server.secret))
        assert found.title == "LiveKit did not accept the grants"
        assert "proxy" in found.remedy


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("localhost:7880", "The address is not complete"),
        ("ftp://example.org", "The address is not complete"),
        ("wss://", "The address is not complete"),
        ("http://[::1", "The address is not complete"),
        ("http://example.org:99999", "The address is not complete"),
        ("https://user:word@example.org", "The address is not complete"),
        ("ws://no-such-host.invalid", "No such host"),
    ],
)
async def test_an_address_that_is_none(url: str, title: str) -> None:
    found = await client.probe(at(url))
    assert (found.ok, found.title) == (False, title)
    with pytest.raises(errors.Unreachable) as failed:
        await client.list_rooms(at(url))
    assert (failed.value.title, failed.value.words) == (found.title, found.words)


async def test_nobody_there() -> None:
    (port,) = free_ports(1)
    found = await client.probe(at(f"ws://127.0.0.1:{port}"))
    assert found.title == "Nothing answers at this address"
    assert found.words == f"127.0.0.1:{port} refused the connection."


NOT_LIVEKIT = "What answers there is not LiveKit"
AWAY = "A proxy answers, and LiveKit behind it does not"


@pytest.mark.parametrize(
    ("handler", "title"),
    [
        (answering(200, "<h1>Welcome</h1>"), NOT_LIVEKIT),
        (answering(200), NOT_LIVEKIT),
        (answering(200, "\xff\xff", "application/protobuf"), NOT_LIVEKIT),
        (answering(400, "The plain HTTP request was sent to HTTPS port"), "This address needs TLS"),
        (answering(400, "Client sent an HTTP request to an HTTPS server."), "This address needs TLS"),
        (answering(400, "Bad Request"), NOT_LIVEKIT),
        (answering(404, "404 page not found", "text/plain"), NOT_LIVEKIT),
        (answering(405), NOT_LIVEKIT),
        (answering(301, Location="https://example.org/"), "The address leads elsewhere"),
        (answering(401, "Who are you?"), "Access refused"),
        (answering(429, "Too Many Requests"), "LiveKit is overloaded"),
        (answering(500, "<h1>Error</h1>"), "LiveKit failed"),
        (answering(502, "<h1>Bad Gateway</h1>"), AWAY),
        (answering(503, "<h1>Unavailable</h1>"), AWAY),
        (answering(504, "<h1>Timeout</h1>"), AWAY),
        (
            answering(404, '{"code":"bad_route","msg":"no handler for path"}', "application/json"),
            "This server cannot do this",
        ),
    ],
)
async def test_something_else_answers(handler: Handler, title: str) -> None:
    async with serving(handler) as host:
        found = await client.probe(at(f"http://{host}"))
    assert (found.ok, found.title) == (False, title)
    assert found.words
    assert found.remedy


async def test_a_text_of_401_that_holds_the_token_is_not_kept() -> None:
    async def repeat(request: Any) -> Any:
        return await answering(401, f"invalid token: {request.headers['Authorization']}, error: odd", "text/plain")(
            request
        )

    async with serving(repeat) as host:
        found = await client.probe(at(f"http://{host}"))
        assert found.title == "Access refused"
        assert "eyJ" not in repr(found)


async def test_tls_where_there_is_none(server: Server) -> None:
    found = await client.probe(at(server.url.replace("http", "wss")))
    assert found.title == "No TLS at this address"
    assert "ws://" in found.remedy


async def test_a_certificate_that_nobody_vouches_for(tmp_path: Any) -> None:
    tls, _ = certificate(tmp_path, "livekit.example.org")
    async with serving(answering(200), tls) as host:
        assert (await client.probe(at(f"wss://{host}"))).title == "The certificate is not trusted"
        with pytest.raises(errors.Unreachable, match="not signed by anybody"):
            await client.list_rooms(at(f"wss://{host}"))
