"""Greenroom's simulator as a server for tests: its own process, reached over the wire only."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.servers import launch
from tests.servers.server import Configuration, Server


def options_of(configuration: Configuration) -> list[str]:
    """The simulator's command-line options for ``configuration``."""
    options = [
        "--port",
        str(configuration.port or launch.free_ports(1)[0]),
        "--key",
        configuration.key,
        "--secret",
        configuration.secret,
    ]
    if configuration.cloud:
        options.append("--cloud")
    if configuration.remote_unmute:
        options.append("--enable-remote-unmute")
    if not configuration.auto_create:
        options.append("--no-auto-create")
    for key, secret in configuration.other_keys:
        options += ["--extra-key", f"{key}:{secret}"]
    if configuration.webhook_url:
        options += ["--webhook-url", configuration.webhook_url]
    return options


def start_simulator(configuration: Configuration, folder: Path, *options: str) -> Server:
    """Start the simulator with its log in ``folder``; it answers when this returns.

    ``options`` are added as they are (``"--scenario", "webinar"``). Raises ServerDied when it does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log_path = folder / f"simulator-{len(list(folder.glob('simulator-*.log')))}.log"
    command = [sys.executable, "-m", "rooms.simulator", *options_of(configuration), *options]
    process = launch.start(command, log_path)
    url = launch.wait_for_line(process, "ready ", log_path)
    return Server(
        url=url.rstrip("/"),
        key=configuration.key,
        secret=configuration.secret,
        kind="simulator",
        cloud=configuration.cloud,
        remote_unmute=configuration.remote_unmute or configuration.cloud,
        configuration=configuration,
        log_path=log_path,
        process=process,
    )
