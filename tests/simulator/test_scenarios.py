"""Scenarios: who is there, that they live, and that they mind what a moderator does."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from livekit import api
from livekit.protocol import models

from tests.simulator.conftest import Starter
from tests.simulator.running import RunningSimulator, eventually

WEBINAR = "autumn-product-webinar"
HAND = "handRaisedAt"
ROOMS = {
    "webinar": WEBINAR,
    "class": "math-9b",
    "support": "support-4711",
    "ingress": "stadium-feed",
    "empty": "green-room",
    "hostile": '<script>alert(1)</script> & "quotes" / slash %2F 🎭',
}
Kind = models.ParticipantInfo.Kind


def kinds(people: dict[str, models.ParticipantInfo]) -> dict[str, int]:
    """How many there are of each kind."""
    names = [Kind.Name(person.kind) for person in people.values()]
    return {name: names.count(name) for name in set(names)}


async def open_scenario(simulator: RunningSimulator, name: str) -> dict[str, models.ParticipantInfo]:
    await simulator.control("POST", "scenario", {"name": name, "seed": 1})
    return await simulator.people(ROOMS[name])


async def test_lively_opens_every_room_before_it_says_ready(start_simulator: Starter) -> None:
    simulator = await start_simulator("--scenario", "lively")
    rooms = {room.name: room for room in (await simulator.rooms.list_rooms(api.ListRoomsRequest())).rooms}
    assert set(rooms) == set(ROOMS.values())
    assert rooms["green-room"].num_participants == 0
    assert rooms["green-room"].metadata
    assert rooms["stadium-feed"].active_recording


async def test_the_webinar_has_speakers_and_an_audience(simulator: RunningSimulator) -> None:
    people = await open_scenario(simulator, "webinar")
    speakers = [person for person in people.values() if person.tracks]
    audience = [person for person in people.values() if "ticket" in person.attributes]
    assert (len(speakers), len(audience)) == (6, 200)
    assert not any(person.permission.can_publish for person in audience)
    assert kinds(people) == {"STANDARD": 207, "AGENT": 1}
    assert people["captions"].name == "Captions"
    assert people["support-desk"].permission.hidden
    hands = [person.attributes[HAND] for person in audience if HAND in person.attributes]
    assert hands
    for raised_at in hands:
        offset = datetime.fromisoformat(raised_at).utcoffset()
        assert offset is not None
        assert offset.total_seconds() == 0


async def test_the_other_casts(simulator: RunningSimulator) -> None:
    assert kinds(await open_scenario(simulator, "class")) == {"STANDARD": 25}
    support = await open_scenario(simulator, "support")
    assert kinds(support) == {"AGENT": 1, "SIP": 1, "STANDARD": 1}
    (caller,) = (person for person in support.values() if person.kind == Kind.Value("SIP"))
    assert caller.attributes["sip.phoneNumber"].startswith("+")
    ingress = await open_scenario(simulator, "ingress")
    assert kinds(ingress) == {"INGRESS": 1, "EGRESS": 1, "STANDARD": 30}
    (recorder,) = (person for person in ingress.values() if person.kind == Kind.Value("EGRESS"))
    assert (recorder.permission.hidden, recorder.permission.recorder) == (True, True)
    assert await open_scenario(simulator, "empty") == {}


async def test_the_hostile_cast(simulator: RunningSimulator) -> None:
    people = await open_scenario(simulator, "hostile")
    facts = [person.SerializeToString() for person in people.values()]
    for nasty in (b"<script>", b"onerror=", "\u202e".encode(), b"\x00inside", b"/../%2F"):
        assert any(nasty in fact for fact in facts)
    assert any(person.name == "" for person in people.values())
    assert any(len(person.attributes) == 40 for person in people.values())
    assert any("" in person.attributes for person in people.values())
    assert any(len(person.identity.encode()) == 256 for person in people.values())
    room = await simulator.room(ROOMS["hostile"])
    assert room is not None
    with pytest.raises(json.JSONDecodeError):
        json.loads(room.metadata)


async def test_a_seed_gives_the_same_people_again(simulator: RunningSimulator) -> None:
    casts = []
    for _ in range(2):
        people = await open_scenario(simulator, "webinar")
        casts.append(
            {
                identity: (person.name, person.attributes["lang"])
                for identity, person in people.items()
                if "lang" in person.attributes
            }
        )
        await simulator.control("POST", "reset")
    assert casts[0] == casts[1]


async def test_an_unknown_scenario_is_404(simulator: RunningSimulator) -> None:
    async with simulator.http.post(simulator.url + "/control/scenario", json={"name": "opera"}) as answer:
        assert answer.status == 404


async def test_people_live(start_simulator: Starter) -> None:
    simulator = await start_simulator("--scenario", "webinar", "--speed", "30", "--seed", "5")
    before = await simulator.people(WEBINAR)

    async def happened() -> set[str]:
        now = await simulator.people(WEBINAR)
        seen = {"joined"} if set(now) - set(before) else set()
        seen |= {"left"} if set(before) - set(now) else set()
        both = [(before[identity], now[identity]) for identity in set(before) & set(now)]
        raised = [(HAND in old.attributes, HAND in new.attributes) for old, new in both]
        seen |= {"hand up"} if (False, True) in raised else set()
        seen |= {"hand down"} if (True, False) in raised else set()
        mutes = [{track.sid: track.muted for track in person.tracks} for pair in both for person in pair]
        seen |= {"mute"} if any(old != new for old, new in zip(mutes[::2], mutes[1::2], strict=True)) else set()
        return seen

    wanted = {"joined", "left", "hand up", "hand down", "mute"}
    everything: set[str] = set()

    async def gathered() -> set[str]:
        everything.update(await happened())
        return everything

    await eventually(gathered, lambda seen: seen == wanted, within=20)


async def test_a_promoted_listener_speaks_and_lowers_the_hand(start_simulator: Starter) -> None:
    simulator = await start_simulator("--scenario", "webinar", "--speed", "10", "--seed", "2")
    people = await simulator.people(WEBINAR)
    listener = next(person for person in people.values() if HAND in person.attributes)
    listener.permission.can_publish = True
    request = api.UpdateParticipantRequest(room=WEBINAR, identity=listener.identity, permission=listener.permission)
    await simulator.rooms.update_participant(request)
    speaking = await eventually(
        lambda: simulator.person(WEBINAR, listener.identity),
        lambda person: person.tracks and HAND not in person.attributes,
    )
    assert [track.source for track in speaking.tracks] == [models.MICROPHONE]


async def test_some_of_those_removed_come_back(start_simulator: Starter) -> None:
    simulator = await start_simulator("--scenario", "class", "--speed", "60", "--seed", "1")
    removed = {identity for identity in await simulator.people("math-9b") if identity != "frau.brandt"}
    for identity in removed:
        await simulator.rooms.remove_participant(api.RoomParticipantIdentity(room="math-9b", identity=identity))
    await eventually(lambda: simulator.people("math-9b"), lambda now: len(removed & set(now)) > 3)


async def test_a_room_that_was_closed_fills_again(start_simulator: Starter) -> None:
    simulator = await start_simulator("--scenario", "class", "--speed", "60")
    first = await simulator.room("math-9b")
    await simulator.rooms.delete_room(api.DeleteRoomRequest(room="math-9b"))
    again = await eventually(lambda: simulator.room("math-9b"))
    assert first is not None
    assert again is not None
    assert again.sid != first.sid
    assert len(await simulator.people("math-9b")) == 25


async def test_a_stopped_scenario_stands_still_and_its_empty_room_closes(start_simulator: Starter) -> None:
    simulator = await start_simulator("--scenario", "empty,webinar", "--speed", "60", "--empty-timeout", "1")
    await simulator.control("DELETE", "scenario")
    versions = {person.sid: person.version for person in (await simulator.people(WEBINAR)).values()}
    await eventually(lambda: simulator.room("green-room"), lambda room: room is None)
    assert {person.sid: person.version for person in (await simulator.people(WEBINAR)).values()} == versions


async def test_a_room_opened_again_with_a_limit_harms_no_scenario(start_simulator: Starter) -> None:
    simulator = await start_simulator("--scenario", "webinar", "--speed", "60")
    await simulator.rooms.delete_room(api.DeleteRoomRequest(room=WEBINAR))
    await simulator.rooms.create_room(api.CreateRoomRequest(name=WEBINAR, max_participants=3))
    people = await eventually(lambda: simulator.people(WEBINAR), lambda now: len(now) == 3)
    before = {person.sid: person.version for person in people.values()}

    async def versions() -> dict[str, int]:
        return {person.sid: person.version for person in (await simulator.people(WEBINAR)).values()}

    await eventually(versions, lambda now: now != before)
