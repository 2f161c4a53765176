"""The methods of livekit.RoomService: what each checks, in LiveKit's order, and what it answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from livekit.protocol import room as messages

from rooms.simulator.state.world import World
from rooms.simulator.wire import Reply

from . import elsewhere, people, rooms, rpc

Grant = Mapping[str, Any]
Handler = Callable[[World, Grant, Any], Awaitable[Reply]]


@dataclass(frozen=True)
class Method:
    """The message a method reads and the function that answers it."""

    request: type[Message]
    handle: Handler


METHODS: Mapping[str, Method] = {
    "CreateRoom": Method(messages.CreateRoomRequest, rooms.create_room),
    "ListRooms": Method(messages.ListRoomsRequest, rooms.list_rooms),
    "DeleteRoom": Method(messages.DeleteRoomRequest, rooms.delete_room),
    "UpdateRoomMetadata": Method(messages.UpdateRoomMetadataRequest, rooms.update_room_metadata),
    "SendData": Method(messages.SendDataRequest, rooms.send_data),
    "ListParticipants": Method(messages.ListParticipantsRequest, people.list_participants),
    "GetParticipant": Method(messages.RoomParticipantIdentity, people.get_participant),
    "RemoveParticipant": Method(messages.RoomParticipantIdentity, people.remove_participant),
    "UpdateParticipant": Method(messages.UpdateParticipantRequest, people.update_participant),
    "MutePublishedTrack": Method(messages.MuteRoomTrackRequest, people.mute_published_track),
    "UpdateSubscriptions": Method(messages.UpdateSubscriptionsRequest, people.update_subscriptions),
    "ForwardParticipant": Method(messages.ForwardParticipantRequest, elsewhere.forward_participant),
    "MoveParticipant": Method(messages.MoveParticipantRequest, elsewhere.move_participant),
    "PerformRpc": Method(messages.PerformRpcRequest, rpc.perform_rpc),
}
