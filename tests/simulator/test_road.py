"""The whole road with the official client."""

from __future__ import annotations

import pytest
from livekit import api
from livekit.protocol import models

from tests.simulator.conftest import Starter
from tests.simulator.running import RunningSimulator, eventually


async def test_a_listener_is_promoted_muted_edited_and_removed(simulator: RunningSimulator) -> None:
    await simulator.rooms.create_room(api.CreateRoomRequest(name="talk", metadata="m"))
    await simulator.join("talk", "ana", {"canPublish": False}, name="Ana", attributes={"lang": "pt"})
    listener = await simulator.person("talk", "ana")
    assert (listener.name, dict(listener.attributes), listener.permission.can_publish) == ("Ana", {"lang": "pt"}, False)

    permission = models.ParticipantPermission()
    permission.CopyFrom(listener.permission)
    permission.can_publish = True
    request = api.UpdateParticipantRequest(room="talk", identity="ana", permission=permission, attributes={"lang": ""})
    promoted = await simulator.rooms.update_participant(request)
    assert (promoted.permission, dict(promoted.attributes)) == (permission, {})
    assert promoted.version > listener.version

    sid = await simulator.publish("talk", "ana", "microphone")
    mute = api.MuteRoomTrackRequest(room="talk", identity="ana", track_sid=sid, muted=True)
    assert (await simulator.rooms.mute_published_track(mute)).track.muted
    assert (await simulator.person("talk", "ana")).is_publisher

    await simulator.rooms.remove_participant(api.RoomParticipantIdentity(room="talk", identity="ana"))
    assert await simulator.people("talk") == {}
    await simulator.rooms.delete_room(api.DeleteRoomRequest(room="talk"))
    assert await simulator.room("talk") is None


async def test_numbers_may_follow_joins_and_leaves_at_once(start_simulator: Starter) -> None:
    undelayed = await start_simulator("--counts-interval", "0")
    await undelayed.join("talk", "ana")
    await undelayed.join("talk", "watcher", {"hidden": True})
    await undelayed.join("talk", "worker", kind="agent")
    await undelayed.join("talk", "tape", {"recorder": True, "hidden": True})
    await undelayed.publish("talk", "ana", "camera")
    room = await undelayed.room("talk")
    assert room is not None
    assert (room.num_participants, room.num_publishers, room.active_recording) == (2, 1, True)
    for identity in ("tape", "ana"):
        await undelayed.act("talk", identity, "leave")
    room = await undelayed.room("talk")
    assert room is not None
    assert (room.num_participants, room.num_publishers, room.active_recording) == (1, 0, False)


async def test_nothing_comes_in_a_stable_order(simulator: RunningSimulator) -> None:
    for number in range(12):
        await simulator.join(f"room-{number}", "ana")
        await simulator.join("many", f"person-{number}")
    for source in ("camera", "microphone", "screen_share", "screen_share_audio"):
        await simulator.publish("many", "person-0", source)

    async def orders() -> list[tuple[str, ...]]:
        rooms = (await simulator.rooms.list_rooms(api.ListRoomsRequest())).rooms
        people = (await simulator.rooms.list_participants(api.ListParticipantsRequest(room="many"))).participants
        tracks = next(person for person in people if person.identity == "person-0").tracks
        return [
            tuple(room.name for room in rooms),
            tuple(person.identity for person in people),
            tuple(track.sid for track in tracks),
        ]

    first = await orders()
    for place in range(3):

        def is_another(seen: list[tuple[str, ...]], place: int = place) -> bool:
            return seen[place] != first[place]

        again = await eventually(orders, is_another)
        assert sorted(again[place]) == sorted(first[place])


async def test_a_version_names_a_state(simulator: RunningSimulator) -> None:
    await simulator.join("talk", "ana", {"canUpdateOwnMetadata": True})
    versions = [(await simulator.person("talk", "ana")).version]
    sid = await simulator.publish("talk", "ana", "microphone")
    for do, details in (
        ("mute", {"track_sid": sid}),
        ("unmute", {"track_sid": sid}),
        ("set_name", {"name": "Ana"}),
        ("set_attributes", {"attributes": {"a": "1"}}),
        ("set_attributes", {"attributes": {"a": "1"}}),
        ("unpublish", {"track_sid": sid}),
    ):
        versions.append((await simulator.person("talk", "ana")).version)
        await simulator.act("talk", "ana", do, **details)
    versions.append((await simulator.person("talk", "ana")).version)
    assert versions == sorted(set(versions))
    assert (await simulator.person("talk", "ana")).version == versions[-1]


@pytest.mark.parametrize(
    ("option", "stays"),
    [("--empty-timeout", False), ("--departure-timeout", True)],
    ids=["nobody came", "everybody left"],
)
async def test_idle_rooms_close(start_simulator: Starter, option: str, stays: bool) -> None:
    simulator = await start_simulator(option, "1")
    if stays:
        await simulator.join("talk", "ana")
        await simulator.join("talk", "worker", kind="agent")
        await simulator.act("talk", "ana", "leave")
    else:
        await simulator.rooms.create_room(api.CreateRoomRequest(name="talk"))
    await eventually(lambda: simulator.room("talk"), lambda room: room is None)
    if stays:
        (removed,) = await simulator.experienced("talk", "worker", "removed")
        assert removed["reason"] == "ROOM_CLOSED"


async def test_a_person_keeps_a_room_open(start_simulator: Starter) -> None:
    simulator = await start_simulator("--empty-timeout", "1", "--departure-timeout", "1")
    await simulator.join("talk", "ana")
    await simulator.join("quiet", "worker", kind="agent")
    await eventually(lambda: simulator.room("quiet"), lambda room: room is None)
    assert await simulator.room("talk") is not None
