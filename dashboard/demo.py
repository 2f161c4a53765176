"""``python -m dashboard.demo``: the console on its own simulator, with accounts to try.

The simulator is started before Django is imported: each takes about a second of one core, and so they take it at the
same time.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rooms import listening

KEY = "demokey"
SECRET = "a-well-known-secret-for-the-demo-only"  # noqa: S105  the simulator listens on loopback only
# Where livekit-server listens too; another port is taken when this one is not free.
PORT = 7880
START_SECONDS = 15


class DidNotStart(Exception):
    """The simulator ended, or said nothing, before it listened."""


class Simulator:
    """The simulator's process with lively rooms; it sends its webhooks to the console at ``console``."""

    key, secret = KEY, SECRET

    def __init__(self, console: str) -> None:
        port = listening.free_port(PORT)
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "rooms.simulator", "--port", str(port), "--scenario", "lively"]
        command += ["--key", KEY, "--secret", SECRET, "--webhook", f"{console}/hooks/demo/"]
        # A session of its own: Ctrl-C reaches only the console, which then stops the simulator.
        self.process = subprocess.Popen(  # noqa: S603  our own module with our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parent.parent,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Return when it listens. Raises DidNotStart after START_SECONDS."""
        assert self.process.stdout is not None  # noqa: S101  it was opened as a pipe
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline() if selector.select(START_SECONDS) else b""
        if not line.startswith(b"ready http"):
            raise DidNotStart("The simulator did not start; what it said stands above.")

    def stop(self) -> None:
        """End it; insist after five seconds."""
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()


def as_ctrl_c(signum: int, frame: object) -> None:
    """End in order, so that the simulator is stopped too: the default is to end at once."""
    signal.raise_signal(signal.SIGINT)


@contextmanager
def simulator(console: str) -> Iterator[Simulator]:
    """A simulator that is stopped at the end, whatever happens."""
    started = Simulator(console)
    try:
        yield started
    finally:
        started.stop()


def main() -> int:
    """Serve the demo until Ctrl-C; gives the exit status."""
    # A closed terminal, and whoever ends a process from outside. Uvicorn raises the signal again when it has stopped.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, as_ctrl_c)
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    try:
        listening.demand_loopback(host)
        listening.demand(host, int(port) if port.isdigit() else 0)
        with simulator(f"http://{host}:{port}") as started:
            serve(started)
    except (listening.CannotListen, DidNotStart) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def serve(started: Simulator) -> None:
    """Load Django, now that the simulator is loading too, and run ``up``."""
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("up", simulator=started)


if __name__ == "__main__":
    os.environ["GREENROOM_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    sys.exit(main())
