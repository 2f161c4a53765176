"""A console in its own process, with its own database, as `make run` starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rooms.converters import quote
from tests.servers import launch
from tests.servers.server import Server

ROOT = Path(__file__).resolve().parents[2]
# Settings of the tester's own console have no place here.
OTHERS = (
    "LIVEKIT_",
    "DATABASE_URL",
    "REDIS_URL",
    "GREENROOM_DEMO",
    "ALLOWED_HOSTS",
    "HTTPS",
    "STATIC_ROOT",
    "PORT",
    "HOST",
)


class Console:
    """One console at ``url``; its database, keys and log stand in ``folder``."""

    def __init__(self, folder: Path, **environment: str) -> None:
        (self.port,) = launch.free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log_path = folder / "console.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
        settings = {"DJANGO_SETTINGS_MODULE": "dashboard.settings", "GREENROOM_VAR": str(folder), "LOG_LEVEL": "INFO"}
        self.environment = {**kept, **settings, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def seed(self, projects: Mapping[str, Mapping[str, Any]], people: Mapping[str, Mapping[str, str]]) -> None:
        """Put projects (fields by slug) and people (roles by slug, by name) into the database."""
        wanted = json.dumps({"projects": projects, "people": people}).encode()
        command = [sys.executable, "-m", "tests.browser.seed"]
        subprocess.run(command, input=wanted, env=self.environment, cwd=ROOT, check=True)

    def start(self) -> None:
        """Serve; pages are answered when this returns. Raises ServerDied when it does not come up."""
        command = [sys.executable, "manage.py", "up", "--port", str(self.port)]
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
            )
        launch.wait_for_health(self.process, f"{self.url}/login/", self.log_path)

    def stop(self) -> None:
        """Ask it to end, wait, insist after ten seconds."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def log(self) -> str:
        """Everything that it printed so far."""
        return self.log_path.read_text(errors="replace")

    def rooms(self, slug: str = "studio", **query: str) -> str:
        """The address of a project's list of rooms."""
        return self._address(f"p/{slug}/rooms/", query)

    def room(self, room: str, slug: str = "studio", **query: str) -> str:
        """The address of a room."""
        return self._address(f"p/{slug}/rooms/{quote(room)}/", query)

    def person(self, room: str, identity: str, slug: str = "studio", **query: str) -> str:
        """The address of a room with somebody's panel open."""
        return self._address(f"p/{slug}/rooms/{quote(room)}/people/{quote(identity)}/", query)

    def _address(self, path: str, query: Mapping[str, str]) -> str:
        return f"{self.url}/{path}" + (f"?{urlencode(query)}" if query else "")


def connection_of(server: Server) -> dict[str, Any]:
    """The fields of a project on ``server``."""
    return {"url": server.url, "api_key": server.key, "api_secret": server.secret}
