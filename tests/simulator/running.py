"""A simulator in its own process, and what a test may ask of it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp
import jwt
from livekit import api
from livekit.protocol import models

KEY = "testkey"
SECRET = "a-secret-for-the-simulators-own-tests"
STOP_SECONDS = 5.0
START_SECONDS = 10.0

T = TypeVar("T")


async def eventually(
    look: Callable[[], Awaitable[T]], right: Callable[[T], object] = bool, *, within: float = 8.0
) -> T:
    """Look again and again until what is seen is right. Raises AssertionError after ``within`` seconds."""
    until = time.monotonic() + within
    while True:
        seen = await look()
        if right(seen):
            return seen
        if time.monotonic() > until:
            raise AssertionError(f"not within {within} seconds; the last was {seen!r}")
        await asyncio.sleep(0.03)


class Refused(Exception):
    """The control address refused: status, and the JSON body or the text."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class RunningSimulator:
    """One process. ``livekit`` is the official client; ``lines`` is what was printed on stdout."""

    def __init__(self, process: asyncio.subprocess.Process, line: str, http: aiohttp.ClientSession) -> None:
        self.process = process
        self.line = line
        self.url = line.removeprefix("ready ")
        self.http = http
        self.livekit = api.LiveKitAPI(self.url, KEY, SECRET, session=http)

    @property
    def rooms(self) -> Any:
        """The official client's RoomService."""
        return self.livekit.room

    async def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One request to /control. Raises Refused for any answer but 200."""
        async with self.http.request(method, f"{self.url}/control/{path}", json=body) as answer:
            if answer.status != 200:
                is_json = answer.content_type == "application/json"
                raise Refused(answer.status, await answer.json() if is_json else await answer.text())
            said: dict[str, Any] = await answer.json()
            return said

    def token(self, room: str, identity: str, video: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A join token; ``video`` adds to its grant."""
        now = int(time.time())
        grant = {"roomJoin": True, "room": room, **(video or {})}
        claims = {"iss": KEY, "sub": identity, "nbf": now, "exp": now + 600, "video": grant, **claims}
        return jwt.encode(claims, SECRET, algorithm="HS256")

    async def join(
        self, room: str, identity: str, video: Mapping[str, Any] | None = None, **claims: Any
    ) -> dict[str, Any]:
        """Let somebody in."""
        return await self.control("POST", "join", {"token": self.token(room, identity, video, **claims)})

    async def act(self, room: str, identity: str, do: str, **details: Any) -> dict[str, Any]:
        """Let somebody do something."""
        return await self.control("POST", "act", {"room": room, "identity": identity, "do": do, **details})

    async def publish(self, room: str, identity: str, source: str, **details: Any) -> str:
        """Let somebody publish; gives the track's sid."""
        sid: str = (await self.act(room, identity, "publish", source=source, **details))["track"]["sid"]
        return sid

    async def experienced(self, room: str, identity: str, event: str = "", sid: str = "") -> list[dict[str, Any]]:
        """What somebody was told, of one event or of all."""
        query = {"room": room, "identity": identity, "sid": sid}
        async with self.http.get(f"{self.url}/control/experienced", params=query) as answer:
            events = (await answer.json())["events"]
        return [each for each in events if not event or each["event"] == event]

    async def people(self, room: str) -> dict[str, models.ParticipantInfo]:
        """ListParticipants, by identity."""
        reply = await self.rooms.list_participants(api.ListParticipantsRequest(room=room))
        return {person.identity: person for person in reply.participants}

    async def person(self, room: str, identity: str) -> models.ParticipantInfo:
        """GetParticipant."""
        found: models.ParticipantInfo = await self.rooms.get_participant(
            api.RoomParticipantIdentity(room=room, identity=identity)
        )
        return found

    async def room(self, name: str) -> models.Room | None:
        """ListRooms of one name."""
        found = (await self.rooms.list_rooms(api.ListRoomsRequest(names=[name]))).rooms
        return found[0] if found else None

    async def stop(self) -> int:
        """End the process; gives its exit status."""
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            await self.process.communicate()
        return self.process.returncode or 0


async def launch(*options: str) -> asyncio.subprocess.Process:
    """Start ``python -m rooms.simulator`` on a free port unless the options name one."""
    port = () if "--port" in options else ("--port", "0")
    keys = ("--key", KEY, "--secret", SECRET)
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "rooms.simulator", *port, *keys, *options)
    return await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)


async def start(http: aiohttp.ClientSession, *options: str) -> RunningSimulator:
    """Start a simulator and wait for its line."""
    process = await launch(*options)
    if process.stdout is None:
        raise AssertionError("stdout is a pipe")
    async with asyncio.timeout(START_SECONDS):
        line = (await process.stdout.readline()).decode().strip()
    if not line:
        _, said = await process.communicate()
        raise AssertionError(f"the simulator did not start: {said.decode()}")
    return RunningSimulator(process, line, http)
