"""Changes to people and rooms, made through the API or by the people themselves (livekit ``participant.go``)."""

import base64
from collections.abc import Collection, Mapping

from livekit.protocol.models import ParticipantPermission, TrackInfo

from rooms.simulator.wire import to_plain

from .participant import Participant
from .room import Room
from .tracks import TrackPlan
from .world import World

KEPT_NONCES = 1000


def set_name(world: World, room: Room, person: Participant, name: str) -> None:
    """Replace the name; "" leaves it, as it cannot be cleared."""
    if name and name != person.name:
        person.name = name
        world.changed(room, person, counts=True)
        world.memory.tell(room.name, person, "name_changed", name=name)
        refresh_token(world, room, person)


def set_metadata(world: World, room: Room, person: Participant, metadata: str) -> None:
    """Replace the metadata; "" leaves it, as it cannot be cleared."""
    if metadata and metadata != person.metadata:
        person.metadata = metadata
        world.changed(room, person, counts=True)
        world.memory.tell(room.name, person, "metadata_changed", metadata=metadata)
        refresh_token(world, room, person)


def merge_attributes(world: World, room: Room, person: Participant, attributes: Mapping[str, str]) -> None:
    """Merge the attributes. Equal values are broadcast all the same, as LiveKit does."""
    if attributes:
        person.merge_attributes(attributes)
        world.changed(room, person, counts=True)
        details = {"attributes": dict(person.attributes), "changed": dict(attributes)}
        world.memory.tell(room.name, person, "attributes_changed", **details)
        refresh_token(world, room, person)


def set_permission(world: World, room: Room, person: Participant, permission: ParticipantPermission) -> None:
    """Replace the whole permission and take down the tracks that are no longer allowed."""
    fallen = person.set_permission(permission)
    if fallen is None:
        return
    world.changed(room, person, counts=True)
    world.memory.tell(room.name, person, "permission_changed", **to_plain(permission))
    for track in fallen:
        world.take_down(room, person, track)
    refresh_token(world, room, person)


def set_muted(
    world: World, room: Room, person: Participant, track_sid: str, muted: bool, *, by_api: bool
) -> TrackInfo | None:
    """Mute or unmute one track. Returns it as it is now, None when the person has no such track.

    Through the API the person is told even of a track that is not there (``SetTrackMuted``).
    """
    if by_api:
        event = "muted" if muted else "unmute_asked"
        world.memory.tell(room.name, person, event, track_sid=track_sid)
    track = person.tracks.get(track_sid)
    if track and track.muted != muted:
        track.muted = muted
        world.changed(room, person)
    return track


def publish(world: World, room: Room, person: Participant, plan: TrackPlan) -> TrackInfo:
    """Publish a track; the caller has checked that it is allowed."""
    was_publisher = person.is_publisher
    track = person.publish(plan)
    world.changed(room, person, counts=was_publisher != person.is_publisher)
    world.announce("track_published", room, person, track)
    return track


def set_room_metadata(world: World, room: Room, metadata: str) -> None:
    """Replace the room's metadata; "" clears it."""
    room.metadata = metadata
    room.record.settle()
    for person in room.people.values():
        world.memory.tell(room.name, person, "room_metadata_changed", metadata=metadata)


def send_data(
    world: World,
    room: Room,
    data: bytes,
    *,
    topic: str,
    identities: Collection[str] = (),
    sids: Collection[str] = (),
    sender: str | None = None,
    lossy: bool = False,
) -> int:
    """Hand ``data`` to everybody but the sender, or to the people listed. Returns how many got it."""
    details = {"data": base64.b64encode(data).decode(), "topic": topic, "sender": sender, "lossy": lossy}
    addressed = bool(identities or sids)
    reached = [
        person
        for person in room.people.values()
        if (person.identity in identities or person.sid in sids if addressed else person.identity != sender)
    ]
    for person in reached:
        world.memory.tell(room.name, person, "data", **details)
    return len(reached)


def first_sight(room: Room, nonce: bytes) -> bool:
    """Whether this nonce is new to the room; an empty one always is."""
    if not nonce:
        return True
    if nonce in room.nonces:
        return False
    room.nonces[nonce] = None
    if len(room.nonces) > KEPT_NONCES:
        del room.nonces[next(iter(room.nonces))]
    return True


def refresh_token(world: World, room: Room, person: Participant) -> None:
    """The server hands out a new token after each change of claims; it is signed when somebody asks for it."""
    world.memory.tell(room.name, person, "token_refreshed", claims=person.claims())
