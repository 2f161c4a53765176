"""The programs of tests/clients that drive LiveKit's official Node and Go clients.

`make livekit` prepares them in the cache, outside the working tree.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.contract.under_test import UnderTest
from tests.servers.fixtures import is_required
from tests.servers.real import cached_binary

SOURCES = Path(__file__).parent.parent / "clients"
PREPARED = cached_binary().parent / "clients"
COMMANDS = {"node": ["node", str(PREPARED / "node" / "calls.mjs")], "go": [str(PREPARED / "go" / "calls")]}
CLIENT_SECONDS = 60


def is_prepared(language: str) -> bool:
    """Whether the cache holds exactly these sources, as scripts/clients.sh leaves them."""
    sources = [file for file in (SOURCES / language).iterdir() if file.is_file()]
    copies = [(PREPARED / language / file.name, file) for file in sources]
    same = all(copy.exists() and copy.read_bytes() == file.read_bytes() for copy, file in copies)
    return same and shutil.which(COMMANDS[language][0]) is not None


def demand(language: str) -> None:
    """Skip where the language's program is not prepared; where the run demands everything, fail."""
    missing = f"the official {language} client is not prepared: `make livekit` does it where {language} is installed"
    if is_prepared(language):
        return
    if is_required():
        pytest.fail(missing, pytrace=False)
    pytest.skip(missing)


async def run(livekit: UnderTest, language: str, *arguments: str) -> dict[str, Any]:
    """Run a language's program against the server under test; gives what it printed."""
    environment = {
        **os.environ,
        "LIVEKIT_URL": livekit.server.url,
        "LIVEKIT_API_KEY": livekit.server.key,
        "LIVEKIT_API_SECRET": livekit.server.secret,
    }
    process = await asyncio.create_subprocess_exec(
        *COMMANDS[language],
        *arguments,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(CLIENT_SECONDS):
        printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    answers: dict[str, Any] = json.loads(printed)
    return answers
