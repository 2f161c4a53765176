"""Acts on a room: create, metadata, data, close."""

from collections.abc import Mapping, Sequence
from typing import Any

from rooms.livekit import client
from rooms.livekit.errors import LiveKitError, Unverified
from rooms.livekit.snapshots import Room
from rooms.models import Project
from rooms.moderation.access import Actor
from rooms.moderation.actions.deed import ConflictError, Declined, Deed, Outcome, perform, room_deed
from rooms.moderation.digests import digest

EXISTED = "A room of this name was open already. LiveKit gave it back as it is and ignored the settings that you chose."


async def create_room(
    project: Project, name: str, fields: Mapping[str, Any], *, actor: Actor, reason: str = ""
) -> Outcome:
    """Open a room. ``fields`` are those of CreateRoomRequest besides the name. A room that is open already comes back
    unchanged with its settings (livekit.md 2.6); the outcome says so."""

    async def work(deed: Deed) -> None:
        existing = await _listed(deed)
        deed.before = _facts(existing) if existing else None
        room = await deed.send(client.create_room(deed.connection, name=name, **fields))
        deed.room_snapshot = room
        deed.after = _facts(room)
        if existing is not None and existing.sid == room.sid:
            deed.advice.append(EXISTED)
        elif room.name != name:
            raise Unverified(f"The room is called “{room.name}”")

    return await perform(room_deed(project, "create_room", name, actor, reason), work)


async def set_metadata(
    project: Project, room: str, metadata: str, *, base: str, actor: Actor, reason: str = ""
) -> Outcome:
    """Replace a room's metadata; empty clears it. ``base`` is the `digest` of what the form was opened on."""

    async def work(deed: Deed) -> None:
        now = await _listed(deed)
        if now is not None:
            if now.metadata != metadata and digest(now.metadata) != base:
                raise ConflictError({"metadata": now.metadata})
            deed.before = {"metadata": now.metadata}
        deed.after = {"metadata": metadata}
        after = await deed.send(client.update_room_metadata(deed.connection, room, metadata))
        deed.room_snapshot = after
        deed.after = {"metadata": after.metadata}
        if after.metadata != metadata:
            raise Unverified("The metadata is not what was sent")

    return await perform(room_deed(project, "room_metadata", room, actor, reason), work)


async def send_data(
    project: Project,
    room: str,
    data: bytes,
    *,
    topic: str,
    reliable: bool,
    identities: Sequence[str] = (),
    actor: Actor,
    reason: str = "",
) -> Outcome:
    """Hand ``data`` to everybody in the room, or to ``identities`` only. LiveKit does not say whether it arrives."""

    async def work(deed: Deed) -> None:
        deed.after = {"topic": topic, "reliable": reliable, "bytes": len(data), "to": list(identities) or "everybody"}
        await deed.send(
            client.send_data(
                deed.connection, room, data, topic=topic, reliable=reliable, destination_identities=list(identities)
            )
        )

    return await perform(room_deed(project, "send_room_data", room, actor, reason), work)


async def close_room(project: Project, room: str, *, actor: Actor, reason: str = "") -> Outcome:
    """Delete a room: everybody is disconnected. Whoever holds a token may open a new room of the same name."""

    async def work(deed: Deed) -> None:
        if project.reason_required and not reason.strip():
            raise Declined("This project asks for a reason before removing somebody or closing a room.")
        now = await _listed(deed)
        deed.before = _facts(now) if now else None
        await deed.send(client.delete_room(deed.connection, room))
        deed.closed = True

    return await perform(room_deed(project, "close_room", room, actor, reason), work)


async def _listed(deed: Deed) -> Room | None:
    """The room as LiveKit lists it now, or None."""
    try:
        rooms = await client.list_rooms(deed.connection, names=[deed.room])
    except LiveKitError as error:
        error.uncertain = False
        raise
    return rooms.get(deed.room)


def _facts(room: Room) -> dict[str, Any]:
    return {
        "sid": room.sid,
        "people": room.num_participants,
        "max_participants": room.max_participants,
        "empty_timeout": room.empty_timeout,
        "departure_timeout": room.departure_timeout,
        "metadata": room.metadata,
    }
