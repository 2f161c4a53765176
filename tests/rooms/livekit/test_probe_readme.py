"""README's table of what goes wrong: each row provoked over the network, with the words that stand there."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rooms.livekit import client
from rooms.livekit.client import Connection, ProbeResult
from tests.readme import table
from tests.rooms.livekit.conftest import connection_to
from tests.rooms.livekit.elsewhere import answering, certificate, hang_up, proxy, serving
from tests.servers.launch import free_ports
from tests.servers.server import Server

ROWS = table("What is wrong")
# Trusting a certificate is a matter of the process: OpenSSL reads SSL_CERT_FILE when Python starts.
PROBE = """
import asyncio, sys
from rooms.livekit import client
found = asyncio.run(client.probe(client.Connection(*sys.argv[1:])))
print(found.title or found.words)
"""


@dataclass(frozen=True)
class Mistake:
    """A connection with one thing wrong; ``clock`` dates the token, ``trusted`` is a certificate that is believed."""

    connection: Connection
    clock: Callable[[], float] = time.time
    trusted: Path | None = None


Made = AbstractAsyncContextManager[Mistake]


@asynccontextmanager
async def wrong(right: Connection, folder: Path, **changes: str) -> AsyncIterator[Mistake]:
    yield Mistake(replace(right, **changes))


def of_the_connection(**changes: str) -> Callable[[Connection, Path], Made]:
    return lambda right, folder: wrong(right, folder, **changes)


@asynccontextmanager
async def nothing_listens(right: Connection, folder: Path) -> AsyncIterator[Mistake]:
    yield Mistake(replace(right, url=f"ws://127.0.0.1:{free_ports(1)[0]}"))


@asynccontextmanager
async def packets_are_dropped(right: Connection, folder: Path) -> AsyncIterator[Mistake]:
    # The kernel takes the connection and the request; nobody ever reads them.
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        yield Mistake(replace(right, url=f"ws://127.0.0.1:{deaf.getsockname()[1]}"))


@asynccontextmanager
async def clocks_differ(right: Connection, folder: Path) -> AsyncIterator[Mistake]:
    yield Mistake(right, clock=lambda: time.time() + 90)


def behind(handler: Callable[[Connection], object], path: str = "") -> Callable[[Connection, Path], Made]:
    """A server in front of LiveKit, made for the connection; the address gets ``path``."""

    @asynccontextmanager
    async def made(right: Connection, folder: Path) -> AsyncIterator[Mistake]:
        async with serving(handler(right)) as host:  # type: ignore[arg-type]
            yield Mistake(replace(right, url=f"ws://{host}{path}"))

    return made


@asynccontextmanager
async def tls_without(right: Connection, folder: Path) -> AsyncIterator[Mistake]:
    yield Mistake(replace(right, url=right.url.replace("http://", "wss://")))


def over_tls(
    name: str = "localhost", *, expired: bool = False, trusted: bool = True
) -> Callable[[Connection, Path], Made]:
    """LiveKit behind a proxy with TLS, at ``localhost``, with a certificate for ``name``."""

    @asynccontextmanager
    async def made(right: Connection, folder: Path) -> AsyncIterator[Mistake]:
        tls, public = certificate(folder, name, expired=expired)
        async with serving(proxy(right.url, ""), tls) as host:
            url = f"wss://localhost:{host.rpartition(':')[2]}"
            yield Mistake(replace(right, url=url), trusted=public if trusted else None)

    return made


REDIRECT = answering(301, Location="https://livekit.example.com/")
TLS_ONLY = answering(400, "<center>The plain HTTP request was sent to HTTPS port</center>")
OTHER_SECRET = "another-secret-of-32-characters!!"

PROVOKED: dict[str, Callable[[Connection, Path], Made]] = {
    "no host has this name": of_the_connection(url="wss://livekit.invalid"),
    "nothing listens at this port": nothing_listens,
    "a firewall drops the packets": packets_are_dropped,
    "the key is unknown": of_the_connection(key="APInobody"),
    "the secret does not belong to the key": of_the_connection(secret=OTHER_SECRET),
    "the clocks differ": clocks_differ,
    "another program answers, or the path prefix is wrong": behind(
        lambda right: proxy(right.url, "/livekit"), "/elsewhere"
    ),
    "the address redirects, as from `http://` to `https://`": behind(lambda right: REDIRECT),
    "`ws://` or `http://` where TLS is spoken": behind(lambda right: TLS_ONLY),
    "`wss://` or `https://` where none is spoken": tls_without,
    "the certificate is for another name": over_tls("livekit.example.com"),
    "the certificate has expired": over_tls(expired=True),
    "the certificate is signed by itself or by an authority of your own": over_tls(trusted=False),
    "a proxy asks for a password": behind(lambda right: answering(401, "Authorization Required")),
    "a proxy does not pass the `Authorization` header on": behind(
        lambda right: proxy(right.url, "", drop_authorization=True)
    ),
    "a proxy does not reach LiveKit": behind(lambda right: answering(502, "<h1>Bad Gateway</h1>")),
}


async def said_by(mistake: Mistake) -> str:
    """What the probe says: here, or in a process that trusts the certificate."""
    if mistake.trusted is None:
        return title_of(await client.probe(mistake.connection, clock=mistake.clock))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROBE,
        *(mistake.connection.url, mistake.connection.key, mistake.connection.secret),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"SSL_CERT_FILE": str(mistake.trusted)},
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().strip()


def title_of(found: ProbeResult) -> str:
    """The first line of a failure, with a way out below it."""
    assert not found.ok
    assert found.words
    assert found.remedy
    return found.title


def test_every_row_is_provoked_and_no_other() -> None:
    assert [label for label, _ in ROWS] == list(PROVOKED)


@pytest.mark.parametrize(("label", "says"), ROWS, ids=[label for label, _ in ROWS])
async def test_it_says_what_readme_says(
    label: str, says: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the firewall's row waits that long.
    monkeypatch.setattr("rooms.livekit.probe.CALL_SECONDS", 2.0)
    async with PROVOKED[label](connection_to(server), tmp_path) as mistake:
        assert await said_by(mistake) == says


async def test_a_certificate_of_ones_own_authority_is_trusted_by_its_file(server: Server, tmp_path: Path) -> None:
    async with over_tls()(connection_to(server), tmp_path) as nothing_wrong:
        assert "accepts the key" in await said_by(nothing_wrong)


async def test_a_connection_that_is_closed_says_how_tls_may_be_the_reason(tmp_path: Path) -> None:
    tls, _ = certificate(tmp_path, "localhost")
    for handler, spoken in ((hang_up, None), (answering(200), tls)):
        async with serving(handler, spoken) as host:
            found = await client.probe(Connection(f"ws://{host}", "key", OTHER_SECRET))
        assert found.title == "LiveKit hung up"
        assert "wss://" in found.remedy
