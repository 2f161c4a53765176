"""Start a process that serves HTTP and wait until it answers."""

from __future__ import annotations

import contextlib
import secrets
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from tests.servers.server import ServerDied

START_SECONDS = 60.0
PORTS = range(16_000, 32_000)  # below those that systems give to outgoing connections


def free_ports(count: int) -> list[int]:
    """``count`` different ports that are free for TCP and UDP on loopback at this moment.

    No outgoing connection of anybody takes one before the server does, nor while a killed server is away.
    """
    ports: list[int] = []
    with contextlib.ExitStack() as held:
        while len(ports) < count:
            port = secrets.choice(PORTS)
            tcp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            udp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            with contextlib.suppress(OSError):
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
                ports.append(port)
    return ports


def start(command: list[str], log_path: Path) -> subprocess.Popen[bytes]:
    """Start ``command`` with everything that it prints going to ``log_path``."""
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def wait_for_line(process: subprocess.Popen[bytes], beginning: str, log_path: Path) -> str:
    """The rest of the first line in the log with this beginning. Raises ServerDied when none comes."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        for line in log_path.read_text(errors="replace").splitlines(keepends=True):
            if line.startswith(beginning) and line.endswith("\n"):
                return line.removeprefix(beginning).strip()
        _wait_a_moment(process)
    raise died(process, log_path)


def wait_for_health(process: subprocess.Popen[bytes], url: str, log_path: Path) -> None:
    """Wait until GET on ``url`` answers 200. Raises ServerDied when the process ends or START_SECONDS pass."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310
            if answer.status == 200:
                return
        _wait_a_moment(process)
    raise died(process, log_path)


def _wait_a_moment(process: subprocess.Popen[bytes]) -> None:
    """Wait until the process ends, a twentieth of a second at most."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.05)


def died(process: subprocess.Popen[bytes], log_path: Path) -> ServerDied:
    """End ``process`` and give the exception that tells what it last said."""
    process.kill()
    code = process.wait()
    said = log_path.read_text(errors="replace")[-2000:] if log_path.exists() else ""
    return ServerDied(f"the server did not become ready (exit code {code}); the end of {log_path.name}:\n{said}")
