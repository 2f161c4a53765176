"""A person on a real server who speaks LiveKit's signalling only, and never sends or receives media.

Cheap (a thousand join in seconds), listed as JOINED, and thrown out by the server after 60 s. Unlike the rtc SDK it
shows every answer of the server, such as NOT_ALLOWED.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
from livekit.protocol import models, rtc

from tests.people.person import Experience, JoinRefused, Person, Track
from tests.servers.server import Server

PROTOCOL = "16"
KEPT_UPDATES = 200  # a thousand people hear of a thousand


class SignallingPerson(Person):
    """Joins through a WebSocket to /rtc. ``others`` is everybody as last told, ``updates`` the newest in order."""

    def __init__(self, server: Server, room: str, identity: str, token: str) -> None:
        super().__init__(room, identity, token)
        self._url = server.url.rstrip("/") + "/rtc"
        self._http = aiohttp.ClientSession()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._happened: list[Experience] = []
        self._newest_token = token
        self.joined: rtc.JoinResponse | None = None
        self.others: dict[str, models.ParticipantInfo] = {}
        self.updates: deque[models.ParticipantInfo] = deque(maxlen=KEPT_UPDATES)

    async def connect(self) -> None:
        """Go in and wait for the server's welcome. Raises JoinRefused with status 0."""
        query = {"access_token": self.token, "protocol": PROTOCOL, "auto_subscribe": "0", "sdk": "python"}
        try:
            self._socket = await self._http.ws_connect(self._url, params=query, max_msg_size=0)
            welcome = await self._socket.receive(timeout=10)
        except aiohttp.WSServerHandshakeError as error:
            await self._http.close()
            raise JoinRefused(error.status, "") from error
        if welcome.type is not aiohttp.WSMsgType.BINARY:
            await self._http.close()
            raise JoinRefused(0, "the socket closed before a welcome")
        self.joined = rtc.SignalResponse.FromString(welcome.data).join
        self.sid = self.joined.participant.sid
        self.others = {other.identity: other for other in self.joined.other_participants}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._socket is not None
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self._heard(rtc.SignalResponse.FromString(message.data))

    def _heard(self, response: rtc.SignalResponse) -> None:
        which = response.WhichOneof("message")
        if which == "refresh_token":
            self._newest_token = response.refresh_token
            self._note("token_refreshed", refresh_token=response.refresh_token)
        elif which == "update":
            self.updates.extend(response.update.participants)
            for participant in response.update.participants:
                self.others[participant.identity] = participant
        elif which == "room_update":
            self._note("room_metadata_changed", metadata=response.room_update.room.metadata)
        elif which == "mute":
            self._note("muted" if response.mute.muted else "unmute_asked", track_sid=response.mute.sid)
        elif which == "request_response" and response.request_response.reason:
            self.refused.append(rtc.RequestResponse.Reason.Name(response.request_response.reason))
        elif which == "leave":
            self._note("removed", reason=models.DisconnectReason.Name(response.leave.reason))

    def _note(self, event: str, **details: Any) -> None:
        self._happened.append(Experience(event, details))

    async def _say(self, request: rtc.SignalRequest) -> None:
        assert self._socket is not None
        await self._socket.send_bytes(request.SerializeToString())

    async def _publish(self, track: Track) -> str:
        raise TypeError("a signalling-only person has no media to publish")

    async def unpublish(self, track_sid: str) -> None:
        raise TypeError("a signalling-only person has no tracks")

    async def mute(self, track_sid: str) -> None:
        raise TypeError("a signalling-only person has no tracks")

    async def unmute(self, track_sid: str) -> None:
        raise TypeError("a signalling-only person has no tracks")

    async def send_data(self, data: bytes, *, topic: str = "", to: Sequence[str] = ()) -> None:
        raise TypeError("a signalling-only person has no data channel")

    async def answer_rpc(
        self, method: str, answer: str | None = None, *, delay: float = 0.0, error: tuple[int, str, str] | None = None
    ) -> None:
        raise TypeError("a signalling-only person has no data channel")

    async def stop_answering_rpc(self, method: str) -> None:
        raise TypeError("a signalling-only person has no data channel")

    async def receives(self, track_sid: str) -> bool:
        return False

    async def set_name(self, name: str) -> None:
        await self._say(rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(name=name, request_id=1)))

    async def set_metadata(self, metadata: str) -> None:
        update = rtc.UpdateParticipantMetadata(metadata=metadata, request_id=2)
        await self._say(rtc.SignalRequest(update_metadata=update))

    async def set_attributes(self, attributes: Mapping[str, str]) -> None:
        update = rtc.UpdateParticipantMetadata(attributes=attributes, request_id=3)
        await self._say(rtc.SignalRequest(update_metadata=update))

    async def leave(self) -> None:
        if self._socket is not None and not self._socket.closed:
            leave = rtc.LeaveRequest(reason=models.CLIENT_INITIATED)
            await self._say(rtc.SignalRequest(leave=leave))
        await self.lose_connection()

    async def lose_connection(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._http.close()

    async def experienced(self) -> list[Experience]:
        return list(self._happened)

    async def newest_token(self) -> str:
        return self._newest_token
