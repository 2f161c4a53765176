"""Several processes on one Redis and one database: one reader, one truth, one set of rights."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.people import join
from tests.rooms.live.two_processes import Browser, Deployment, Page, Redis
from tests.servers import Server
from tests.servers.server import Configuration
from tests.servers.simulated import start_simulator
from tests.simulator.running import eventually

# ``quick`` is read often enough to count, ``slow`` so rarely that what arrives at once was pushed.
QUICK, SLOW = 0.4, 60.0
READINGS = 12
# A lease that nobody gives back runs out after at least five seconds; then the other process reads.
TAKEN_OVER = 15.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs, the database and the keys of the deployment."""
    return tmp_path_factory.mktemp("deployment")


@pytest.fixture(scope="module")
def redis(folder: Path) -> Iterator[Redis]:
    """One Redis for all tests here."""
    running = Redis(folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """A simulator whose calls nobody else makes."""
    running = start_simulator(Configuration(), folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def started(folder: Path, redis: Redis, server: Server) -> Iterator[Deployment]:
    """Both processes and their database, for all tests here."""
    projects = {"quick": {"reading_interval": QUICK}, "slow": {"reading_interval": SLOW}}
    two = Deployment(folder, redis, server, projects)
    yield two
    two.stop()


@pytest.fixture
def deployment(started: Deployment) -> Deployment:
    """Both processes, which serve: one that an earlier test has ended is started again."""
    started.start()
    return started


@pytest.fixture
async def alice(deployment: Deployment) -> AsyncIterator[Browser]:
    """The administrator, signed in."""
    browser = Browser("alice")
    await browser.sign_in(deployment.one)
    yield browser
    await browser.close()


@pytest.fixture
async def vic(deployment: Deployment) -> AsyncIterator[Browser]:
    """A viewer, signed in through the other process."""
    browser = Browser("vic")
    await browser.sign_in(deployment.two)
    yield browser
    await browser.close()


async def aligned(deployment: Deployment, alice: Browser, following: Page, person: str) -> None:
    """Promote somebody, and wait until a page of the process that follows has heard of it.

    The first that this process hears tells it the numbering of the one that reads, and its page fetches once.
    """
    await alice.post(deployment.one, f"{person}do/promote/")
    await following.hears(lambda frame: frame["t"] == "fetch" or frame.get("feed"))


async def test_one_reader_reads_for_the_pages_of_both(
    deployment: Deployment, alice: Browser, vic: Browser, server: Server
) -> None:
    await join(server, "counted", "carol", can_publish=False)
    pages = [await alice.look(deployment.one, "quick", "counted") for _ in range(2)]
    pages += [await vic.look(deployment.two, "quick", "counted") for _ in range(3)]
    for page in pages:
        await page.is_live()
    # The second process hears from the first and takes its numbering up.
    await pages[-1].hears(lambda frame: frame["t"] == "beat")

    await deployment.forget_calls()
    began = time.monotonic()
    await eventually(deployment.calls, lambda calls: calls >= READINGS, within=60)

    # Two readers would have made as many calls in half the time.
    assert time.monotonic() - began > QUICK * (READINGS - 1) * 0.8


async def test_an_own_act_in_either_process_is_pushed_to_the_pages_of_both(
    deployment: Deployment, alice: Browser, vic: Browser, server: Server
) -> None:
    for identity in ("dora", "emil", "fay"):
        await join(server, "pushed", identity, can_publish=False)
    reading = await alice.look(deployment.one, "slow", "pushed")
    await reading.is_live()
    following = await vic.look(deployment.two, "slow", "pushed")
    await following.is_live()
    await aligned(deployment, alice, following, "/p/slow/rooms/pushed/people/dora/")

    # LiveKit's answer is pushed long before the next reading, from the process that reads and from the other.
    for console, identity in ((deployment.one, "emil"), (deployment.two, "fay")):
        await alice.post(console, f"/p/slow/rooms/pushed/people/{identity}/do/promote/")
        told = [await page.is_told(identity, within=SLOW / 4) for page in (reading, following)]
        assert [frame["by"] for frame in told] == ["alice", "alice"]


async def test_the_other_process_takes_over_when_the_reading_one_is_killed(
    deployment: Deployment, alice: Browser, vic: Browser, server: Server
) -> None:
    frank = await join(server, "orphaned", "frank", can_update_own_metadata=True)
    reading = await alice.look(deployment.one, "quick", "orphaned")
    await reading.is_live()
    following = await vic.look(deployment.two, "quick", "orphaned")
    await following.hears(lambda frame: frame["t"] == "beat")

    assert deployment.one.process is not None
    deployment.one.process.kill()
    deployment.one.process.wait()
    await frank.set_attributes({"topic": "who reads now"})

    await following.is_told("who reads now", within=TAKEN_OVER)


async def test_a_process_that_stops_hands_its_reading_over_at_once(
    deployment: Deployment, alice: Browser, vic: Browser, server: Server
) -> None:
    grace = await join(server, "handed-over", "grace", can_publish=False, can_update_own_metadata=True)
    reading = await alice.look(deployment.one, "slow", "handed-over")
    await reading.is_live()
    following = await vic.look(deployment.two, "slow", "handed-over")
    await following.is_live()
    await aligned(deployment, alice, following, "/p/slow/rooms/handed-over/people/grace/")
    await grace.set_attributes({"topic": "read at once"})

    await asyncio.to_thread(deployment.one.stop)

    await following.is_told("read at once", within=SLOW / 4)


async def test_a_role_taken_away_in_one_process_closes_the_socket_in_the_other(
    deployment: Deployment, alice: Browser, vic: Browser, server: Server
) -> None:
    await join(server, "private", "heidi")
    page = await vic.look(deployment.two, "slow", "private")
    await page.is_live()

    members = await alice.http.get(f"{deployment.one.url}/p/slow/settings/")
    removal = vic_removal(await members.text())
    await alice.post(deployment.one, removal)

    assert await page.closes() == 4404


def vic_removal(settings: str) -> str:
    """Where the settings page sends the form that takes vic's role away: the last one, as the list is by name."""
    addresses = [part.split('"')[0] for part in settings.split('action="')[1:]]
    return [address for address in addresses if "/settings/members/" in address and "/remove/" in address][-1]
