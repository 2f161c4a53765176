"""PerformRpc: calling a method that a client has registered (livekit ``participant.go:PerformRpc``)."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from livekit.protocol import room as messages

from rooms.simulator import limits
from rooms.simulator.errors import TwirpError, inner, nobody_answers
from rooms.simulator.grants import require
from rooms.simulator.state.participant import Participant
from rooms.simulator.state.room import Room
from rooms.simulator.state.world import World

from .reach import ATTEMPT, reach_person

ACKNOWLEDGEMENT = 2.0  # seconds that a client has to acknowledge a call
RESPONSE = 10.0  # seconds that it has to answer, unless the caller says otherwise
PATIENCE = (3.0, 5.0, 7.0)  # seconds of the attempts to reach the node: a slow method is called again (``psrpc``)
LOOK = 0.05  # seconds between two looks whether the client is still there


async def perform_rpc(
    world: World, grant: Mapping[str, Any], request: messages.PerformRpcRequest
) -> messages.PerformRpcResponse:
    """Call a client's method. A client without media cannot even say that it has none."""
    require(grant, roomAdmin=True, room=request.room)
    if not request.destination_identity:
        raise inner("invalid_argument", "destination identity is required")
    room, person = await reach_person(world, request.room, request.destination_identity)
    if limits.size(request.payload) > limits.MAX_RPC_PAYLOAD:
        raise inner("invalid_argument", "RpcError 1402: Request payload too large")
    if not person.active:
        await asyncio.sleep(ACKNOWLEDGEMENT)
        raise inner("canceled", "RpcError 1501: Connection timeout")
    for patience in PATIENCE:
        reply = await _attempt(world, room, person, request, patience)
        if reply is not None:
            return messages.PerformRpcResponse(payload=reply)
    raise inner("deadline_exceeded", "request timed out")


async def _attempt(
    world: World, room: Room, person: Participant, request: messages.PerformRpcRequest, patience: float
) -> str | None:
    """The answer of one call; None when the node was not quick enough. Raises TwirpError."""
    method = person.methods.get(request.method)
    if method is None:
        raise inner("invalid_argument", "RpcError 1400: Method not supported at destination")
    world.memory.tell(room.name, person, "rpc", method=request.method, payload=request.payload)
    response_time = request.response_timeout_ms / 1000 or RESPONSE
    await _wait(room, person, min(method.delay, response_time, patience))
    if method.delay >= patience and response_time >= patience:
        return None
    if method.delay >= response_time:
        raise inner("canceled", "RpcError 1502: Response timeout")
    if method.error:
        raise _application_error(*method.error)
    answer = request.payload if method.answer is None else method.answer
    if limits.size(answer) > limits.MAX_RPC_PAYLOAD:
        raise inner("internal", "RpcError 1504: Response payload too large")
    return answer


async def _wait(room: Room, person: Participant, seconds: float) -> None:
    """Wait for the client; when it leaves, the two attempts that are left find nobody. Raises TwirpError."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        await asyncio.sleep(min(left, LOOK))
        if room.people.get(person.identity) is not person:
            await asyncio.sleep(2 * ATTEMPT)
            raise nobody_answers()


def _application_error(code: int, message: str, data: str) -> TwirpError:
    return inner("internal", f"RpcError {code}: {message}" + (f": {data}" if data else ""))
