"""What a test knows of a server, whichever of the two it is."""

from __future__ import annotations

import dataclasses
import signal
import subprocess
from pathlib import Path
from typing import Literal

KEY = "contractkey"
SECRET = "contract-secret-of-at-least-32-characters"

Kind = Literal["real", "simulator"]


class ServerMissing(Exception):
    """The server cannot be started on this machine; the text says how to get it."""


class ServerDied(Exception):
    """The server ended, or did not become ready; the text holds the end of its log."""


@dataclasses.dataclass(frozen=True)
class Configuration:
    """How a server shall be set up. The default is a plain self-hosted one.

    ``webhook_url`` gets every webhook, signed with ``webhook_key`` (the first key unless told). ``cloud`` is the
    simulator's manner; the real server has none. ``port`` 0 picks a free one; a fixed one lets a test kill a server
    and bring it back at the same address. ``auto_create`` off refuses joins to rooms that nobody created.
    ``other_keys`` are accepted beside KEY. ``media`` off: the real server names an address for media where nobody is.
    """

    remote_unmute: bool = False
    webhook_url: str = ""
    cloud: bool = False
    auto_create: bool = True
    port: int = 0
    other_keys: tuple[tuple[str, str], ...] = ()
    media: bool = True
    key: str = KEY
    secret: str = SECRET


@dataclasses.dataclass
class Server:
    """A running server.

    ``started_here`` is false for a server that was named by CONTRACT_URL: its version and its log are not ours, and
    ``stop`` and ``kill`` do not touch it.
    """

    url: str
    key: str
    secret: str
    kind: Kind
    cloud: bool = False
    remote_unmute: bool = False
    started_here: bool = True
    configuration: Configuration = dataclasses.field(default_factory=Configuration)
    log_path: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The TCP port of ``url``."""
        return int(self.url.rsplit(":", 1)[1].rstrip("/"))

    def log(self, *, since: int = 0) -> str:
        """What the server wrote after its first ``since`` bytes; empty when the log is not ours."""
        if self.log_path is None or not self.log_path.exists():
            return ""
        with self.log_path.open("rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    def log_size(self) -> int:
        """Bytes in the log now."""
        return self.log_path.stat().st_size if self.log_path and self.log_path.exists() else 0

    def stop(self) -> None:
        """Ask the server to end and insist after a second: livekit-server takes five even when nobody is there."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """End the server at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
