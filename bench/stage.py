"""What is measured: a LiveKit server, a console in its own process, browsers, and somebody outside."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import jwt
from livekit import api
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from bench.counting import CountingProxy
from tests.browser.browsing import ARGUMENTS, find_chromium
from tests.browser.console import Console
from tests.browser.seed import PASSWORD
from tests.people.blocking import People
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Kind, Server
from tests.servers.simulated import start_simulator

MANY_ROOMS = 5_000
# Projects on the same server: LiveKit's webhooks go to the second only, and the third is counted.
PLAIN, HOOKED, COUNTED, MANY = "plain", "hooked", "counted", "many"
WHO = "mona"


@dataclass
class Stage:
    """Everything that runs. ``livekit`` is the official client; await it with ``people.do``."""

    console: Console
    server: Server
    many: Server
    proxy: CountingProxy
    people: People
    livekit: api.LiveKitAPI
    http: aiohttp.ClientSession
    browser: Browser
    signed_in: StorageState

    def look(self, address: str) -> Page:
        """A page of somebody's own browser at ``address``, once it is live."""
        context = self.browser.new_context(storage_state=self.signed_in, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector('#fresh[data-age="live"]', timeout=60_000)
        return page

    async def fetch(self, address: str) -> float:
        """Get a page over HTTP, to its last byte; gives the seconds."""
        began = time.perf_counter()
        async with self.http.get(address) as answer:
            body = await answer.read()
        assert answer.status == 200, (answer.status, body[:500])
        return time.perf_counter() - began

    async def forget(self, room: str, slug: str = PLAIN) -> None:
        """Let the console forget what it read of ``room`` for a page, as a webhook of LiveKit does."""
        event = {"event": "room_started", "id": f"EV_{uuid.uuid4().hex}", "createdAt": str(int(time.time()))}
        body = json.dumps({**event, "room": {"name": room}}).encode()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        now = int(time.time())
        claims = {"iss": self.server.key, "nbf": now, "iat": now, "exp": now + 300, "sha256": digest}
        token = jwt.encode(claims, self.server.secret, "HS256")
        headers = {"Authorization": token, "Content-Type": "application/webhook+json"}
        async with self.http.post(f"{self.console.url}/hooks/{slug}/", data=body, headers=headers) as answer:
            assert answer.status == 200, answer.status


@contextlib.contextmanager
def stage(kind: Kind) -> Iterator[Stage]:
    """Start it all on free ports of loopback, in a folder of its own; stop it at the end."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        console = Console(folder)
        servers = stack.enter_context(Servers(folder))
        server = servers.get(kind, Configuration(webhook_url=f"{console.url}/hooks/{HOOKED}/"))
        many = server
        if kind == "simulator":
            many = start_simulator(Configuration(), folder, "--rooms", str(MANY_ROOMS))
            stack.callback(many.stop)
        people = stack.enter_context(People())
        proxy = CountingProxy(server.url)
        people.do(proxy.start())
        stack.callback(lambda: people.do(proxy.stop()))
        _open_console(console, server, {COUNTED: proxy.url, MANY: many.url})
        stack.callback(console.stop)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find_chromium() or None, args=ARGUMENTS)
        stack.callback(browser.close)
        signed_in = _sign_in(browser, console)
        livekit, http = people.do(_clients(server, signed_in))
        stack.callback(lambda: people.do(http.close()))
        stack.callback(lambda: people.do(livekit.aclose()))
        yield Stage(console, server, many, proxy, people, livekit, http, browser, signed_in)


def _open_console(console: Console, server: Server, elsewhere: dict[str, str]) -> None:
    addresses = {PLAIN: server.url, HOOKED: server.url, **elsewhere}
    key = {"api_key": server.key, "api_secret": server.secret}
    projects = {slug: {"url": url, **key} for slug, url in addresses.items()}
    console.seed(projects, {WHO: dict.fromkeys(projects, "moderator")})
    console.start()


def _sign_in(browser: Browser, console: Console) -> StorageState:
    context = browser.new_context(base_url=console.url)
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("User name").fill(WHO)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    state = context.storage_state()
    context.close()
    return state


async def _clients(server: Server, signed_in: StorageState) -> tuple[api.LiveKitAPI, aiohttp.ClientSession]:
    """LiveKit's own client, and an HTTP client with the browser's cookies. Made in the loop that uses them."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in signed_in["cookies"])
    # Each open socket takes a connection, and 100 is the default limit. The console closes a quiet one after 5 s.
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
    http = aiohttp.ClientSession(connector=connector, headers={"Cookie": cookies})
    return api.LiveKitAPI(server.url, server.key, server.secret), http
