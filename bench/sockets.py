"""What it costs that many look: one act, until the last of many pages has its frame."""

from __future__ import annotations

import asyncio
import json
import time

import aiohttp

from bench.figures import heading, line, spread
from bench.stage import PLAIN, Stage

Socket = aiohttp.ClientWebSocketResponse

NUMBERS = (1, 20, 200)
ACTS = 12


def measure(stage: Stage) -> None:
    """Print how long an act takes to the last socket."""
    heading("An act (promote), until the last of the open pages of its room has been sent the change")
    for number in NUMBERS:
        room = f"bench-sockets-{number}"
        stage.people.crowd(stage.server, room, ACTS, can_publish=False)
        words = f"{number} open page{'s' if number > 1 else ''}"
        line(words, spread(stage.people.do(_acts(stage, room, number))))


async def _acts(stage: Stage, room: str, number: int) -> list[float]:
    address = stage.console.room(room, PLAIN)
    pages = await asyncio.gather(*(_open(stage, address) for _ in range(number)))
    took = []
    for person in range(ACTS):
        told = [asyncio.create_task(_next(page, "step")) for page in pages]
        began = time.perf_counter()
        await _promote(stage, f"{address}people/guest-{person}/do/promote/")
        took.append(max(await asyncio.gather(*told)) - began)
    await asyncio.gather(*(page.close() for page in pages))
    return took


async def _open(stage: Stage, address: str) -> Socket:
    """A page's socket, once the console has a state to tell changes of."""
    url = f"ws{address.removeprefix('http').replace('/p/', '/ws/p/', 1)}"
    page = await stage.http.ws_connect(url, origin=stage.console.url)
    hello = json.loads((await page.receive()).data)
    if not hello["v"]:
        await _next(page, "fetch")
    return page


async def _promote(stage: Stage, address: str) -> None:
    token = next(cookie["value"] for cookie in stage.signed_in["cookies"] if cookie["name"] == "greenroom_csrf")
    headers = {"X-CSRFToken": token, "HX-Request": "true"}
    async with stage.http.post(address, headers=headers) as answer:
        assert answer.status == 200, (answer.status, await answer.text())


async def _next(page: Socket, kind: str) -> float:
    """When the next frame of this kind was there."""
    async with asyncio.timeout(40):
        while True:
            if json.loads((await page.receive()).data)["t"] == kind:
                return time.perf_counter()
