"""What takes minutes begins with the run, on each kind of server: no case has to wait for it.

A case names its beginning, ``@pytest.mark.parametrize("early", ["created"], indirect=True)``, and runs last.
"""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from livekit import api

from tests.people import Person
from tests.people.blocking import People
from tests.people.tokens import join_token
from tests.servers.receiver import Receiver
from tests.servers.server import Server

FIXTURE = "early"
PATIENCE = 20.0  # seconds that something may come late
TTLS = {"short": 60, "long": 7200}  # seconds

Begin = Callable[[People, Server, str], dict[str, Person]]


@dataclasses.dataclass(frozen=True)
class Early:
    """A room in which something began at ``began`` (seconds, UTC), and where the webhooks about it arrive.

    ``people`` live in a thread of their own; a case may await what they experience, and nothing else of them.
    """

    server: Server
    receiver: Receiver
    room: str
    people: dict[str, Person]
    began: float

    def left(self, seconds: float) -> float:
        """How many seconds a case may wait for what comes ``seconds`` after the beginning."""
        return max(0.0, self.began + seconds - time.time()) + PATIENCE


def without_media(people: People, server: Server, room: str) -> dict[str, Person]:
    """Somebody never connects any media: thrown out after a minute, and then the room closes."""
    return {"alice": people.join(server, room, "alice", signalling_only=True)}


def left(people: People, server: Server, room: str) -> dict[str, Person]:
    """Somebody has been there; nobody created the room."""
    alice = people.join(server, room, "alice")
    people.do(alice.leave())
    return {"alice": alice}


def created(people: People, server: Server, room: str) -> dict[str, Person]:
    """A room that nobody ever joins."""

    async def create() -> None:
        async with api.LiveKitAPI(server.url, server.key, server.secret) as livekit:
            await livekit.room.create_room(api.CreateRoomRequest(name=room))

    people.do(create())
    return {}


def connected(people: People, server: Server, room: str) -> dict[str, Person]:
    """People stay, with tokens of each of TTLS."""
    who: dict[str, Any] = {
        "name": "Alice",
        "metadata": "m",
        "attributes": {"a": "1"},
        "kind": "sip",
        "can_publish": False,
    }
    return {
        identity: people.join(server, room, identity, token=join_token(server, room, identity, ttl=ttl, **who))
        for identity, ttl in TTLS.items()
    }


# By name, with the seconds after which all of it has happened.
BEGINNINGS: dict[str, tuple[Begin, int]] = {
    "left": (left, 20),
    "without media": (without_media, 80),
    "created": (created, 300),
    "connected": (connected, 300),
}


def beginning(item: pytest.Item) -> str:
    """The name of the beginning that a case asks for; empty for most."""
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get(FIXTURE, "")) if callspec else ""


def put_last(items: list[pytest.Item]) -> None:
    """Let cases with a beginning wait while all the others run, the longest to the end."""
    items.sort(key=lambda item: BEGINNINGS[beginning(item)][1] if beginning(item) else 0)


def wanted(items: Iterable[pytest.Item]) -> set[str]:
    """The beginnings that the cases of this run ask for."""
    return {beginning(item) for item in items} - {""}


def begin(name: str, people: People, server: Server, receiver: Receiver) -> Early:
    """Begin it in a new room of a server that tells ``receiver`` of everything."""
    room, began = f"contract-{secrets.token_hex(4)}", time.time()
    return Early(server, receiver, room, BEGINNINGS[name][0](people, server, room), began)
