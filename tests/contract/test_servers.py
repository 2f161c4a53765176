"""What becomes of rooms, people and keys when a server ends and comes back (livekit.md 4, 5.6)."""

from __future__ import annotations

import dataclasses

import pytest
from livekit import api

from tests.servers import Server, Servers

ANOTHER_SECRET = "another-secret-of-at-least-32-characters"


async def rooms_of(server: Server) -> set[str]:
    async with api.LiveKitAPI(server.url, server.key, server.secret) as livekit:
        return {room.name for room in (await livekit.room.list_rooms(api.ListRoomsRequest())).rooms}


async def test_a_killed_server_comes_back_at_its_address_without_its_rooms(
    short_lived: Server, servers: Servers
) -> None:
    async with api.LiveKitAPI(short_lived.url, short_lived.key, short_lived.secret) as livekit:
        await livekit.room.create_room(api.CreateRoomRequest(name="lost"))
    assert await rooms_of(short_lived) == {"lost"}
    short_lived.kill()
    again = servers.restart(short_lived)
    try:
        assert again.url == short_lived.url
        assert await rooms_of(again) == set()
    finally:
        again.stop()


async def test_a_new_secret_shuts_out_what_the_old_one_signed(short_lived: Server, servers: Servers) -> None:
    again = servers.restart(short_lived, secret=ANOTHER_SECRET)
    try:
        assert await rooms_of(again) == set()
        with pytest.raises(api.TwirpError) as error:
            await rooms_of(dataclasses.replace(again, secret=short_lived.secret))
        assert error.value.status == 401
    finally:
        again.stop()
