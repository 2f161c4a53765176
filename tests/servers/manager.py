"""Servers that are started when first asked for and live until the end of the run."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from tests.servers.real import start_real
from tests.servers.server import Configuration, Kind, Server
from tests.servers.simulated import start_simulator


class Servers:
    """Starts each configuration once per kind. Use as a context manager; leaving it stops them all."""

    def __init__(self, folder: Path) -> None:
        """Configurations and logs go to ``folder``."""
        self.folder = folder
        self._running: dict[tuple[Kind, Configuration], Server] = {}

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._running.values():
            server.stop()

    def get(self, kind: Kind, configuration: Configuration | None = None) -> Server:
        """The running server of this kind and configuration. Raises ServerMissing or ServerDied."""
        wanted = configuration or Configuration()
        server = self._running.get((kind, wanted))
        if server is None or server.process is None or server.process.poll() is not None:
            server = self.start(kind, wanted)
            self._running[(kind, wanted)] = server
        return server

    def start(self, kind: Kind, configuration: Configuration) -> Server:
        """Start one that the caller stops: for tests that kill it or change its keys."""
        if kind == "real":
            return start_real(configuration, self.folder)
        return start_simulator(configuration, self.folder)

    def restart(self, server: Server, **changes: Any) -> Server:
        """Start ``server`` again at the same address, stopping it first if it runs; its rooms are gone.

        ``changes`` are fields of its Configuration, such as another ``secret``. The caller stops what comes back.
        """
        server.stop()
        return self.start(server.kind, dataclasses.replace(server.configuration, port=server.port, **changes))

    def logs(self) -> list[Server]:
        """Every server that runs now and whose log is ours."""
        return [server for server in self._running.values() if server.log_path is not None]
