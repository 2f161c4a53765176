"""``manage.py up``: the console in one process; in the demo, with a simulator beside it."""

from __future__ import annotations

import argparse
import ipaddress
import os
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from channels.routing import get_default_application
from daphne.server import Server
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from rooms.management.commands.prepare import migrate_if_needed
from rooms.models import FirstRunCode
from rooms.models.project import DEMO_SLUG
from rooms.models.provision import DEMO_PEOPLE, demo_password, demo_project, project_from_environment

SIMULATOR_KEY = "demokey"
SIMULATOR_SECRET = "a-well-known-secret-for-the-demo-only"  # noqa: S105  the simulator listens on loopback only
# Where livekit-server listens too; another one is taken when it is not free.
SIMULATOR_PORT = 7880
SIMULATOR_SECONDS = 15


class Command(BaseCommand):
    """Migrate, keep the project of LIVEKIT_* in step (or start the demo's simulator), then serve until Ctrl-C."""

    help = "Serve the console. With GREENROOM_DEMO=1 also a simulator with lively rooms and accounts to try."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000, help="port (8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if settings.DEMO and not is_loopback(host):
            raise CommandError(
                f"The demo has public passwords and listens on loopback only, not on {host}.\n"
                "Leave HOST unset, or set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET for real use."
            )
        if not port_is_free(host, port):
            raise CommandError(
                f"Port {port} on {host} is taken by another program.\nChoose another one: make run PORT={port + 1}"
            )
        migrate_if_needed()
        address = f"http://{'localhost' if is_loopback(host) else host}:{port}"
        with self.livekit(f"http://{host}:{port}") as lines:
            server = Server(
                get_default_application(),
                endpoints=[f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"],
                ready_callable=lambda: self.say(["", f"  Greenroom   {address}", *lines, "", "  Ctrl-C stops it.", ""]),
                server_name="greenroom",
                verbosity=0,
            )
            server.run()

    @contextmanager
    def livekit(self, console: str) -> Iterator[list[str]]:
        """Have the projects in place while serving; gives the lines that tell how to sign in."""
        with simulator(console) if settings.DEMO else nullcontext(None) as url:
            if url is not None:
                demo_project(url, SIMULATOR_KEY, SIMULATOR_SECRET)
                yield demo_lines(url)
            else:
                yield real_lines()

    def say(self, lines: list[str]) -> None:
        """Print at once, also when the output goes to a file."""
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def demo_lines(url: str) -> list[str]:
    """The sign-ins of the demo, with what each may do."""
    may = {"viewer": "sees", "moderator": "acts", "admin": "acts, and changes settings"}
    return [
        f"  Simulator   {url}   (no LiveKit server is involved)",
        "",
        "  Sign in as  with password",
        *(f"  {name:<11} {demo_password(name):<16} {may[name]}" for name in DEMO_PEOPLE),
    ]


def real_lines() -> list[str]:
    """The LiveKit server, and the code of the first run while there are no accounts."""
    project = project_from_environment()
    lines = [f"  LiveKit     {project.url}"] if project else ["  LiveKit     none yet: make a project after signing in"]
    if not User.objects.exists():
        lines += ["", f"  First run: open {reverse('first_run')} and give this code:", f"  {FirstRunCode.issue()}"]
    return lines


@contextmanager
def simulator(console: str) -> Iterator[str]:
    """A simulator with lively rooms in its own process, stopped at the end; gives its address.

    Raises CommandError when it does not come up in SIMULATOR_SECONDS.
    """
    port = SIMULATOR_PORT if port_is_free("127.0.0.1", SIMULATOR_PORT) else 0
    command = [sys.executable, "-m", "rooms.simulator", "--port", str(port), "--scenario", "lively"]
    command += ["--key", SIMULATOR_KEY, "--secret", SIMULATOR_SECRET]
    command += ["--webhook", console + reverse("webhook", args=[DEMO_SLUG])]
    # A session of its own: Ctrl-C reaches only this process, which then stops the simulator itself.
    process = subprocess.Popen(  # noqa: S603  our own module with our own arguments
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, start_new_session=True
    )
    try:
        yield ready_address(process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()


def ready_address(process: subprocess.Popen[bytes]) -> str:
    """The address in the first line of the simulator, "ready http://..."."""
    assert process.stdout is not None  # noqa: S101  it was opened as a pipe
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline().decode() if selector.select(SIMULATOR_SECONDS) else ""
    if not line.startswith("ready http"):
        raise CommandError("The simulator did not start; what it said stands above.")
    return line.removeprefix("ready ").strip().rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def port_is_free(host: str, port: int) -> bool:
    """Whether this process could listen there. Raises CommandError for an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise CommandError(f"Port {port} needs more rights than yours. Choose one above 1023.") from error
        except socket.gaierror as error:
            raise CommandError(f"HOST={host} is not an address of this machine.") from error
        except OSError:
            return False
    return True
