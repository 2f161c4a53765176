"""Signed webhooks, in order per address and room (``protocol:webhook/resource_url_notifier.go``)."""

import asyncio
import base64
import hashlib
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp
import jwt
from google.protobuf.json_format import MessageToDict
from livekit.protocol.models import ParticipantInfo, TrackInfo
from livekit.protocol.models import Room as RoomMessage
from livekit.protocol.webhook import WebhookEvent

from .auth import Keys
from .state import ids
from .state.participant import Participant
from .state.room import Room
from .wire import dumps

MAX_DEPTH = 200  # events that wait per address and room; newer ones are dropped
MAX_AGE = 30.0  # seconds after which a waiting event is dropped
WAITS = (1.0, 2.0, 4.0, 8.0)  # seconds before each of the four retries
TOKEN_TTL = 300  # seconds


@dataclass
class _Queue:
    waiting: deque[tuple[float, bytes]] = field(default_factory=deque)
    worker: asyncio.Task[None] | None = None


class Webhooks:
    """Sends events to every address; start with ``announce`` as a hook of the world."""

    def __init__(self, urls: Sequence[str], keys: Keys) -> None:
        self.urls = list(urls)
        self._keys = keys
        self._queues: dict[tuple[str, str], _Queue] = {}
        self._session: aiohttp.ClientSession | None = None

    def announce(self, event: str, room: Room, person: Participant | None, track: TrackInfo | None) -> None:
        """Queue one event for every address."""
        body = dumps(MessageToDict(_message(event, room, person, track))).encode()
        for url in self.urls:
            queue = self._queues.setdefault((url, room.name), _Queue())
            if len(queue.waiting) >= MAX_DEPTH:
                continue
            queue.waiting.append((time.monotonic(), body))
            if queue.worker is None:
                queue.worker = asyncio.get_running_loop().create_task(self._deliver(url, room.name, queue))

    async def close(self) -> None:
        """Drop what still waits."""
        workers = [queue.worker for queue in self._queues.values() if queue.worker]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._session:
            await self._session.close()

    async def _deliver(self, url: str, room: str, queue: _Queue) -> None:
        while queue.waiting:
            queued_at, body = queue.waiting.popleft()
            if time.monotonic() - queued_at <= MAX_AGE:
                await self._post(url, body)
        self._queues.pop((url, room), None)

    async def _post(self, url: str, body: bytes) -> None:
        """Send until it is taken: connection errors, 429 and 5xx except 501 are tried again."""
        for wait in (*WAITS, None):
            try:
                if not await self._refused(url, body):
                    return
            except (aiohttp.ClientError, TimeoutError):
                pass
            if wait is not None:
                await asyncio.sleep(wait)

    async def _refused(self, url: str, body: bytes) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        headers = {
            "Authorization": self._sign(body),
            "Content-Type": "application/webhook+json",
            "User-Agent": "Go-http-client/1.1",
        }
        async with self._session.post(url, data=body, headers=headers) as answer:
            return answer.status == 429 or (answer.status >= 500 and answer.status != 501)

    def _sign(self, body: bytes) -> str:
        key, secret = self._keys.first
        now = int(time.time())
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return jwt.encode(
            {"iss": key, "nbf": now, "iat": now, "exp": now + TOKEN_TTL, "sha256": digest}, secret, "HS256"
        )


def _message(event: str, room: Room, person: Participant | None, track: TrackInfo | None) -> WebhookEvent:
    """Track events name room and participant; the others carry them whole."""
    message = WebhookEvent(event=event, id=ids.new("EV_"), created_at=int(time.time()))
    if track:
        message.room.CopyFrom(RoomMessage(sid=room.sid, name=room.name))
        message.track.CopyFrom(track)
        if person:
            message.participant.CopyFrom(ParticipantInfo(sid=person.sid, identity=person.identity))
    else:
        message.room.CopyFrom(room.info())
        if person:
            message.participant.CopyFrom(person.info())
    return message
