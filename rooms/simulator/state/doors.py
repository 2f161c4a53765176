"""The ways into a room: with a join token, and on Cloud by being moved or forwarded."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from livekit.protocol.models import DisconnectReason, ParticipantInfo

from rooms.simulator import limits
from rooms.simulator.auth import Caller
from rooms.simulator.errors import PlainRefusal, no_permissions
from rooms.simulator.grants import permission_from_grant

from . import changes
from .participant import Participant, Profile
from .room import Room, RoomSettings
from .world import RoomFull, World

TOKEN_REFRESH = 300  # seconds between two refreshed tokens (``tokenRefreshInterval``)
_FORWARDED = ParticipantInfo.KindDetail.FORWARDED


@dataclass(frozen=True)
class Wish:
    """What a client asks for besides its token: metadata and attributes of its own, a second session to publish."""

    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    publish: str = ""


def require_video(caller: Caller | None) -> Caller:
    """The caller, if the token has any video grant. Raises PlainRefusal."""
    if caller is None or caller.claims.get("video") is None:
        raise no_permissions()
    return caller


NO_WISH = Wish()


def admit(world: World, caller: Caller | None, wish: Wish = NO_WISH) -> Caller:
    """The caller, if the token opens its room. Raises PlainRefusal with the answers of LiveKit's ``/rtc`` door."""
    caller = require_video(caller)
    video = caller.video
    if not video.get("roomJoin"):
        raise PlainRefusal(401, "permissions denied")
    if not caller.identity:
        raise PlainRefusal(400, "identity cannot be empty")
    if limits.size(caller.identity) > limits.MAX_IDENTITY:
        text = f"participant identity length exceeds limits: max length {limits.MAX_IDENTITY}"
        raise PlainRefusal(400, text)
    name = str(video.get("room") or "")
    if not name:
        raise PlainRefusal(400, "no room name")
    if limits.size(name) > limits.MAX_ROOM_NAME:
        raise PlainRefusal(400, f"room name length exceeds limits: max length {limits.MAX_ROOM_NAME}")
    if int(caller.claims.get("nbf") or 0) < world.revoked.get((name, caller.identity), 0):
        raise PlainRefusal(401, "token has been revoked")
    if wish.publish and video.get("canPublish") is False:
        raise no_permissions()
    if not (world.manner.auto_create or video.get("roomCreate") or name in world.rooms):
        raise PlainRefusal(404, "requested room does not exist")
    if (wish.metadata or wish.attributes) and not video.get("canUpdateOwnMetadata"):
        raise no_permissions()
    return caller


def join(world: World, caller: Caller | None, wish: Wish = NO_WISH, *, active: bool = True) -> tuple[Room, Participant]:
    """Let the holder of a token in, without media unless ``active``. Raises PlainRefusal.

    Past the door the real server only says that the media side hung up, be it for a full room or too much metadata.
    """
    caller = admit(world, caller, wish)
    hung_up = PlainRefusal(500, "connection closed by media")
    claims, name = caller.claims, caller.video["room"]
    profile = _wished(Profile.from_claims(claims, caller.identity), wish)
    if not active:
        profile = replace(profile, client_protocol=0, capabilities=())  # nothing but signalling says nothing of itself
    too_big = (
        limits.size(profile.metadata) > limits.MAX_METADATA
        or limits.attributes_size(profile.attributes) > limits.MAX_ATTRIBUTES
    )
    if too_big or (claims.get("roomPreset") and name not in world.rooms):
        raise hung_up
    room = world.create_room(name, _settings(claims.get("roomConfig") or {}))
    try:
        person = world.enter(room, profile, active=active)
    except RoomFull:
        raise hung_up from None
    if active:
        room.audience.add(person, partial(world.memory.tell, room.name, person))
    asyncio.get_running_loop().call_later(TOKEN_REFRESH, _refresh_regularly, world, room, person)
    return room, person


def _refresh_regularly(world: World, room: Room, person: Participant) -> None:
    """Hand out a new token every TOKEN_REFRESH seconds while the session lasts."""
    if room.people.get(person.identity) is person:
        changes.refresh_token(world, room, person)
        asyncio.get_running_loop().call_later(TOKEN_REFRESH, _refresh_regularly, world, room, person)


def move(world: World, room: Room, person: Participant, destination: str) -> Participant:
    """Take a person with all tracks to another room. Raises RoomFull."""
    target = world.create_room(destination, RoomSettings())
    profile = _as_now(person)
    tracks, is_publisher = dict(person.tracks), person.is_publisher
    moved = world.enter(target, profile, joined_at_ms=person.joined_at_ms)
    world.leave(room, person, DisconnectReason.MIGRATION)
    moved.adopt(tracks, is_publisher)
    world.changed(target, moved, counts=True)
    for track in tracks.values():
        world.announce("track_published", target, moved, track)
    world.moved[room.name, person.identity] = destination
    for where, session in ((room.name, person), (destination, moved)):
        world.memory.tell(where, session, "moved", room=destination)
    return moved


def forward(world: World, person: Participant, destination: str) -> Participant:
    """Show a person in another room too, until they leave or are removed there. Raises RoomFull."""
    target = world.create_room(destination, RoomSettings())
    profile = replace(_as_now(person), kind_details=[*person.kind_details, _FORWARDED])
    copy = world.enter(target, profile)
    world.add_copy(person, target, copy)
    copy.imitate(person)
    world.changed(target, copy, counts=True)
    for track in copy.tracks.values():
        world.announce("track_published", target, copy, track)
    return copy


def _settings(config: dict[str, Any]) -> RoomSettings:
    return RoomSettings(
        empty_timeout=int(config.get("emptyTimeout") or 0),
        departure_timeout=int(config.get("departureTimeout") or 0),
        max_participants=int(config.get("maxParticipants") or 0),
        metadata=config.get("metadata") or "",
    )


def _wished(profile: Profile, wish: Wish) -> Profile:
    """What the client asks for goes before the token; an empty attribute deletes none. A second session only sends."""
    attributes = profile.attributes | {key: value for key, value in wish.attributes.items() if value}
    profile = replace(profile, metadata=wish.metadata or profile.metadata, attributes=attributes)
    if wish.publish:
        video = {**profile.video, "canSubscribe": False}
        identity = f"{profile.identity}#{wish.publish}"
        profile = replace(profile, identity=identity, video=video, permission=permission_from_grant(video))
    return profile


def _as_now(person: Participant) -> Profile:
    return replace(
        person.profile,
        name=person.name,
        metadata=person.metadata,
        attributes=dict(person.attributes),
        video=person.video,
        permission=person.permission,
    )
