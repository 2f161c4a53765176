"""The backends that a deployment may choose: PostgreSQL and Redis, started here where this machine has them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.launch import free_ports

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 30
POSTGRES, REDIS = "GREENROOM_REQUIRE_POSTGRES", "GREENROOM_REQUIRE_REDIS"


def tool(name: str, required: str) -> str:
    """The path of a program of PostgreSQL or Redis.

    Where there is none the test is skipped, or fails if the variable ``required`` is 1, as in .ci/run.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(debian[-1]) if debian else None)
    if found is None and os.environ.get(required) == "1":
        pytest.fail(f"{required}=1, but {name} is not installed", pytrace=False)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def unprivileged() -> dict[str, Any]:
    """Whom to run as: PostgreSQL refuses root."""
    return {"user": "nobody"} if os.geteuid() == 0 else {}


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The address of an empty database of its own."""
    initdb, postgres, port = tool("initdb", POSTGRES), tool("postgres", POSTGRES), free_ports(1)[0]
    # Its own folder, not pytest's: that one is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="greenroom-postgresql-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    who = unprivileged()
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    cluster = ["-D", str(folder / "data")]
    subprocess.run(
        [initdb, *cluster, "-U", "greenroom", "-A", "trust", "-E", "UTF8"], cwd=folder, check=True, **who, **quiet
    )
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off"]
    options = [word for each in settings for word in ("-c", each)]
    process = subprocess.Popen([postgres, *cluster, *options], cwd=folder, **who, **quiet)
    address = f"postgresql://greenroom@127.0.0.1:{port}/postgres"
    try:
        wait_until_ready(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(folder)


def wait_until_ready(process: subprocess.Popen[bytes], address: str) -> None:
    """Return when PostgreSQL takes connections."""
    until = time.monotonic() + START_SECONDS
    probe = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=2).close()"
    while subprocess.run([sys.executable, "-c", probe, address], capture_output=True, check=False).returncode:
        assert process.poll() is None, "PostgreSQL ended"
        assert time.monotonic() < until, "PostgreSQL did not come up"


def manage(*arguments: str, **variables: str) -> str:
    """What ``manage.py`` prints with these variables; it must end well."""
    ours = ("LIVEKIT_", "GREENROOM_", "DATABASE_URL", "REDIS_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=clean | {"GREENROOM_VAR": folder} | variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


HOSTILE_NAMES = r"""
from django.contrib.auth.models import User
from rooms.models import AuditEntry, FeedEntry, Membership, Project, Role, team
name = "a\x00b\x1a0"
project = Project.objects.create(slug="s", name="S", url="ws://x", api_key="k", api_secret="secret")
AuditEntry.objects.create(project=project, verb="mute", room=name, identity=name, before={"": "\x00"}, after=name)
FeedEntry.objects.create(project=project, kind="joined", room=name, identity=name, label=name, old="\x00", words=name)
row = AuditEntry.objects.get(room=name, identity=name)
assert (row.room, row.before, row.after) == (name, {"": "\x00"}, name)
assert FeedEntry.objects.get(room=name).old == "\x00"
assert Project.objects.get().api_secret == "secret"
ada = team.add_member(project, User.objects.create_user("ada"), Role.ADMINISTRATOR)
try:
    team.remove_member(ada)
except team.LastAdministrator:
    print("all is kept")
"""


def test_postgresql_keeps_every_name(postgresql: str) -> None:
    manage("migrate", DATABASE_URL=postgresql)
    assert "all is kept" in manage("shell", "--verbosity", "0", "-c", HOSTILE_NAMES, DATABASE_URL=postgresql)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of its own."""
    port, folder = free_ports(1)[0], tmp_path_factory.mktemp("redis")
    command = [
        tool("redis-server", REDIS),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(timeout=20)


TWO_PROCESSES = """
import asyncio
from channels.layers import get_channel_layer
from django.core.cache import cache
from rooms.live import bus

async def main():
    layer = get_channel_layer()
    mine = await layer.new_channel()
    await layer.group_add(bus.EVERYBODY, mine)
    await bus.publish_rights(3, 7)
    async with asyncio.timeout(20):
        told = await layer.receive(mine)
    await cache.aset("lease", "held", 20)
    print(told["body"], await cache.aget("lease"))

asyncio.run(main())
"""


def test_redis_carries_messages_and_leases(redis: str) -> None:
    said = manage("shell", "--verbosity", "0", "-c", TWO_PROCESSES, REDIS_URL=redis)
    assert "{'kind': 'rights', 'project': 3, 'user': 7} held" in said
