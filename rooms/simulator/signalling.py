"""The WebSocket of ``/rtc``: a session of signalling only. A client hears of the others and changes itself.

Whatever leads to media (offers, tracks, subscriptions) is taken and not answered: there is none here.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from google.protobuf.message import DecodeError
from livekit.protocol.models import Codec, DisconnectReason, ParticipantInfo, ServerInfo
from livekit.protocol.models import Room as RoomMessage
from livekit.protocol.rtc import (
    JoinResponse,
    LeaveRequest,
    MuteTrackRequest,
    ParticipantUpdate,
    Pong,
    RequestResponse,
    RoomUpdate,
    SignalRequest,
    SignalResponse,
    UpdateParticipantMetadata,
)

from .auth import Caller, Keys
from .control import acts
from .errors import ActRefused
from .grants import refresh_token
from .rtc import read_wish
from .state import doors, ids
from .state.participant import Participant
from .state.room import CODECS, Room
from .state.world import World
from .wire import dumps

VERSION = "1.13.5"
PROTOCOL = 17
PING_INTERVAL, PING_TIMEOUT = 5, 15  # seconds
_NODE = ids.new("ND_")


class Line:
    """What the server says to one client, in its order."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._waiting: asyncio.Queue[SignalResponse | None] = asyncio.Queue()
        self.speaks_json = False

    def updated(self, people: list[ParticipantInfo]) -> None:
        """People are different now."""
        self.say(update=ParticipantUpdate(participants=people))

    def room_updated(self, room: RoomMessage) -> None:
        """The Room message has been written anew."""
        self.say(room_update=RoomUpdate(room=room))

    def told(self, event: str, details: Mapping[str, Any]) -> None:
        """What a person experiences, as far as signalling carries it."""
        if event == "token_refreshed":
            self.say(refresh_token=refresh_token(details["claims"], *self._keys.first))
        elif event in ("muted", "unmute_asked"):
            self.say(mute=MuteTrackRequest(sid=details["track_sid"], muted=event == "muted"))
        elif event == "removed":
            self.say(leave=LeaveRequest(reason=details["reason"]))

    def close(self) -> None:
        """Say what waits, and nothing after it."""
        self._waiting.put_nowait(None)

    def say(self, **message: Any) -> None:
        """Send one message of SignalResponse."""
        self._waiting.put_nowait(SignalResponse(**message))

    async def pass_on(self, socket: web.WebSocketResponse) -> None:
        """Send until the line is closed, then close the socket."""
        with suppress(ConnectionError):
            while (message := await self._waiting.get()) is not None:
                if self.speaks_json:
                    await socket.send_str(dumps(MessageToDict(message)))
                else:
                    await socket.send_bytes(message.SerializeToString())
        await socket.close()


def is_upgrade(request: web.Request) -> bool:
    """Whether the request asks for a WebSocket."""
    asked = request.headers.get("Connection", "").lower()
    return "upgrade" in asked and request.headers.get("Upgrade", "").lower() == "websocket"


async def serve(request: web.Request, caller: Caller | None, world: World, keys: Keys) -> web.WebSocketResponse:
    """Let a client in and speak with it until either goes. Raises PlainRefusal."""
    doors.require_video(caller)
    wish = read_wish(request.query, must_join=request.path == "/rtc/v1", strict=False)
    room, person = doors.join(world, caller, wish, active=False)
    socket = web.WebSocketResponse()
    line = Line(keys)
    line.say(join=_welcome(room, person))
    line.say(refresh_token=refresh_token(person.claims(), *keys.first))
    person.line = line
    room.audience.connect(person)
    room.record.told = room.spread
    await socket.prepare(request)
    speaking = asyncio.create_task(line.pass_on(socket))
    try:
        async for message in socket:
            if message.type in (WSMsgType.BINARY, WSMsgType.TEXT):
                # From its first text on, a client is answered in JSON.
                line.speaks_json = line.speaks_json or message.type is WSMsgType.TEXT
                _heard(world, room, person, line, message.data)
    finally:
        person.line = None
        world.leave(room, person, DisconnectReason.SIGNAL_CLOSE)
        line.close()
        await speaking
    return socket


def _heard(world: World, room: Room, person: Participant, line: Line, data: bytes | str) -> None:
    """React to one message; one that cannot be read is passed over."""
    try:
        if isinstance(data, str):
            request = Parse(data, SignalRequest(), ignore_unknown_fields=True)
        else:
            request = SignalRequest.FromString(data)
    except (DecodeError, ParseError):
        return
    which = request.WhichOneof("message")
    now = time.time_ns() // 1_000_000
    if which == "leave":
        world.leave(room, person, DisconnectReason.CLIENT_INITIATED)
    elif which == "update_metadata":
        _update(world, room, person, line, request.update_metadata)
    elif which == "ping":
        line.say(pong=now)
    elif which == "ping_req":
        line.say(pong_resp=Pong(last_ping_timestamp=request.ping_req.timestamp, timestamp=now))


def _update(world: World, room: Room, person: Participant, line: Line, wanted: UpdateParticipantMetadata) -> None:
    """Change one's own name, metadata and attributes, and hear whether that was allowed."""
    reason, words = "OK", ""
    try:
        acts.update_self(world, room, person, wanted.name, wanted.metadata, wanted.attributes)
    except ActRefused as refusal:
        reason, words = refusal.error, refusal.message
    answer = RequestResponse(request_id=wanted.request_id, reason=reason, message=words, update_metadata=wanted)
    line.say(request_response=answer)


def _welcome(room: Room, person: Participant) -> JoinResponse:
    """The first message: the room, oneself, and the others who are not hidden."""
    me = person.info()
    me.state = ParticipantInfo.State.JOINING
    others = [each.info() for each in room.people.values() if each is not person and not each.permission.hidden]
    return JoinResponse(
        room=room.info(),
        participant=me,
        other_participants=others,
        server_version=VERSION,
        subscriber_primary=True,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        server_info=ServerInfo(version=VERSION, protocol=PROTOCOL, node_id=_NODE, agent_protocol=1),
        sif_trailer=ids.new("", 43).encode(),
        enabled_publish_codecs=[Codec(mime=mime) for mime in CODECS if not mime.endswith("rtx")],
        fast_publish=person.permission.can_publish,
    )
