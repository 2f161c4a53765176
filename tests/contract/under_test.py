"""The server that a case runs on: a room of its own, people, and calls in one encoding."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
from livekit.protocol import models

from tests.contract.twirp import Caller, Encoding
from tests.people import Person, join
from tests.people.signalling_person import SignallingPerson
from tests.servers.server import Server

T = TypeVar("T")
Enter = Callable[..., Awaitable[SignallingPerson]]


class UnderTest(Caller):
    """One server, as one case sees it. ``room`` is a name that no other case uses."""

    def __init__(self, server: Server, encoding: Encoding, http: aiohttp.ClientSession) -> None:
        super().__init__(server, encoding, http)
        self.room = self.new_name()
        self._rooms = {self.room}
        self._people: list[Person] = []

    def new_name(self) -> str:
        """A fresh room name; the room is deleted after the case."""
        name = f"contract-{secrets.token_hex(4)}"
        if hasattr(self, "_rooms"):
            self._rooms.add(name)
        return name

    def also_delete(self, room: str) -> str:
        """A room of another name that the case makes; it is deleted afterwards too."""
        self._rooms.add(room)
        return room

    async def join(self, identity: str = "alice", *, room: str = "", **options: Any) -> Person:
        """Somebody joins the case's room (see tests.people.join); they leave when the case ends."""
        person = await join(self.server, room or self.room, identity, **options)
        self._people.append(person)
        return person

    async def create(self, name: str = "", **fields: Any) -> models.Room:
        """Create a room, the case's own by default."""
        reply: models.Room = (await self.call("CreateRoom", name=name or self.room, **fields)).reply
        self._rooms.add(reply.name)
        return reply

    async def get(self, identity: str = "alice", *, room: str = "") -> models.ParticipantInfo:
        """GetParticipant, which has to succeed."""
        reply: models.ParticipantInfo = (
            await self.call("GetParticipant", room=room or self.room, identity=identity)
        ).reply
        return reply

    async def list_people(self, room: str = "") -> dict[str, models.ParticipantInfo]:
        """ListParticipants by identity."""
        reply = (await self.call("ListParticipants", room=room or self.room)).reply
        return {participant.identity: participant for participant in reply.participants}

    async def find_room(self, name: str = "") -> models.Room | None:
        """The room as ListRooms has it, or None."""
        reply = (await self.call("ListRooms", names=[name or self.room])).reply
        return next(iter(reply.rooms), None)

    async def update(self, identity: str = "alice", **fields: Any) -> models.ParticipantInfo:
        """UpdateParticipant, which has to succeed."""
        reply: models.ParticipantInfo = (
            await self.call("UpdateParticipant", room=self.room, identity=identity, **fields)
        ).reply
        return reply

    async def close(self) -> None:
        """Everybody leaves, the case's rooms go."""
        await asyncio.gather(*(person.leave() for person in self._people))
        for room in self._rooms:
            await self.call("DeleteRoom", room=room)


async def eventually(read: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], within: float = 15.0) -> T:
    """Read until ``wanted`` holds, and give what was read; fails after ``within`` seconds showing the last reading."""
    until = time.monotonic() + within
    while True:
        value = await read()
        if wanted(value):
            return value
        assert time.monotonic() < until, f"after {within} s it is still {value!r}"
        await asyncio.sleep(0.02)
