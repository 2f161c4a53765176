"""A caller of Twirp methods that hides nothing: status, texts, and both encodings."""

from __future__ import annotations

import dataclasses
import io
import json
import time
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import aiohttp
from google.protobuf import json_format
from google.protobuf.message import Message
from livekit.protocol import models, room

from tests.people.tokens import grants, signed
from tests.servers.server import Server

Encoding = Literal["protobuf", "json"]
ENCODINGS: tuple[Encoding, ...] = ("protobuf", "json")
SERVICE = "/twirp/livekit.RoomService/"
PREFIX = "twirp error unknown: "
CALL_SECONDS = 30.0


class Method(NamedTuple):
    """What a method takes, what it answers, and the grants that it needs."""

    request: type[Message]
    reply: type[Message]
    needs: tuple[str, ...]


METHODS: dict[str, Method] = {
    "CreateRoom": Method(room.CreateRoomRequest, models.Room, ("room_create",)),
    "ListRooms": Method(room.ListRoomsRequest, room.ListRoomsResponse, ("room_list",)),
    "DeleteRoom": Method(room.DeleteRoomRequest, room.DeleteRoomResponse, ("room_create",)),
    "ListParticipants": Method(room.ListParticipantsRequest, room.ListParticipantsResponse, ("room_admin",)),
    "GetParticipant": Method(room.RoomParticipantIdentity, models.ParticipantInfo, ("room_admin",)),
    "RemoveParticipant": Method(room.RoomParticipantIdentity, room.RemoveParticipantResponse, ("room_admin",)),
    "MutePublishedTrack": Method(room.MuteRoomTrackRequest, room.MuteRoomTrackResponse, ("room_admin",)),
    "UpdateParticipant": Method(room.UpdateParticipantRequest, models.ParticipantInfo, ("room_admin",)),
    "UpdateSubscriptions": Method(room.UpdateSubscriptionsRequest, room.UpdateSubscriptionsResponse, ("room_admin",)),
    "SendData": Method(room.SendDataRequest, room.SendDataResponse, ("room_admin",)),
    "UpdateRoomMetadata": Method(room.UpdateRoomMetadataRequest, models.Room, ("room_admin",)),
    "ForwardParticipant": Method(
        room.ForwardParticipantRequest, room.ForwardParticipantResponse, ("room_admin", "destination_room")
    ),
    "MoveParticipant": Method(
        room.MoveParticipantRequest, room.MoveParticipantResponse, ("room_admin", "destination_room")
    ),
    "PerformRpc": Method(room.PerformRpcRequest, room.PerformRpcResponse, ("room_admin",)),
}


class Refusal(NamedTuple):
    """A Twirp error: HTTP status, code, message."""

    status: int
    code: str
    msg: str


NO_PERMISSION = Refusal(401, "unauthenticated", "permissions denied")
NO_PARTICIPANT = Refusal(404, "not_found", PREFIX + "participant does not exist")
NO_ROOM = Refusal(404, "not_found", PREFIX + "requested room does not exist")
NOBODY_ANSWERS = Refusal(503, "unavailable", PREFIX + "no response from servers")


@dataclasses.dataclass(frozen=True)
class Answer:
    """The whole answer to a call. ``seconds`` is how long it took."""

    status: int
    content_type: str
    body: bytes
    reply_type: type[Message]
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The body as text, without the line end of a plain-text error."""
        return self.body.decode(errors="replace").rstrip("\n")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def refusal(self) -> Refusal:
        """The Twirp error in the body; fails when the call succeeded."""
        assert self.status != 200, f"succeeded: {self.body!r}"
        return Refusal(self.status, self.json["code"], self.json["msg"])

    @property
    def meta(self) -> dict[str, str]:
        """The ``meta`` of a Twirp error."""
        return dict(self.json.get("meta") or {})

    @property
    def reply(self) -> Any:
        """The message of a call that succeeded; fails when it did not."""
        assert self.status == 200, f"{self.status} {self.text}"
        if self.content_type == "application/json":
            return json_format.Parse(self.body, self.reply_type())
        return self.reply_type.FromString(self.body)


class Caller:
    """Calls one server in one encoding, over a session of the caller's."""

    def __init__(self, server: Server, encoding: Encoding, http: aiohttp.ClientSession) -> None:
        self.server = server
        self.encoding = encoding
        self.http = http

    async def call(self, method: str, /, *, given: Mapping[str, Any] | None = None, **fields: Any) -> Answer:
        """Call ``method`` with ``fields`` of its request; ``given`` are the token's grants, just enough unless told."""
        request = METHODS[method].request(**fields)
        token = self.token(**(enough(method, request) if given is None else given))
        return await self.send(method, request, headers={"Authorization": f"Bearer {token}"})

    def token(self, **given: Any) -> str:
        """A token with these grants."""
        return signed(self.server, {"sub": "contract", "video": grants(**given)})

    async def send(self, method: str, request: Message, *, headers: Mapping[str, str]) -> Answer:
        """Send ``request`` under ``headers`` and nothing else."""
        if self.encoding == "json":
            body = json_format.MessageToJson(request, preserving_proto_field_name=True).encode()
        else:
            body = request.SerializeToString()
        return await self.post(SERVICE + method, body, METHODS[method].reply, headers=headers)

    async def post(
        self,
        path: str,
        body: bytes,
        reply_type: type[Message] = models.Room,
        *,
        headers: Mapping[str, str],
        http_method: str = "POST",
    ) -> Answer:
        """Send raw bytes to a path. The content type is the encoding's unless ``headers`` has one."""
        sent = {"Content-Type": f"application/{self.encoding}", **headers}
        started = time.monotonic()
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        async with self.http.request(
            http_method, self.server.url + path, data=io.BytesIO(body), headers=sent, timeout=timeout
        ) as answer:
            content = await answer.read()
            content_type = answer.headers.get("Content-Type", "").split(";")[0]
            return Answer(answer.status, content_type, content, reply_type, time.monotonic() - started)


def enough(method: str, request: Any) -> dict[str, Any]:
    """The smallest grants with which ``request`` may be made."""
    given: dict[str, Any] = {}
    for need in METHODS[method].needs:
        if need == "room_admin":
            given |= {"room_admin": True, "room": request.room}
        elif need == "destination_room":
            given["destination_room"] = request.destination_room
        else:
            given[need] = True
    return given
