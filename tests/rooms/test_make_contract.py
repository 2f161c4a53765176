"""`make contract` on a server that somebody names: it says what is wrong, and touches no server with rooms unasked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rooms.livekit import client
from rooms.livekit.client import Connection
from tests.servers import Server

ROOT = Path(__file__).resolve().parents[2]


def contract(server: Server, *cases: str, **changes: str) -> tuple[int, str]:
    """The exit status and the output of these cases of the contract on ``server``."""
    named = {"CONTRACT_URL": server.url, "CONTRACT_KEY": server.key, "CONTRACT_SECRET": server.secret} | changes
    command = [sys.executable, "-m", "pytest", "-q", *(f"tests/contract/{case}" for case in cases)]
    # A run that leaves cases out on purpose is no run of CI.
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("CONTRACT_", "GREENROOM_"))}
    ended = subprocess.run(
        command, cwd=ROOT, env=ours | named, capture_output=True, text=True, timeout=150, check=False
    )
    return ended.returncode, ended.stdout


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"CONTRACT_SECRET": "another-secret-of-32-characters!!"}, "Wrong secret"),
        ({"CONTRACT_URL": "ws://127.0.0.1:9"}, "Nothing answers at this address"),
        ({"CONTRACT_KEY": ""}, "needs CONTRACT_KEY"),
    ],
)
def test_it_ends_at_once_and_says_why(simulator: Server, changes: dict[str, str], says: str) -> None:
    status, said = contract(simulator, "test_missing.py", **changes)
    assert (status, "passed" in said) == (2, False)
    assert says in said


async def test_a_server_with_rooms_is_touched_only_when_told(simulator: Server) -> None:
    connection = Connection(simulator.url, simulator.key, simulator.secret)
    await client.create_room(connection, name="theirs")
    before = set(await client.list_rooms(connection))
    status, said = contract(simulator, "test_rooms.py")
    assert (status, "passed" in said) == (2, False)
    assert "it is not touched without CONTRACT_FORCE=1" in said
    assert set(await client.list_rooms(connection)) == before
    status, said = contract(simulator, "test_rooms.py", CONTRACT_FORCE="1", CONTRACT_URL=f"{simulator.url}/")
    assert (status, "passed" in said) == (0, True), said
