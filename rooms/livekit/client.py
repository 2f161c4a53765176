"""Calls to LiveKit's RoomService: plain data in, snapshots out. Every one raises LiveKitError and nothing else.

Each call carries a token of a minute with just the grants that it needs (livekit.md 2.2), and has a deadline of
CALL_SECONDS. What the methods answer for rooms and people that are not there: livekit.md 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.json_format import ParseDict, ParseError
from livekit.protocol import models
from livekit.protocol import room as messages

from rooms.livekit.connection import Connection, base_of
from rooms.livekit.errors import NotLiveKit, Refused
from rooms.livekit.grants import VideoGrants
from rooms.livekit.probe import ProbeResult, probe
from rooms.livekit.sessions import aclose
from rooms.livekit.snapshots import Participant, Permission, Room, Track
from rooms.livekit.transport import CALL_SECONDS, call, deadline, request
from rooms.livekit.wire import participant_from, participants_from, permission_to, room_from, rooms_from, track_from

__all__ = [
    "CALL_SECONDS",
    "Connection",
    "ProbeResult",
    "aclose",
    "base_of",
    "create_room",
    "deadline",
    "delete_room",
    "forward_participant",
    "get_participant",
    "list_participants",
    "list_rooms",
    "move_participant",
    "mute_published_track",
    "probe",
    "remove_participant",
    "send_data",
    "update_participant",
    "update_room_metadata",
    "update_subscriptions",
]


async def list_rooms(
    connection: Connection, names: Sequence[str] = (), previous: Mapping[str, Room] | None = None
) -> dict[str, Room]:
    """The rooms by name, or those of ``names``; an unchanged one of ``previous`` keeps its snapshot object."""
    query = request(messages.ListRoomsRequest, names=list(names))
    reply = await call(connection, VideoGrants(room_list=True), lambda service: service.list_rooms(query), reads=True)
    return rooms_from(reply.rooms, previous)


async def list_participants(
    connection: Connection, room: str, previous: Mapping[str, Participant] | None = None
) -> dict[str, Participant]:
    """The people of a room by identity, none for an unknown room; unchanged ones of ``previous`` keep their object."""
    query = request(messages.ListParticipantsRequest, room=room)
    reply = await call(connection, _admin(room), lambda service: service.list_participants(query), reads=True)
    return participants_from(reply.participants, previous)


async def get_participant(connection: Connection, room: str, identity: str) -> Participant:
    """One participant. Raises Gone when there is none, also when there is no such room."""
    query = request(messages.RoomParticipantIdentity, room=room, identity=identity)
    return _participant(
        await call(connection, _admin(room), lambda service: service.get_participant(query), reads=True)
    )


async def create_room(connection: Connection, **fields: Any) -> Room:
    """Create a room from fields of CreateRoomRequest; ``egress`` and each of ``agents`` as mappings in LiveKit's JSON.

    Timeouts in seconds, playout delays in milliseconds. A room that is live comes back as it was and the settings are
    ignored (livekit.md 2.6): compare the reply. Raises Refused for limits and for JSON that is no such message.
    """
    nested = {name: fields.pop(name) for name in ("egress", "agents") if fields.get(name)}
    create = request(messages.CreateRoomRequest, **{name: value for name, value in fields.items() if value is not None})
    try:
        ParseDict(nested, create)
    except ParseError as error:
        raise Refused(
            f"LiveKit would not understand this: {str(error).splitlines()[0]}", title="Not a message of LiveKit's"
        ) from None
    return _room(await call(connection, VideoGrants(room_create=True), lambda service: service.create_room(create)))


async def delete_room(connection: Connection, room: str) -> None:
    """Close a room: everybody in it is disconnected. Raises Gone when it is not there."""
    delete = request(messages.DeleteRoomRequest, room=room)
    await call(connection, VideoGrants(room_create=True), lambda service: service.delete_room(delete))


async def update_room_metadata(connection: Connection, room: str, metadata: str) -> Room:
    """Replace a room's metadata; the empty string clears it."""
    update = request(messages.UpdateRoomMetadataRequest, room=room, metadata=metadata)
    return _room(await call(connection, _admin(room), lambda service: service.update_room_metadata(update)))


