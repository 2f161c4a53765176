"""One function for each verb of the registry; the only code that changes anything in LiveKit."""

from collections.abc import Awaitable, Callable

from rooms.moderation.actions import departures, participants, rooms, tracks
from rooms.moderation.actions.deed import Outcome

Action = Callable[..., Awaitable[Outcome]]

ACTIONS: dict[str, Action] = {
    "promote": participants.promote,
    "return_to_audience": participants.return_to_audience,
    "permission": participants.set_permission,
    "name": participants.set_name,
    "metadata": participants.set_metadata,
    "attributes": participants.set_attributes,
    "send_data": participants.send_data,
    "move": departures.move,
    "forward": departures.forward,
    "remove": departures.remove,
    "mute": tracks.mute,
    "unmute": tracks.unmute,
    "create_room": rooms.create_room,
    "room_metadata": rooms.set_metadata,
    "send_room_data": rooms.send_data,
    "close_room": rooms.close_room,
}
