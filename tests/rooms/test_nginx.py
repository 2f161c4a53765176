"""README's nginx file in front of a console that is set up as README's deployment is: TLS, proxy, collected files."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import ssl
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import jwt
import pytest

from tests.browser.console import Console
from tests.browser.seed import PASSWORD
from tests.readme import block
from tests.rooms.livekit.elsewhere import certificate
from tests.servers import Server, launch

NGINX_MISSING = "the test of README's nginx file needs nginx: apt install nginx"
ROOT = Path(__file__).resolve().parents[2]
# Everything that nginx writes goes into a folder of the test's.
AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/greenroom.conf;
}}
"""


@dataclass(frozen=True)
class Site:
    """The console as people reach it: ``url`` over TLS, ``tls`` believes its certificate."""

    url: str
    tls: ssl.SSLContext
    livekit: Server


def nginx_binary() -> str:
    """The nginx of this machine, or a skip; with GREENROOM_REQUIRE_NGINX=1 a failure."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not found and os.environ.get("GREENROOM_REQUIRE_NGINX") == "1":
        pytest.fail(f"GREENROOM_REQUIRE_NGINX=1, but {NGINX_MISSING}", pytrace=False)
    if not found:
        pytest.skip(NGINX_MISSING)
    return found


def readme_with(**parts: tuple[str, str]) -> str:
    """README's file, with what belongs to this machine in place of the example's."""
    text = block("nginx", "proxy_pass")
    for example, ours in parts.values():
        assert example in text, f"README's nginx file has no {example!r} any more"
        text = text.replace(example, ours)
    return text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, simulator: Server) -> Iterator[Site]:
    """nginx, the console and the simulator behind it, each in a process of its own."""
    binary, folder = nginx_binary(), tmp_path_factory.mktemp("nginx")
    _, public = certificate(folder, "localhost")
    (port,) = launch.free_ports(1)
    url = f"https://localhost:{port}"
    console = console_at(folder / "console", public)
    (folder / "greenroom.conf").write_text(
        readme_with(
            port=("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            certificate=("/etc/ssl/greenroom.pem", str(public)),
            key=("/etc/ssl/greenroom.key", str(folder / "key.pem")),
            console=("http://127.0.0.1:8000", f"http://127.0.0.1:{console.port}"),
            livekit=("http://127.0.0.1:7880", simulator.url),
        )
    )
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""))
    connection = {"url": f"wss://localhost:{port}/livekit", "api_key": simulator.key, "api_secret": simulator.secret}
    console.seed({"studio": connection}, {"alice": {"studio": "administrator"}})
    running = [launch.start([binary, "-c", str(folder / "nginx.conf")], folder / "nginx.log"), served(console)]
    try:
        yield Site(url, ssl.create_default_context(cafile=str(public)), simulator)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def console_at(folder: Path, public: Path) -> Console:
    """A console with the settings of README's deployment, its static files collected."""
    console = Console(
        folder,
        ALLOWED_HOSTS="localhost",
        HTTPS="1",
        TRUSTED_PROXIES="1",
        STATIC_ROOT=str(folder / "static"),
        SSL_CERT_FILE=str(public),
    )
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--skip-checks"]
    subprocess.run(collect, env=console.environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return console


def served(console: Console) -> subprocess.Popen[bytes]:
    """The console's process, once it listens: it answers nobody who did not come through the proxy."""
    with console.log_path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(console.port)],
            cwd=ROOT,
            env=console.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    launch.wait_for_line(process, "  Ctrl-C stops it.", console.log_path)
    return process