async def update_participant(
    connection: Connection,
    room: str,
    identity: str,
    *,
    name: str = "",
    metadata: str = "",
    attributes: Mapping[str, str] | None = None,
    permission: Permission | None = None,
) -> Participant:
    """Change a participant and return it as it is afterwards (livekit.md 3.1).

    An empty name or metadata changes nothing; attributes merge, and an empty value deletes its key; a permission
    replaces all ten fields. Raises Gone when the participant is not there.
    """
    update = request(
        messages.UpdateParticipantRequest,
        room=room,
        identity=identity,
        name=name,
        metadata=metadata,
        attributes=dict(attributes or {}),
    )
    if permission is not None:
        update.permission.CopyFrom(_permission(permission))
    return _participant(await call(connection, _admin(room), lambda service: service.update_participant(update)))


async def mute_published_track(
    connection: Connection, room: str, identity: str, track_sid: str, muted: bool
) -> Track | None:
    """Mute a track, or ask for it to be unmuted; the returned track is the truth, None says that it is gone.

    Raises RemoteUnmuteOff where the server does not allow ``muted=False``; Gone (503 after three seconds) when the
    participant is not there (livekit.md 3.6, 2.5).
    """
    mute = request(messages.MuteRoomTrackRequest, room=room, identity=identity, track_sid=track_sid, muted=muted)
    reply = await call(connection, _admin(room), lambda service: service.mute_published_track(mute))
    return track_from(reply.track) if reply.HasField("track") and reply.track.sid else None


async def remove_participant(connection: Connection, room: str, identity: str, revoke_token_ts: int = 0) -> None:
    """Disconnect a participant. Raises Gone when they are not there.

    ``revoke_token_ts`` (seconds since 1970): LiveKit Cloud refuses tokens of before; other servers ignore it, and the
    token stays valid (livekit.md 5.6).
    """
    remove = request(messages.RoomParticipantIdentity, room=room, identity=identity, revoke_token_ts=revoke_token_ts)
    await call(connection, _admin(room), lambda service: service.remove_participant(remove))


async def move_participant(connection: Connection, room: str, identity: str, destination_room: str) -> None:
    """Move a participant to another room. Raises NotSupported on open-source servers, Refused for the same room."""
    move = request(messages.MoveParticipantRequest, room=room, identity=identity, destination_room=destination_room)
    await call(connection, _admin(room, destination_room), lambda service: service.move_participant(move))


async def forward_participant(connection: Connection, room: str, identity: str, destination_room: str) -> None:
    """Show a participant in another room as well. Raises as `move_participant` does."""
    forward = request(
        messages.ForwardParticipantRequest, room=room, identity=identity, destination_room=destination_room
    )
    await call(connection, _admin(room, destination_room), lambda service: service.forward_participant(forward))


async def send_data(
    connection: Connection,
    room: str,
    data: bytes,
    *,
    topic: str | None = None,
    reliable: bool = True,
    destination_identities: Sequence[str] = (),
) -> None:
    """Hand a data packet to the room, or to some of its people; success does not say that it arrived."""
    kind = models.DataPacket.Kind.RELIABLE if reliable else models.DataPacket.Kind.LOSSY
    to = list(destination_identities)
    send = request(messages.SendDataRequest, room=room, data=data, kind=kind, destination_identities=to)
    if topic:
        send.topic = topic
    await call(connection, _admin(room), lambda service: service.send_data(send))


async def update_subscriptions(
    connection: Connection, room: str, identity: str, track_sids: Sequence[str], subscribe: bool
) -> None:
    """Subscribe a participant to tracks, or unsubscribe; it takes effect later and unknown sids are accepted."""
    update = request(
        messages.UpdateSubscriptionsRequest,
        room=room,
        identity=identity,
        track_sids=list(track_sids),
        subscribe=subscribe,
    )
    await call(connection, _admin(room), lambda service: service.update_subscriptions(update))


def _admin(room: str, destination_room: str = "") -> VideoGrants:
    return VideoGrants(room_admin=True, room=room, destination_room=destination_room)


def _permission(permission: Permission) -> models.ParticipantPermission:
    try:
        return permission_to(permission)
    except (ValueError, TypeError) as error:
        raise Refused(f"This cannot be sent to LiveKit: {error}", title="A value does not fit") from None


# An empty body is a legal message, and what some other server may answer with 200.
def _participant(proto: models.ParticipantInfo) -> Participant:
    if not proto.sid:
        raise NotLiveKit("The answer holds no participant", status=200)
    return participant_from(proto)


def _room(proto: models.Room) -> Room:
    if not proto.sid:
        raise NotLiveKit("The answer holds no room", status=200)
    return room_from(proto)
