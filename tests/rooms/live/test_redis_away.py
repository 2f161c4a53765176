"""Redis goes away under two processes and comes back: who looks and acts goes on, and nobody guesses passwords."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.browser.seed import PASSWORD
from tests.people import join
from tests.rooms.live.two_processes import Browser, Deployment, Page, Redis
from tests.servers.server import Configuration
from tests.servers.simulated import start_simulator

# Seconds. It is read several times in each, so that a change by somebody else is seen soon.
INTERVAL = 0.4


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    running = Redis(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def deployment(tmp_path: Path, redis: Redis) -> Iterator[Deployment]:
    server = start_simulator(Configuration(), tmp_path)
    two = Deployment(tmp_path, redis, server, {"quick": {"reading_interval": INTERVAL}})
    two.start()
    yield two
    two.stop()
    server.stop()


async def test_work_goes_on_while_redis_is_away(deployment: Deployment, redis: Redis) -> None:
    ava = await join(deployment.server, "going-on", "ava", can_update_own_metadata=True)
    await join(deployment.server, "going-on", "bob", can_publish=False)
    alice, vic = Browser("alice"), Browser("vic")
    await alice.sign_in(deployment.one)
    await vic.sign_in(deployment.two)
    reading = await alice.look(deployment.one, "quick", "going-on")
    await reading.is_live()
    following = await vic.look(deployment.two, "quick", "going-on")
    await following.hears(lambda frame: frame["t"] == "beat")

    redis.stop()

    # Pages open, in both; the room is still read; what is done is done, told, and audited.
    for browser, console in ((alice, deployment.one), (vic, deployment.two)):
        async with browser.http.get(f"{console.url}/p/quick/rooms/going-on/") as answer:
            assert answer.status == 200, await answer.text()
    await ava.set_attributes({"topic": "redis is away"})
    await reading.is_told("redis is away")
    await alice.post(deployment.one, "/p/quick/rooms/going-on/people/bob/do/promote/")
    assert (await reading.is_told("may publish"))["by"] == "alice"
    async with alice.http.get(f"{deployment.one.url}/p/quick/audit/") as audit:
        assert "bob" in await audit.text()
    await nobody_signs_in(deployment)
    # A room that nobody looked at before is shown, and is live when Redis is back.
    cleo = await join(deployment.server, "opened-meanwhile", "cleo", can_update_own_metadata=True)
    opened = await vic.look(deployment.two, "quick", "opened-meanwhile")
    await opened.is_live()

    redis.start()

    # Whichever takes the lease now numbers the steps; the page of the other fetches, and both hear the same again.
    await one_of_them_fetches(reading, following)
    await ava.set_attributes({"topic": "redis is back"})
    for page in (reading, following):
        await page.is_told("redis is back")
    await cleo.set_attributes({"topic": "live again"})
    await opened.is_told("live again")
    again = Browser("vic")
    await again.sign_in(deployment.two)
    for browser in (alice, vic, again):
        await browser.close()


async def one_of_them_fetches(*pages: Page) -> None:
    """What they hold is not the same any more: they went on apart."""
    hearing = [asyncio.create_task(page.hears(lambda frame: frame["t"] == "fetch")) for page in pages]
    done, waiting = await asyncio.wait(hearing, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert [task.result()["t"] for task in done] == ["fetch"] * len(done)


async def nobody_signs_in(deployment: Deployment) -> None:
    """Not even with the right password; the page says why."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        address = f"{deployment.one.url}/login/"
        async with http.get(address) as page:
            assert page.status == 200
        token = next(cookie.value for cookie in http.cookie_jar if cookie.key == "greenroom_csrf")
        form = {"username": "vic", "password": PASSWORD}
        async with http.post(address, data=form, headers={"X-CSRFToken": token}) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
            assert "cannot reach its Redis" in await answer.text()
        assert "greenroom_session" not in {cookie.key for cookie in http.cookie_jar}
