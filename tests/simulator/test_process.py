"""The process: its line, its options, its end."""

from __future__ import annotations

import asyncio
import signal

import pytest
from livekit import api

from tests.simulator.conftest import Starter
from tests.simulator.running import RunningSimulator, eventually, launch


async def test_it_prints_one_line_and_answers_at_its_address(start_simulator: Starter) -> None:
    simulator = await start_simulator()
    assert simulator.line.startswith("ready http://127.0.0.1:")
    async with simulator.http.get(simulator.url + "/") as answer:
        assert (answer.status, await answer.text()) == (200, "OK")
    simulator.process.terminate()
    printed, complained = await simulator.process.communicate()
    assert (printed, complained) == (b"", b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_cleanly(start_simulator: Starter, number: signal.Signals) -> None:
    simulator = await start_simulator("--scenario", "lively")
    simulator.process.send_signal(number)
    async with asyncio.timeout(3):
        assert await simulator.process.wait() == 0


async def test_it_ends_while_a_call_waits(start_simulator: Starter) -> None:
    simulator = await start_simulator()
    await simulator.control("POST", "faults", {"method": "ListRooms", "delay": 60})
    waiting = asyncio.create_task(simulator.rooms.list_rooms(api.ListRoomsRequest()))
    await eventually(lambda: simulator.control("GET", "calls"), lambda calls: calls == {"ListRooms": 1})
    simulator.process.terminate()
    async with asyncio.timeout(3):
        assert await simulator.process.wait() == 0
    await asyncio.wait([waiting])
    assert waiting.exception() is not None


async def test_a_taken_port_is_told_in_a_sentence(simulator: RunningSimulator) -> None:
    port = simulator.url.rsplit(":", 1)[1]
    second = await launch("--port", port)
    printed, complained = await second.communicate()
    assert (second.returncode, printed) == (1, b"")
    assert complained.startswith(f"cannot listen on 127.0.0.1:{port}: ".encode())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--scenario", "opera"], "no scenario is called opera; there are: webinar, class, "),
        (["--extra-key", "half"], "--extra-key takes KEY:SECRET"),
        (["--speed", "0"], "--speed must be above zero"),
    ],
)
async def test_what_cannot_be_is_told(options: list[str], words: str) -> None:
    process = await launch(*options)
    _, complained = await process.communicate()
    assert process.returncode == 2
    assert words in complained.decode()


async def test_more_than_one_key_is_accepted(start_simulator: Starter) -> None:
    simulator = await start_simulator("--extra-key", "second:another-secret-of-32-characters-or-more")
    second = api.LiveKitAPI(simulator.url, "second", "another-secret-of-32-characters-or-more", session=simulator.http)
    assert not (await second.room.list_rooms(api.ListRoomsRequest())).rooms
