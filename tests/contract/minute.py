"""People without media, who come in when the run begins and are thrown out a minute later: no case has to wait."""

from __future__ import annotations

import dataclasses
import secrets
import time

import pytest

from tests.people import Person, join
from tests.servers.receiver import Receiver
from tests.servers.server import Server

FIXTURE = "without_media"


@dataclasses.dataclass(frozen=True)
class WithoutMedia:
    """Somebody who came in at ``joined_at`` (monotonic seconds), and where the webhooks about them arrive."""

    server: Server
    person: Person
    joined_at: float
    receiver: Receiver


def is_wanted(request: pytest.FixtureRequest) -> bool:
    """Whether a case of this run asks for them."""
    return any(FIXTURE in getattr(item, "fixturenames", ()) for item in request.session.items)


def put_last(items: list[pytest.Item]) -> None:
    """Let their cases wait while all the others run."""
    items.sort(key=lambda item: FIXTURE in getattr(item, "fixturenames", ()))


async def come_in(server: Server, receiver: Receiver) -> WithoutMedia:
    """Somebody joins a room of their own and never connects any media."""
    joined_at = time.monotonic()
    person = await join(server, f"contract-{secrets.token_hex(4)}", "alice", signalling_only=True)
    return WithoutMedia(server, person, joined_at, receiver)
