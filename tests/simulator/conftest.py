"""Simulators for the tests of this folder: one of each manner, emptied after each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from tests.simulator.running import RunningSimulator, start

Starter = Callable[..., Awaitable[RunningSimulator]]


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """One HTTP client for all."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def start_simulator(http: aiohttp.ClientSession) -> AsyncIterator[Starter]:
    """Start simulators with the options a test needs; they end with the test."""
    running: list[RunningSimulator] = []

    async def starter(*options: str) -> RunningSimulator:
        running.append(await start(http, *options))
        return running[-1]

    yield starter
    for each in running:
        await each.stop()


@pytest.fixture(scope="session")
async def self_hosted(http: aiohttp.ClientSession) -> AsyncIterator[RunningSimulator]:
    """The plain simulator of this run."""
    running = await start(http)
    yield running
    assert await running.stop() == 0


@pytest.fixture(scope="session")
async def in_the_cloud(http: aiohttp.ClientSession) -> AsyncIterator[RunningSimulator]:
    """The --cloud simulator of this run."""
    running = await start(http, "--cloud")
    yield running
    assert await running.stop() == 0


@pytest.fixture
async def simulator(self_hosted: RunningSimulator) -> AsyncIterator[RunningSimulator]:
    """The plain simulator, empty again after the test."""
    yield self_hosted
    await self_hosted.control("POST", "reset")


@pytest.fixture
async def cloud(in_the_cloud: RunningSimulator) -> AsyncIterator[RunningSimulator]:
    """The --cloud simulator, empty again after the test."""
    yield in_the_cloud
    await in_the_cloud.control("POST", "reset")
