"""RoomService methods for the people in a room (livekit ``roomservice.go``, ``roommanager.go``)."""

import time
from collections.abc import Mapping
from typing import Any

from livekit.protocol import room as messages
from livekit.protocol.models import DisconnectReason, ParticipantInfo

from rooms.simulator import limits
from rooms.simulator.errors import inner, over_limit
from rooms.simulator.grants import require
from rooms.simulator.state import changes, ids
from rooms.simulator.state.world import World
from rooms.simulator.wire import ListReply

from .reach import reach_person, stored_person

REVOKE_AHEAD = 60  # seconds after now that Cloud revokes without revoke_token_ts


async def list_participants(
    world: World, grant: Mapping[str, Any], request: messages.ListParticipantsRequest
) -> ListReply:
    """Everybody in the room, hidden ones too; an unknown room is an empty list."""
    require(grant, roomAdmin=True, room=request.room)
    room = world.rooms.get(request.room)
    return ListReply("participants", ids.shuffled(room.people.values()) if room else [])


async def get_participant(
    world: World, grant: Mapping[str, Any], request: messages.RoomParticipantIdentity
) -> ParticipantInfo:
    """One person."""
    require(grant, roomAdmin=True, room=request.room)
    return stored_person(world, request.room, request.identity)[1].info()


async def remove_participant(
    world: World, grant: Mapping[str, Any], request: messages.RoomParticipantIdentity
) -> messages.RemoveParticipantResponse:
    """End a session. Only Cloud refuses the person's older tokens afterwards."""
    require(grant, roomAdmin=True, room=request.room)
    room, person = stored_person(world, request.room, request.identity)
    if world.manner.cloud:
        revoked_before = request.revoke_token_ts or int(time.time()) + REVOKE_AHEAD
        world.revoked[room.name, person.identity] = revoked_before
    world.leave(room, person, DisconnectReason.PARTICIPANT_REMOVED)
    return messages.RemoveParticipantResponse()


async def update_participant(
    world: World, grant: Mapping[str, Any], request: messages.UpdateParticipantRequest
) -> ParticipantInfo:
    """Name, metadata, attributes, permission, in this order; sizes are checked before the grant."""
    if limits.size(request.name) > limits.MAX_NAME:
        raise over_limit(limits.NAME_TEXT, limits.MAX_NAME)
    if limits.size(request.metadata) > limits.MAX_METADATA:
        raise over_limit(limits.METADATA_TEXT, limits.MAX_METADATA)
    if limits.attributes_size(request.attributes) > limits.MAX_ATTRIBUTES:
        raise over_limit(limits.ATTRIBUTES_TEXT, limits.MAX_ATTRIBUTES)
    require(grant, roomAdmin=True, room=request.room)
    room, person = stored_person(world, request.room, request.identity)
    changes.set_name(world, room, person, request.name)
    changes.set_metadata(world, room, person, request.metadata)
    changes.merge_attributes(world, room, person, request.attributes)
    if request.HasField("permission"):
        changes.set_permission(world, room, person, request.permission)
    return person.info()


async def mute_published_track(
    world: World, grant: Mapping[str, Any], request: messages.MuteRoomTrackRequest
) -> messages.MuteRoomTrackResponse:
    """Mute or ask to unmute; a track that is not there is an empty answer, not an error."""
    require(grant, roomAdmin=True, room=request.room)
    room, person = await reach_person(world, request.room, request.identity)
    if not request.muted and not world.manner.unmutes:
        raise inner("failed_precondition", "remote unmute not enabled")
    track = changes.set_muted(world, room, person, request.track_sid, request.muted, by_api=True)
    return messages.MuteRoomTrackResponse(track=track)


async def update_subscriptions(
    world: World, grant: Mapping[str, Any], request: messages.UpdateSubscriptionsRequest
) -> messages.UpdateSubscriptionsResponse:
    """Accepted for anybody who is there, and for tracks that are not; subscriptions show nowhere in the API."""
    require(grant, roomAdmin=True, room=request.room)
    room, person = await reach_person(world, request.room, request.identity)
    sids = [*request.track_sids, *(sid for tracks in request.participant_tracks for sid in tracks.track_sids)]
    room.audience.want(person, sids, subscribe=request.subscribe)
    return messages.UpdateSubscriptionsResponse()
