"""The control address lets people in as LiveKit's /rtc door does."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from livekit import api
from livekit.protocol import models

from tests.simulator.conftest import Starter
from tests.simulator.running import KEY, SECRET, Refused, RunningSimulator


async def refusal(simulator: RunningSimulator, token: str) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        await simulator.control("POST", "join", {"token": token})
    return refused.value.status, refused.value.body


def token_of(claims: dict[str, Any]) -> str:
    return jwt.encode({"iss": KEY, "exp": time.time() + 60, **claims}, SECRET, algorithm="HS256")


JOIN = {"roomJoin": True, "room": "talk"}


@pytest.mark.parametrize(
    ("claims", "status", "text"),
    [
        ({"sub": "ana"}, 401, "no permissions to access the room"),
        ({"sub": "ana", "video": {}}, 401, "permissions denied"),
        ({"sub": "ana", "video": {"room": "talk"}}, 401, "permissions denied"),
        ({"video": JOIN}, 400, "identity cannot be empty"),
        ({"sub": "ana", "video": {"roomJoin": True}}, 400, "no room name"),
        ({"sub": "i" * 257, "video": JOIN}, 400, "participant identity length exceeds limits: max length 256"),
        (
            {"sub": "ana", "video": {"roomJoin": True, "room": "é" * 129}},
            400,
            "room name length exceeds limits: max length 256",
        ),
        ({"sub": "ana", "video": JOIN, "metadata": "m" * 524_289}, 500, "connection closed by media"),
        ({"sub": "ana", "video": JOIN, "attributes": {"k": "v" * 65_536}}, 500, "connection closed by media"),
        ({"sub": "ana", "video": JOIN, "roomPreset": "unknown"}, 500, "connection closed by media"),
    ],
)
async def test_refusals(simulator: RunningSimulator, claims: dict[str, Any], status: int, text: str) -> None:
    assert await refusal(simulator, token_of(claims)) == (status, text)
    assert await simulator.room("talk") is None


async def test_no_token_and_a_bad_one(simulator: RunningSimulator) -> None:
    assert await refusal(simulator, "") == (401, "no permissions to access the room")
    assert await refusal(simulator, "x") == (401, "invalid authorization token")
    forged = jwt.encode({"iss": KEY, "sub": "ana", "video": JOIN}, SECRET + "!", algorithm="HS256")
    status, text = await refusal(simulator, forged)
    assert (status, text) == (401, f"invalid token: {forged}, error: token signature is invalid: signature is invalid")


async def test_a_full_room(simulator: RunningSimulator) -> None:
    await simulator.rooms.create_room(api.CreateRoomRequest(name="talk", max_participants=1))
    await simulator.join("talk", "ana", {"hidden": True})
    full = await refusal(simulator, simulator.token("talk", "bo"))
    assert full == (500, "connection closed by media")
    await simulator.join("talk", "worker", kind="agent")
    await simulator.join("talk", "ana")
    assert set(await simulator.people("talk")) == {"ana", "worker"}


async def test_without_auto_create_the_room_has_to_be_there(start_simulator: Starter) -> None:
    simulator = await start_simulator("--no-auto-create")
    assert await refusal(simulator, simulator.token("talk", "ana")) == (404, "requested room does not exist")
    await simulator.join("talk", "maker", {"roomCreate": True})
    await simulator.join("talk", "ana")


async def test_the_token_tells_who_comes(simulator: RunningSimulator) -> None:
    joined = await simulator.join(
        "talk",
        "worker",
        {"canPublishSources": ["microphone", "nonsense"], "canSubscribeMetrics": True},
        name="Worker",
        metadata="m",
        attributes={"a": "1"},
        kind="agent",
        kindDetails=["cloud_agent", "unheard_of"],
    )
    worker = await simulator.person("talk", "worker")
    assert (worker.sid, worker.state) == (joined["sid"], models.ParticipantInfo.ACTIVE)
    assert (worker.name, worker.metadata, dict(worker.attributes)) == ("Worker", "m", {"a": "1"})
    assert worker.kind == models.ParticipantInfo.AGENT
    assert list(worker.kind_details) == [models.ParticipantInfo.CLOUD_AGENT]
    assert worker.permission == models.ParticipantPermission(
        can_subscribe=True,
        can_publish=True,
        can_publish_data=True,
        can_publish_sources=[models.MICROPHONE, models.UNKNOWN],
        can_subscribe_metrics=True,
    )


@pytest.mark.parametrize(
    ("granted", "publish", "subscribe", "data"),
    [
        ({}, True, True, True),
        ({"canPublish": False}, False, True, False),
        ({"canPublish": False, "canPublishData": True}, False, True, True),
        ({"canSubscribe": False}, True, False, True),
    ],
)
async def test_unset_grants_have_their_defaults(
    simulator: RunningSimulator, granted: dict[str, bool], publish: bool, subscribe: bool, data: bool
) -> None:
    await simulator.join("talk", "ana", granted)
    may = (await simulator.person("talk", "ana")).permission
    assert (may.can_publish, may.can_subscribe, may.can_publish_data) == (publish, subscribe, data)
    assert [may.can_update_metadata, may.hidden, may.recorder, may.agent] == [False] * 4


async def test_the_first_one_in_configures_the_room(simulator: RunningSimulator) -> None:
    config = {"maxParticipants": 7, "departureTimeout": 3, "metadata": "by token"}
    await simulator.join("talk", "ana", roomConfig=config)
    await simulator.join("talk", "bo", roomConfig={"maxParticipants": 1})
    room = await simulator.room("talk")
    assert room is not None
    assert (room.max_participants, room.departure_timeout, room.empty_timeout) == (7, 3, 300)
    assert room.metadata == "by token"


@pytest.mark.parametrize("asked", [{"state": "JOINED"}, {"media": False}], ids=str)
async def test_signalling_only(simulator: RunningSimulator, asked: dict[str, Any]) -> None:
    await simulator.control("POST", "join", {"token": simulator.token("talk", "ana"), **asked})
    assert (await simulator.person("talk", "ana")).state == models.ParticipantInfo.JOINED


async def test_the_newest_session_wins(simulator: RunningSimulator) -> None:
    first = await simulator.join("talk", "ana")
    second = await simulator.join("talk", "ana")
    assert (await simulator.person("talk", "ana")).sid == second["sid"] != first["sid"]
    (removed,) = await simulator.experienced("talk", "ana", "removed", first["sid"])
    assert removed["reason"] == "DUPLICATE_IDENTITY"
    assert await simulator.experienced("talk", "ana", sid=second["sid"]) == []
    with pytest.raises(Refused) as refused:
        await simulator.act("talk", "ana", "leave", sid=first["sid"])
    assert refused.value.status == 404
    assert set(await simulator.people("talk")) == {"ana"}


async def test_a_refresh_token_carries_what_has_changed(simulator: RunningSimulator) -> None:
    joined = await simulator.join("talk", "ana", {"canUpdateOwnMetadata": True}, attributes={"a": "1"})
    await simulator.control("POST", "join", {"token": joined["refresh_token"]})
    assert dict((await simulator.person("talk", "ana")).attributes) == {"a": "1"}
    permission = models.ParticipantPermission(can_publish=True, can_publish_sources=[models.CAMERA])
    request = api.UpdateParticipantRequest(
        room="talk", identity="ana", name="Ana", attributes={"b": "2"}, permission=permission
    )
    await simulator.rooms.update_participant(request)
    newest = (await simulator.experienced("talk", "ana", "token_refreshed"))[-1]["refresh_token"]
    await simulator.act("talk", "ana", "leave")
    await simulator.control("POST", "join", {"token": newest})
    again = await simulator.person("talk", "ana")
    assert (again.name, dict(again.attributes), again.permission) == ("Ana", {"a": "1", "b": "2"}, permission)


async def test_the_door_may_be_tried_without_going_in(simulator: RunningSimulator) -> None:
    async def tried(token: str) -> tuple[int, str]:
        async with simulator.http.get(simulator.url + "/rtc/validate", params={"access_token": token}) as answer:
            return answer.status, await answer.text()

    assert await tried(simulator.token("talk", "ana")) == (200, "success")
    assert await tried("") == (401, "no permissions to access the room")
    assert await tried(simulator.token("", "ana")) == (400, "no room name")
    assert await simulator.room("talk") is None
