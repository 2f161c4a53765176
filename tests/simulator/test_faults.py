"""Faults on demand, the count of calls, reset and new keys."""

from __future__ import annotations

import time
from typing import Any

import aiohttp
import pytest
from livekit import api

from tests.simulator.running import KEY, SECRET, RunningSimulator, eventually

NEW_SECRET = "another-secret-of-at-least-32-characters"


async def listing(simulator: RunningSimulator) -> Any:
    return await simulator.rooms.list_rooms(api.ListRoomsRequest())


async def failure(simulator: RunningSimulator) -> api.TwirpError:
    with pytest.raises(api.TwirpError) as failed:
        await listing(simulator)
    return failed.value


async def test_the_next_calls_of_a_method_are_refused(simulator: RunningSimulator) -> None:
    refuse = {"status": 429, "code": "resource_exhausted", "msg": "slow down"}
    await simulator.control("POST", "faults", {"method": "ListRooms", "refuse": refuse, "times": 2})
    await simulator.rooms.create_room(api.CreateRoomRequest(name="talk"))
    for _ in range(2):
        error = await failure(simulator)
        assert (error.status, error.code, error.message) == (429, "resource_exhausted", "slow down")
    assert len((await listing(simulator)).rooms) == 1


async def test_every_call_is_refused_until_cleared(simulator: RunningSimulator) -> None:
    await simulator.control("POST", "faults", {"method": "*", "refuse": {"code": "unavailable", "msg": "no"}})
    for _ in range(3):
        assert (await failure(simulator)).status == 503
    with pytest.raises(api.TwirpError):
        await simulator.people("talk")
    await simulator.control("DELETE", "faults")
    await listing(simulator)


async def test_a_plain_answer(simulator: RunningSimulator) -> None:
    plain = {"status": 502, "text": "<html>bad gateway</html>"}
    await simulator.control("POST", "faults", {"method": "ListRooms", "plain": plain, "times": 1})
    async with simulator.http.post(simulator.url + "/twirp/livekit.RoomService/ListRooms") as answer:
        assert (answer.status, answer.content_type) == (502, "text/plain")
        assert await answer.text() == plain["text"]


async def test_a_slow_answer(simulator: RunningSimulator) -> None:
    await simulator.control("POST", "faults", {"method": "ListRooms", "delay": 0.4, "times": 1})
    started = time.monotonic()
    await listing(simulator)
    assert time.monotonic() - started >= 0.4


async def test_going_away_and_coming_back(simulator: RunningSimulator) -> None:
    await simulator.join("talk", "ana")
    await simulator.control("POST", "away", {"away": True})
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await listing(simulator)
    with pytest.raises(aiohttp.ClientError):
        await simulator.http.get(simulator.url + "/")
    await simulator.act("talk", "ana", "leave")
    await simulator.control("POST", "away", {"away": False})
    assert await simulator.people("talk") == {}


async def test_going_away_for_some_time(simulator: RunningSimulator) -> None:
    async def reachable() -> bool:
        try:
            await listing(simulator)
        except aiohttp.ClientError:
            return False
        return True

    await simulator.control("POST", "away", {"away": True, "seconds": 0.3})
    assert not await reachable()
    await eventually(reachable, within=3)


async def test_calls_are_counted_by_method_refused_ones_too(simulator: RunningSimulator) -> None:
    await simulator.control("DELETE", "calls")
    stranger = api.LiveKitAPI(simulator.url, "nobody", SECRET, session=simulator.http)
    with pytest.raises(api.TwirpError):
        await stranger.room.list_rooms(api.ListRoomsRequest())
    await listing(simulator)
    await simulator.people("talk")
    assert await simulator.control("GET", "calls") == {"ListRooms": 2, "ListParticipants": 1}
    await simulator.control("DELETE", "calls")
    assert await simulator.control("GET", "calls") == {}


async def test_reset_empties_everything(simulator: RunningSimulator) -> None:
    await simulator.control("POST", "scenario", {"name": "webinar"})
    await simulator.control("POST", "faults", {"refuse": {"code": "internal"}})
    await simulator.control("POST", "away", {"away": True})
    await simulator.control("POST", "reset")
    assert await simulator.control("GET", "calls") == {}
    assert not (await listing(simulator)).rooms


async def test_keys_may_be_replaced(simulator: RunningSimulator) -> None:
    try:
        await simulator.control("POST", "keys", {"key": "fresh", "secret": NEW_SECRET})
        assert (await failure(simulator)).status == 401
        fresh = api.LiveKitAPI(simulator.url, "fresh", NEW_SECRET, session=simulator.http)
        await fresh.room.list_rooms(api.ListRoomsRequest())
    finally:
        await simulator.control("POST", "keys", {"key": KEY, "secret": SECRET})
    await listing(simulator)
