"""Delivery of webhooks: order, several addresses, retries."""

from __future__ import annotations

import functools

from livekit import api

from tests.simulator.conftest import Starter
from tests.simulator.receiver import receiving
from tests.simulator.running import eventually

LIFE = [
    "room_started",
    "participant_joined",
    "track_published",
    "track_unpublished",
    "participant_left",
    "room_finished",
]


async def test_every_address_gets_the_whole_life_in_order(start_simulator: Starter) -> None:
    async with receiving() as first, receiving() as second:
        simulator = await start_simulator("--webhook", first.url, "--webhook", second.url)
        for room in ("talk", "walk"):
            await simulator.join(room, "ana", name="Ana")
            sid = await simulator.publish(room, "ana", "microphone")
            mute = api.MuteRoomTrackRequest(room=room, identity="ana", track_sid=sid, muted=True)
            await simulator.rooms.mute_published_track(mute)
            await simulator.rooms.delete_room(api.DeleteRoomRequest(room=room))
        for receiver in (first, second):
            for room in ("talk", "walk"):
                told = await eventually(functools.partial(receiver.told, room), lambda told: len(told) >= len(LIFE))
                assert told == LIFE
        assert len({event.id for event in first.events}) == len(first.events)
        by_name = {event.event: event for event in first.events}
        assert by_name["participant_left"].participant.disconnect_reason == api.DisconnectReason.ROOM_DELETED
        assert by_name["participant_joined"].participant.name == "Ana"
        assert by_name["track_published"].participant.name == ""
        assert by_name["track_unpublished"].track.muted


async def test_a_refusal_is_tried_again_and_the_room_waits(start_simulator: Starter) -> None:
    async with receiving() as receiver:
        receiver.answers = [503]
        simulator = await start_simulator("--webhook", receiver.url)
        await simulator.rooms.create_room(api.CreateRoomRequest(name="talk"))
        await simulator.join("talk", "ana")
        await eventually(lambda: receiver.told("talk"), lambda told: told == LIFE[:2])
        assert receiver.deliveries == 3


async def test_a_client_error_is_not_tried_again(start_simulator: Starter) -> None:
    async with receiving() as receiver:
        receiver.answers = [404, 501]
        simulator = await start_simulator("--webhook", receiver.url)
        await simulator.join("talk", "ana")
        await simulator.act("talk", "ana", "leave")
        await eventually(lambda: receiver.told("talk"), lambda told: told == ["participant_left"])
        assert receiver.deliveries == 3


async def test_nobody_listening_harms_nothing(start_simulator: Starter) -> None:
    async with receiving() as receiver:
        gone = receiver.url
    simulator = await start_simulator("--webhook", gone)
    await simulator.join("talk", "ana")
    assert set(await simulator.people("talk")) == {"ana"}


async def test_a_session_without_media_is_aborted(start_simulator: Starter) -> None:
    async with receiving() as receiver:
        simulator = await start_simulator("--webhook", receiver.url)
        await simulator.control("POST", "join", {"token": simulator.token("talk", "ana"), "media": False})
        await simulator.act("talk", "ana", "lose_connection")
        events = ["room_started", "participant_connection_aborted"]
        await eventually(lambda: receiver.told("talk"), lambda told: told == events)
        assert receiver.events[-1].participant.disconnect_reason == api.DisconnectReason.SIGNAL_CLOSE
