"""RoomService methods that reach beyond the room: move and forward."""

from collections.abc import Mapping
from typing import Any, Protocol

from livekit.protocol import room as messages
from livekit.protocol.models import ParticipantInfo

from rooms.simulator.errors import TwirpError, inner
from rooms.simulator.grants import require
from rooms.simulator.state import doors
from rooms.simulator.state.participant import Participant
from rooms.simulator.state.room import Room
from rooms.simulator.state.world import RoomFull, World

from .reach import reach_person

_IMMOVABLE = frozenset([ParticipantInfo.Kind.EGRESS, ParticipantInfo.Kind.AGENT])


class Journey(Protocol):
    """The fields that move and forward requests share."""

    room: str
    identity: str
    destination_room: str


async def forward_participant(
    world: World, grant: Mapping[str, Any], request: messages.ForwardParticipantRequest
) -> messages.ForwardParticipantResponse:
    """Show a person in another room too (Cloud)."""
    _, person = await _traveller(world, grant, request)
    try:
        doors.forward(world, person, request.destination_room)
    except RoomFull:
        raise _destination_full() from None
    return messages.ForwardParticipantResponse()


async def move_participant(
    world: World, grant: Mapping[str, Any], request: messages.MoveParticipantRequest
) -> messages.MoveParticipantResponse:
    """Take a person to another room (Cloud)."""
    room, person = await _traveller(world, grant, request)
    if person.kind in _IMMOVABLE:
        raise inner("failed_precondition", "participant client version does not support moving")
    try:
        doors.move(world, room, person, request.destination_room)
    except RoomFull:
        raise _destination_full() from None
    return messages.MoveParticipantResponse()


async def _traveller(world: World, grant: Mapping[str, Any], request: Journey) -> tuple[Room, Participant]:
    """The checks that move and forward share; the open-source server stops after them."""
    require(grant, roomAdmin=True, room=request.room, destinationRoom=request.destination_room)
    if request.room == request.destination_room:
        argument = "destination room cannot be the same as source room"
        raise TwirpError("invalid_argument", f"{argument} ", {"argument": argument})
    found = await reach_person(world, request.room, request.identity)
    if not world.manner.cloud:
        raise inner("unknown", "not implemented")
    return found


def _destination_full() -> TwirpError:
    return inner("resource_exhausted", "destination room is full")
