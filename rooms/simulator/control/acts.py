"""What a participant may do by itself, and how the server refuses it (livekit ``participant.go``)."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from livekit.protocol.models import DisconnectReason, TrackInfo, TrackSource

from rooms.simulator import limits
from rooms.simulator.errors import ActRefused
from rooms.simulator.grants import may_publish
from rooms.simulator.state import changes
from rooms.simulator.state.participant import Participant, RpcMethod
from rooms.simulator.state.room import Room
from rooms.simulator.state.tracks import TrackPlan
from rooms.simulator.state.world import World
from rooms.simulator.wire import to_plain

Body = Mapping[str, Any]
Act = Callable[[World, Room, Participant, Body], dict[str, Any]]


def perform(world: World, body: Body) -> dict[str, Any]:
    """Do ``body["do"]`` as ``body["identity"]`` in ``body["room"]``, or only as the session ``body["sid"]``.

    A client that was moved acts where it is now.

    Raises ActRefused.
    """
    act = ACTS.get(str(body.get("do")))
    if act is None:
        raise ActRefused(400, "INVALID_REQUEST", f"do is one of {', '.join(ACTS)}")
    found = world.follow(str(body.get("room")), str(body.get("identity")))
    if found is None or body.get("sid", found[1].sid) != found[1].sid:
        raise ActRefused(404, "NOT_FOUND", "participant does not exist")
    return act(world, *found, body)


def publish(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{source, name?, muted?, width?, height?, mime_type?, simulcast?} -> {"track", "track_sid"}."""
    name = str(body.get("source") or "unknown").upper()
    source = dict(TrackSource.items()).get(name)
    if source is None:
        raise ActRefused(400, "INVALID_REQUEST", f"no source is called {body.get('source')}")
    if not may_publish(person.permission, source):
        raise ActRefused(403, "NOT_ALLOWED", "does not have permission to publish own track")
    plan = TrackPlan(
        source=source,
        name=body.get("name"),
        muted=bool(body.get("muted")),
        width=body.get("width"),
        height=body.get("height"),
        mime_type=body.get("mime_type"),
        simulcast=body.get("simulcast"),
    )
    track = changes.publish(world, room, person, plan)
    return {"track": to_plain(track), "track_sid": track.sid}


def unpublish(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{track_sid}."""
    world.take_down(room, person, _own_track(person, body))
    return {}


def mute(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{track_sid} -> {"track"}."""
    return _set_muted(world, room, person, body, True)


def unmute(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{track_sid} -> {"track"}."""
    return _set_muted(world, room, person, body, False)


def set_name(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{name}."""
    update_self(world, room, person, body["name"], "", {})
    return {}


def set_metadata(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{metadata}."""
    update_self(world, room, person, "", body["metadata"], {})
    return {}


def set_attributes(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{attributes}: merged, an empty value deletes."""
    update_self(world, room, person, "", "", body["attributes"])
    return {}


def update_self(
    world: World, room: Room, person: Participant, name: str, metadata: str, attributes: Mapping[str, str]
) -> None:
    """All three at once, as a client's signalling does. Raises ActRefused before anything has changed."""
    _may_update(person)
    for size, limit, words in (
        (limits.size(name), limits.MAX_NAME, "name length"),
        (limits.size(metadata), limits.MAX_METADATA, "metadata size"),
        (limits.attributes_size(attributes), limits.MAX_ATTRIBUTES, "attributes size"),
    ):
        if size > limit:
            raise ActRefused(400, "LIMIT_EXCEEDED", f"exceeds {words} limit")
    changes.set_name(world, room, person, name)
    changes.set_metadata(world, room, person, metadata)
    changes.merge_attributes(world, room, person, attributes)


def send_data(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{data (base64), topic?, destination_identities?} -> {"delivered"}; without the right it goes nowhere."""
    if not person.permission.can_publish_data:
        return {"delivered": 0}
    delivered = changes.send_data(
        world,
        room,
        base64.b64decode(body["data"], validate=True),
        topic=str(body.get("topic") or ""),
        identities=set(body.get("destination_identities") or ()),
        sender=person.identity,
    )
    return {"delivered": delivered}


def register_method(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{method, answer? (default: what it is sent), delay?, error?: {code, message, data}}: answer PerformRpc."""
    error = body.get("error")
    person.methods[str(body["method"])] = RpcMethod(
        answer=body.get("answer"),
        delay=float(body.get("delay") or 0),
        error=(int(error["code"]), str(error["message"]), str(error.get("data") or "")) if error else None,
    )
    return {}


def unregister_method(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """{method}."""
    person.methods.pop(str(body["method"]), None)
    return {}


def leave(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """Leave for good."""
    world.leave(room, person, DisconnectReason.CLIENT_INITIATED)
    return {}


def lose_connection(world: World, room: Room, person: Participant, body: Body) -> dict[str, Any]:
    """Vanish as when the network does; the server's patience is taken as over."""
    reason = DisconnectReason.CONNECTION_TIMEOUT if person.active else DisconnectReason.SIGNAL_CLOSE
    world.leave(room, person, reason)
    return {}


ACTS: Mapping[str, Act] = {
    act.__name__: act
    for act in (
        publish,
        unpublish,
        mute,
        unmute,
        set_name,
        set_metadata,
        set_attributes,
        send_data,
        register_method,
        unregister_method,
        leave,
        lose_connection,
    )
}


def _set_muted(world: World, room: Room, person: Participant, body: Body, muted: bool) -> dict[str, Any]:
    track = _own_track(person, body)
    changes.set_muted(world, room, person, track.sid, muted, by_api=False)
    return {"track": to_plain(track)}


def _own_track(person: Participant, body: Body) -> TrackInfo:
    track = person.tracks.get(str(body.get("track_sid")))
    if track is None:
        raise ActRefused(404, "NOT_FOUND", "track is not found")
    return track


def _may_update(person: Participant) -> None:
    if not person.permission.can_update_metadata:
        raise ActRefused(403, "NOT_ALLOWED", "does not have permission to update own metadata")
