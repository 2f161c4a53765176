"""A room on the simulator with people in it, and the addresses of its verbs."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from rooms.converters import quote
from rooms.livekit import client
from rooms.livekit.snapshots import Participant
from rooms.models import AuditEntry, Project
from rooms.moderation.access import Actor
from tests.people.joining import join
from tests.people.person import Person
from tests.rooms.live.conftest import live  # noqa: F401  a fixture
from tests.servers import Server

# Characters that a value may hold and few programs expect (livekit.md 0.4).
NUL = "a\x00b\x01\r\n\u202e"
ACTOR = Actor(None, "mona", "192.0.2.1")


@dataclass
class Stage:
    """A room of its own for one test."""

    project: Project
    server: Server
    room: str
    people: list[Person] = field(default_factory=list)

    async def join(self, identity: str, **options: Any) -> Person:
        """Let somebody in; they leave after the test."""
        person = await join(self.server, options.pop("room", self.room), identity, **options)
        self.people.append(person)
        return person

    async def now(self, identity: str) -> Participant:
        """The person as LiveKit has them."""
        return await client.get_participant(self.project.connection, self.room, identity)

    async def fault(self, method: str, **fault: Any) -> None:
        """Have the next call of ``method`` answered otherwise."""
        body = {"method": method, "times": 1, **fault}
        async with aiohttp.ClientSession() as http, http.post(f"{self.server.url}/control/faults", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def calls(self, method: str) -> int:
        """How many calls of ``method`` have arrived at the server."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.server.url}/control/calls") as answer:
            return int((await answer.json()).get(method, 0))

    @property
    def base(self) -> str:
        """The address of the room."""
        return f"/p/{self.project.slug}/rooms/{quote(self.room)}/"

    def person(self, identity: str) -> str:
        """The address of a person."""
        return f"{self.base}people/{quote(identity)}/"

    async def audit(self, verb: str) -> AuditEntry:
        """The newest row of the audit, which must be of ``verb``."""
        entry = await AuditEntry.objects.filter(project=self.project, room=self.room).afirst()
        assert entry is not None
        assert entry.verb == verb
        return entry


@pytest.fixture
async def stage(project: Project, simulator: Server) -> AsyncIterator[Stage]:
    """An empty room with a name of its own, self-hosted manner."""
    made = Stage(project, simulator, f"stage-{secrets.token_hex(4)}")
    yield made
    for person in made.people:
        await person.leave()


@pytest.fixture
async def cloud_stage(project: Project, cloud_simulator: Server) -> AsyncIterator[Stage]:
    """The same in the manner of LiveKit Cloud."""
    project.url, project.api_key, project.api_secret = cloud_simulator.url, cloud_simulator.key, cloud_simulator.secret
    await project.asave()
    made = Stage(project, cloud_simulator, f"stage-{secrets.token_hex(4)}")
    yield made
    for person in made.people:
        await person.leave()
