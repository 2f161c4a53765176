"""RoomService methods for whole rooms (livekit ``roomservice.go``)."""

import asyncio
from collections.abc import Mapping
from typing import Any

from livekit.protocol import room as messages
from livekit.protocol.models import DataPacket, DisconnectReason
from livekit.protocol.models import Room as RoomMessage

from rooms.simulator import limits
from rooms.simulator.errors import TwirpError, inner, over_limit, room_missing
from rooms.simulator.grants import require
from rooms.simulator.state import changes, ids
from rooms.simulator.state.room import RoomSettings
from rooms.simulator.state.world import World
from rooms.simulator.wire import ListReply

from .reach import reach_room

EGRESS_WAIT = 10.0  # seconds that LiveKit waits for an egress service that is not there


async def create_room(world: World, grant: Mapping[str, Any], request: messages.CreateRoomRequest) -> RoomMessage:
    """Open a room, or return the live one with its old settings."""
    require(grant, roomCreate=True)
    if limits.size(request.name) > limits.MAX_ROOM_NAME:
        raise inner("invalid_argument", f"room name length exceeds limits: max length {limits.MAX_ROOM_NAME}")
    _check_metadata(request.metadata)
    for agent in request.agents:
        _check_metadata(agent.metadata)
        if limits.attributes_size(agent.attributes) > limits.MAX_ATTRIBUTES:
            raise over_limit(limits.ATTRIBUTES_TEXT, limits.MAX_ATTRIBUTES)
    if request.name not in world.rooms:
        if request.HasField("egress"):
            await asyncio.sleep(EGRESS_WAIT)
            raise TwirpError("canceled", "canceled")
        if request.room_preset:
            raise inner("invalid_argument", "unknown room configuration in create room request")
    settings = RoomSettings(
        request.empty_timeout, request.departure_timeout, request.max_participants, request.metadata
    )
    return world.create_room(request.name, settings).info()


async def list_rooms(world: World, grant: Mapping[str, Any], request: messages.ListRoomsRequest) -> ListReply:
    """All rooms or those named; no paging, no order."""
    require(grant, roomList=True)
    names = set(request.names)
    chosen = [room for room in world.rooms.values() if not names or room.name in names]
    return ListReply("rooms", ids.shuffled(chosen))


async def delete_room(
    world: World, grant: Mapping[str, Any], request: messages.DeleteRoomRequest
) -> messages.DeleteRoomResponse:
    """Close a room by name; its people get ROOM_DELETED."""
    require(grant, roomCreate=True)
    room = world.rooms.get(request.room)
    if room is None:
        raise room_missing()
    world.close_room(room, DisconnectReason.ROOM_DELETED)
    return messages.DeleteRoomResponse()


async def update_room_metadata(
    world: World, grant: Mapping[str, Any], request: messages.UpdateRoomMetadataRequest
) -> RoomMessage:
    """Replace the room's metadata; the size is checked before the grant."""
    _check_metadata(request.metadata)
    require(grant, roomAdmin=True, room=request.room)
    room = world.rooms.get(request.room)
    if room is None:
        raise room_missing()
    changes.set_room_metadata(world, room, request.metadata)
    return room.info()


async def send_data(
    world: World, grant: Mapping[str, Any], request: messages.SendDataRequest
) -> messages.SendDataResponse:
    """Hand data to the room; a nonce that was seen already is dropped in silence."""
    require(grant, roomAdmin=True, room=request.room)
    if request.nonce and len(request.nonce) != limits.NONCE_SIZE:
        text = f"nonce should be 16-bytes or not present, got: {len(request.nonce)} bytes"
        raise TwirpError("invalid_argument", text)
    room = await reach_room(world, request.room)
    if changes.first_sight(room, request.nonce):
        changes.send_data(
            world,
            room,
            request.data,
            topic=request.topic,
            identities=set(request.destination_identities),
            sids=set(request.destination_sids),
            lossy=request.kind == DataPacket.Kind.LOSSY,
        )
    return messages.SendDataResponse()


def _check_metadata(metadata: str) -> None:
    if limits.size(metadata) > limits.MAX_METADATA:
        raise over_limit(limits.METADATA_TEXT, limits.MAX_METADATA)
