"""Changes that do not come from the console: another program with LiveKit's own client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from livekit import api

from tests.people.blocking import People
from tests.servers.server import Server


@dataclass
class Outside:
    """Calls LiveKit in the people's event loop."""

    people: People
    server: Server

    def update(self, room: str, identity: str, **fields: Any) -> api.ParticipantInfo:
        """UpdateParticipant with ``fields``; gives what LiveKit answers."""
        request = api.UpdateParticipantRequest(room=room, identity=identity, **fields)
        answer: api.ParticipantInfo = self._call(lambda livekit: livekit.room.update_participant(request))
        return answer

    def participant(self, room: str, identity: str) -> api.ParticipantInfo:
        """GetParticipant."""
        request = api.RoomParticipantIdentity(room=room, identity=identity)
        answer: api.ParticipantInfo = self._call(lambda livekit: livekit.room.get_participant(request))
        return answer

    def room(self, name: str) -> api.Room | None:
        """The room as ListRooms has it, None when it is not open."""
        request = api.ListRoomsRequest(names=[name])
        found = self._call(lambda livekit: livekit.room.list_rooms(request)).rooms
        return found[0] if found else None

    def create(self, name: str, **fields: Any) -> api.Room:
        """CreateRoom."""
        request = api.CreateRoomRequest(name=name, **fields)
        answer: api.Room = self._call(lambda livekit: livekit.room.create_room(request))
        return answer

    def metadata_of(self, name: str) -> str | None:
        """The metadata of an open room."""
        room = self.room(name)
        return room.metadata if room else None

    def close(self, name: str) -> None:
        """DeleteRoom."""
        self._call(lambda livekit: livekit.room.delete_room(api.DeleteRoomRequest(room=name)))

    def set_room_metadata(self, name: str, metadata: str) -> None:
        """UpdateRoomMetadata."""
        request = api.UpdateRoomMetadataRequest(room=name, metadata=metadata)
        self._call(lambda livekit: livekit.room.update_room_metadata(request))

    def _call(self, call: Callable[[api.LiveKitAPI], Awaitable[Any]]) -> Any:
        async def answer() -> Any:
            async with api.LiveKitAPI(self.server.url, self.server.key, self.server.secret) as livekit:
                return await call(livekit)

        return self.people.do(answer())
