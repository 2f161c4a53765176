"""A place where webhooks arrive, in a thread of the test process."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.protobuf import json_format
from livekit.protocol.webhook import WebhookEvent

HANG_UP = 0  # in place of a status: close the connection without an answer


@dataclasses.dataclass(frozen=True)
class Delivery:
    """One POST as it came. ``at`` is seconds of the monotonic clock."""

    headers: dict[str, str]
    body: bytes
    at: float
    answered: int

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON."""
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def event(self) -> str:
        """The event's name."""
        return str(self.json.get("event", ""))

    @property
    def room(self) -> str:
        """The name of the room that the event is about."""
        return str(self.json.get("room", {}).get("name", ""))

    @property
    def authorization(self) -> str:
        """The Authorization header as it came."""
        return self.headers.get("authorization", "")


class Receiver:
    """Takes webhooks at ``url``. Use as a context manager."""

    def __init__(self) -> None:
        self._deliveries: list[Delivery] = []
        self._answers: dict[str, list[int]] = defaultdict(list)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status = receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
                if status == HANG_UP:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def handle(self) -> None:
                """A server that is ended cuts its connections."""
                with contextlib.suppress(ConnectionResetError):
                    super().handle()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, room: str, *statuses: int) -> None:
        """Answer the next deliveries about ``room`` with these statuses (or HANG_UP), then 200 again."""
        self._answers[room].extend(statuses)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Keep a delivery, and give the status to answer."""
        room = Delivery(headers, body, 0, 0).room
        status = self._answers[room].pop(0) if self._answers[room] else 200
        self._deliveries.append(Delivery(headers, body, time.monotonic(), status))
        return status

    async def about(self, room: str) -> list[Delivery]:
        """What came about ``room``, in the order of arrival."""
        return [delivery for delivery in list(self._deliveries) if delivery.room == room]

    async def events(self, room: str) -> list[str]:
        """The names of the events about ``room``, in the order of arrival."""
        return [delivery.event for delivery in await self.about(room)]

    async def find(self, room: str, event: str) -> list[WebhookEvent]:
        """The events of this name about ``room`` as messages."""
        found = [delivery for delivery in await self.about(room) if delivery.event == event]
        return [parse(delivery) for delivery in found]


def parse(delivery: Delivery) -> WebhookEvent:
    """The message in a delivery."""
    return json_format.Parse(delivery.body, WebhookEvent(), ignore_unknown_fields=True)
