"""What a server does by itself after minutes, with its default settings (livekit.md 5.5, 7.4, 8.1)."""

from __future__ import annotations

from typing import Any

import aiohttp
import jwt
import pytest
from livekit.protocol import models

from tests.contract import early as beginnings
from tests.contract.early import PATIENCE, Early
from tests.contract.under_test import eventually

MINUTE = 60  # seconds
JOIN_TIMEOUT, EMPTY, DEPARTURE, REFRESH = MINUTE, 5 * MINUTE, 20, 5 * MINUTE

# Run by itself, a case waits for its minutes.
pytestmark = pytest.mark.timeout(REFRESH + 3 * MINUTE)


def took(seconds: float, expected: float) -> bool:
    """Whether something took as long as expected: not less but for the rounding, and with patience."""
    return expected - 1 <= seconds <= expected + PATIENCE


@pytest.mark.parametrize("early", ["without media"], indirect=True)
async def test_a_session_without_media_ends_after_a_minute(early: Early) -> None:
    await early.people["alice"].experiences("removed", within=early.left(JOIN_TIMEOUT), reason="JOIN_FAILURE")
    (ended,) = await eventually(lambda: early.receiver.find(early.room, "participant_connection_aborted"), bool)
    assert ended.participant.disconnect_reason == models.JOIN_FAILURE
    assert took(ended.created_at - early.began, JOIN_TIMEOUT)
    # By now the room may have closed as well.
    assert (await early.receiver.events(early.room))[:2] == ["room_started", "participant_connection_aborted"]


@pytest.mark.parametrize(
    ("early", "since", "seconds"),
    [
        ("created", "room_started", EMPTY),
        ("left", "participant_left", DEPARTURE),
        ("without media", "participant_connection_aborted", DEPARTURE),
    ],
    indirect=["early"],
)
async def test_a_room_closes_after_the_default_timeout(early: Early, since: str, seconds: int) -> None:
    within = early.left(EMPTY if since == "room_started" else JOIN_TIMEOUT + DEPARTURE)
    (finished,) = await eventually(lambda: early.receiver.find(early.room, "room_finished"), bool, within=within)
    (last,) = await early.receiver.find(early.room, since)
    assert took(finished.created_at - last.created_at, seconds)
    assert (finished.room.empty_timeout, finished.room.departure_timeout) == (EMPTY, DEPARTURE)


@pytest.mark.parametrize("early", ["connected"], indirect=True)
async def test_expiry_does_not_end_a_session(early: Early) -> None:
    alice = early.people["short"]

    async def refusal() -> str:
        async with aiohttp.ClientSession() as http:
            query = {"access_token": alice.token}
            async with http.get(early.server.url + "/rtc/validate", params=query) as answer:
                return "" if answer.status == 200 else await answer.text()

    assert "token is expired" in await eventually(refusal, bool, within=early.left(2 * MINUTE))
    assert not [each for each in await alice.experienced() if each.event == "removed"]


@pytest.mark.parametrize("early", ["connected"], indirect=True)
@pytest.mark.parametrize("identity", beginnings.TTLS)
async def test_whoever_stays_gets_a_new_token_every_five_minutes(early: Early, identity: str) -> None:
    async def tokens() -> list[dict[str, Any]]:
        """The claims of the tokens that came, oldest first."""
        came = [each for each in await early.people[identity].experienced() if each.event == "token_refreshed"]
        return [jwt.decode(each.details["refresh_token"], options={"verify_signature": False}) for each in came]

    def has_come(claims: list[dict[str, Any]]) -> bool:
        return any(each["nbf"] > early.began + REFRESH / 2 for each in claims)

    came = await eventually(tokens, has_come, within=early.left(REFRESH))
    claims = next(each for each in came if each["nbf"] > early.began + REFRESH / 2)
    begins, ends = claims.pop("nbf"), claims.pop("exp")
    assert took(begins - early.began, REFRESH)
    assert claims.pop("iat") == begins
    rest = early.began + beginnings.TTLS[identity] - begins
    assert abs(ends - begins - max(10 * MINUTE, rest)) <= PATIENCE
    assert claims == {
        "iss": early.server.key,
        "sub": identity,
        "identity": identity,
        "name": "Alice",
        "kind": "sip",
        "metadata": "m",
        "attributes": {"a": "1"},
        "video": {"roomJoin": True, "room": early.room, "canPublish": False},
    }