@pytest.fixture
async def alice(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser's end of it, signed in. A browser names the page's origin with each form."""
    jar = aiohttp.CookieJar(unsafe=True)
    connector = aiohttp.TCPConnector(ssl=site.tls)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, headers={"Origin": site.url}) as http:
        async with http.get(f"{site.url}/login/") as page:
            assert page.status == 200
            assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
        cookie = next(cookie for cookie in jar if cookie.key == "greenroom_csrf")
        assert cookie["secure"]
        form = {"username": "alice", "password": PASSWORD, "csrfmiddlewaretoken": cookie.value}
        async with http.post(f"{site.url}/login/", data=form) as home:
            assert home.status == 200
            assert str(home.url).startswith(f"{site.url}/p/")
        yield http


@pytest.fixture
async def room(site: Site) -> str:
    """The name of a room that was open before anybody looked."""
    claims = {"iss": site.livekit.key, "exp": time.time() + 60, "video": {"roomCreate": True}}
    headers = {"Authorization": f"Bearer {jwt.encode(claims, site.livekit.secret, 'HS256')}"}
    create = f"{site.livekit.url}/twirp/livekit.RoomService/CreateRoom"
    name = "behind-nginx"
    async with aiohttp.ClientSession() as http, http.post(create, json={"name": name}, headers=headers) as answer:
        assert answer.status == 200
    return name


async def test_the_page_shows_the_rooms_of_a_livekit_behind_a_path(
    site: Site, room: str, alice: aiohttp.ClientSession
) -> None:
    async with alice.get(f"{site.url}/p/studio/rooms/") as page:
        text = await page.text()
    assert room in text
    style = text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    async with alice.get(site.url + style) as static:
        assert static.status == 200
        assert "immutable" in static.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("scheme", "path", "says"),
    [
        ("wss", "/livekit", "LiveKit answers and accepts the key"),
        ("wss", "/livekit/", "LiveKit answers and accepts the key"),
        ("https", "/livekit", "LiveKit answers and accepts the key"),
        ("https", "/livekit/", "LiveKit answers and accepts the key"),
        ("ws", "/livekit", "This address needs TLS"),
        ("http", "/livekit/", "This address needs TLS"),
        ("wss", "", "What answers there is not LiveKit"),
    ],
)
async def test_each_spelling_of_an_address_behind_a_path(
    scheme: str, path: str, says: str, site: Site, alice: aiohttp.ClientSession
) -> None:
    async with alice.get(f"{site.url}/p/studio/settings/") as page:
        token = (await page.text()).partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = {
        "name": "Studio",
        "url": f"{site.url.replace('https', scheme, 1)}{path}",
        "api_key": site.livekit.key,
        "api_secret": site.livekit.secret,
        "do": "test",
        "csrfmiddlewaretoken": token,
    }
    async with alice.post(f"{site.url}/p/studio/settings/connection/", data=form) as answer:
        assert says in await answer.text()


async def test_sockets_come_through_for_this_site_and_no_other(site: Site, alice: aiohttp.ClientSession) -> None:
    address = f"{site.url.replace('https', 'wss')}/ws/p/studio/rooms/"
    async with alice.ws_connect(address, origin=site.url) as socket:
        assert "t" in await socket.receive_json(timeout=20)
    with pytest.raises(aiohttp.WSServerHandshakeError) as denied:
        await alice.ws_connect(address, headers={"Origin": "https://elsewhere.example.com"})
    assert denied.value.status == 403


async def test_a_form_of_the_largest_metadata_is_let_through(site: Site, alice: aiohttp.ClientSession) -> None:
    # 512 KiB of which each byte is percent-encoded; nginx stops at 1 MiB unless told.
    form = io.BytesIO(b"metadata=" + b"%C3%A9" * 256 * 1024)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with alice.post(f"{site.url}/logout/", data=form, headers=headers) as answer:
        assert answer.status == 403
        assert "nginx" not in await answer.text()


async def test_a_webhook_comes_through(site: Site, alice: aiohttp.ClientSession) -> None:
    body = b'{"event": "room_started", "id": "EV_behind_nginx", "room": {"name": "r"}, "createdAt": "%d"}' % time.time()
    digest = b64encode(hashlib.sha256(body).digest()).decode()
    claims = {"iss": site.livekit.key, "nbf": time.time() - 5, "exp": time.time() + 60, "sha256": digest}
    token = jwt.encode(claims, site.livekit.secret, "HS256")
    for headers, status in (({"Authorization": token}, 200), ({"Authorization": token[:-2]}, 401)):
        headers["Content-Type"] = "application/webhook+json"
        async with alice.post(f"{site.url}/hooks/studio/", data=body, headers=headers) as answer:
            assert answer.status == status
    async with alice.get(f"{site.url}/p/studio/settings/") as page:
        text = await page.text()
    assert f"{site.url}/hooks/studio/" in text
    assert "The last one was received" in text
