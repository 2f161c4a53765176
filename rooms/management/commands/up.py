"""``manage.py up``: serve the console in one process."""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import Any

import uvicorn
from channels.routing import get_default_application
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from rooms import listening
from rooms.management.commands.prepare import migrate_if_needed
from rooms.models import FirstRunCode
from rooms.models.provision import DEMO_PEOPLE, demo_password, demo_project, project_from_environment

# Seconds that open requests get when the server is told to stop; sockets are closed at once with 1012.
STOPPING_SECONDS = 2


class Announced(uvicorn.Server):
    """Uvicorn, saying where it is once it listens."""

    announcement: str = ""
    simulator: Any = None

    async def startup(self, sockets: Any = None) -> None:
        """Listen, wait for the demo's simulator, print."""
        await super().startup(sockets)
        if self.should_exit:
            return
        if self.simulator is not None:
            await asyncio.to_thread(self.simulator.wait)
        print(self.announcement, flush=True)


class Command(BaseCommand):
    """Migrate, keep the project of LIVEKIT_* in step, then serve until Ctrl-C."""

    help = "Serve the console. `python -m dashboard.demo` serves the demo, with a simulator beside it."
    stealth_options = ("simulator",)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000, help="port (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port, simulator = options["host"], int(options["port"]), options.get("simulator")
        try:
            listening.demand(host, port)
            if settings.DEMO:
                listening.demand_loopback(host)
        except listening.CannotListen as error:
            raise CommandError(str(error)) from error
        migrate_if_needed()
        lines = demo_lines(simulator) if simulator else real_lines()
        address = f"http://{'localhost' if listening.is_loopback(host) else host}:{port}"
        server = Announced(
            uvicorn.Config(
                get_default_application(),
                host=host,
                port=port,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                # TRUSTED_PROXIES decides whom to believe, in rooms.moderation.access.
                proxy_headers=False,
                timeout_graceful_shutdown=STOPPING_SECONDS,
                # Sockets go one way, down: nothing large is ever meant to come up.
                ws_max_size=65_536,
            )
        )
        server.announcement = "\n".join(["", f"  Greenroom   {address}", *lines, "", "  Ctrl-C stops it.", ""])
        server.simulator = simulator
        try:
            server.run()
        except KeyboardInterrupt:
            # Uvicorn has stopped in order and raises the signal again for whoever started it.
            self.stdout.write("Stopped.")


def demo_lines(simulator: Any) -> list[str]:
    """Put the demo's project and people in place; gives its sign-ins, with what each may do."""
    demo_project(simulator.url, simulator.key, simulator.secret)
    may = {"viewer": "sees", "moderator": "acts", "admin": "acts, and changes settings"}
    return [
        f"  Simulator   {simulator.url}   (no LiveKit server is involved)",
        "",
        "  Sign in as  with password",
        *(f"  {name:<11} {demo_password(name):<16} {may[name]}" for name in DEMO_PEOPLE),
    ]


def real_lines() -> list[str]:
    """The LiveKit server, and the code of the first run while there are no accounts."""
    project = project_from_environment()
    lines = [f"  LiveKit     {project.url}" if project else "  LiveKit     none yet: make a project after signing in"]
    if not User.objects.exists():
        lines += ["", f"  First run: open {reverse('first_run')} and give this code:", f"  {FirstRunCode.issue()}"]
    return lines
