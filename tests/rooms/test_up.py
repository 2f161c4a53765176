"""The commands that serve: the demo, the console on a real address, and what keeps them from starting."""

from __future__ import annotations

import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import Server
from tests.servers.launch import free_ports

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = ["-m", "dashboard.demo"]
UP = ["manage.py", "up"]
START_SECONDS = 60


def environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    """The machine's own, without settings of ours, and with a folder of this test for what is kept."""
    ours = ("LIVEKIT_", "GREENROOM_", "HOST", "PORT", "DATABASE_URL", "REDIS_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"GREENROOM_VAR": str(tmp_path / "var")} | variables


@contextmanager
def served(command: list[str], variables: dict[str, str], until: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server that has printed a line with ``until``; gives all it printed up to there."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield process, printed(process, until)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def printed(process: subprocess.Popen[bytes], until: str) -> str:
    """What the process prints up to a line with ``until``; fails after START_SECONDS or when it ends before."""
    assert process.stdout is not None
    said, deadline = "", time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while until not in said:
            assert selector.select(max(0.0, deadline - time.monotonic())), f"it did not print {until!r}:\n{said}"
            read = os.read(process.stdout.fileno(), 65536)
            assert read, f"it ended before it printed {until!r}:\n{said}"
            said += read.decode()
    return said


def status_of(url: str) -> int:
    """The HTTP status of a page."""
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310
        return int(answer.status)


def refused(command: list[str], variables: dict[str, str]) -> str:
    """What a command says that ends by itself, with a status that is not 0."""
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_the_demo_starts_with_its_simulator_and_stops_with_it(tmp_path: Path, ended_by: signal.Signals) -> None:
    port = free_ports(1)[0]
    with served(DEMO, environment(tmp_path, PORT=str(port)), "Ctrl-C stops it.") as (process, said):
        assert f"http://localhost:{port}" in said
        for name in ("viewer", "moderator", "admin"):
            assert re.search(rf"{name} +{name}-demo", said)
        assert status_of(f"http://127.0.0.1:{port}/login/") == 200
        simulator = re.search(r"Simulator +(http://\S+)", said)
        assert simulator is not None
        assert status_of(simulator[1]) == 200
        process.send_signal(ended_by)
        assert process.wait(timeout=20) == 0
        with pytest.raises(OSError, match="refused"):
            status_of(simulator[1])


def test_on_a_real_server_the_first_run_code_is_printed_and_there_are_no_demo_accounts(
    tmp_path: Path, simulator: Server
) -> None:
    port = free_ports(1)[0]
    variables = environment(
        tmp_path,
        PORT=str(port),
        LIVEKIT_URL=simulator.url,
        LIVEKIT_API_KEY=simulator.key,
        LIVEKIT_API_SECRET=simulator.secret,
    )
    with served(UP, variables, "Ctrl-C stops it.") as (process, said):
        assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", said)
        assert simulator.url in said
        assert simulator.secret not in said
        assert "-demo" not in said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            assert answer.url.endswith("/first-run/")
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@pytest.mark.parametrize("command", [DEMO, UP])
def test_a_taken_port_is_a_plain_sentence_with_the_way_out(command: list[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(command, environment(tmp_path, PORT=str(port)))
    assert f"Port {port} on 127.0.0.1 is taken by another program." in said
    assert f"make run PORT={port + 1}" in said


def test_the_demo_listens_on_loopback_only(tmp_path: Path) -> None:
    assert "loopback only" in refused(DEMO, environment(tmp_path, HOST="0.0.0.0"))  # noqa: S104
    assert "loopback only" in refused(UP, environment(tmp_path, HOST="0.0.0.0", GREENROOM_DEMO="1"))  # noqa: S104


@pytest.mark.parametrize("port", ["many", "0", "70000"])
def test_a_port_that_is_none_is_told(port: str, tmp_path: Path) -> None:
    assert "is no port" in refused(DEMO, environment(tmp_path, PORT=port))
