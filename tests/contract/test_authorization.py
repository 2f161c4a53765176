"""Who may call what: the four kinds of 401, and the grant of each method (livekit.md 2.2, 2.3)."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from livekit.protocol import room

from tests.contract.twirp import METHODS, NO_PERMISSION, PREFIX, SERVICE, Answer, Refusal
from tests.contract.under_test import UnderTest
from tests.people.tokens import signed

LIST = {"video": {"roomList": True}}
MINUTE = 60


async def list_rooms_with(livekit: UnderTest, authorization: str) -> Answer:
    return await livekit.send("ListRooms", room.ListRoomsRequest(), headers={"Authorization": authorization})


async def test_no_token_is_a_twirp_401(livekit: UnderTest) -> None:
    answer = await livekit.send("ListRooms", room.ListRoomsRequest(), headers={})
    assert answer.refusal == NO_PERMISSION
    assert answer.content_type == "application/json"


PLAIN_401 = {
    "a header without Bearer": ("Basic Zm9vOmJhcg==", "invalid authorization header. Must start with Bearer "),
    "a header of one word": ("foo", "invalid authorization header. Must start with Bearer "),
    "bearer in small letters": ("bearer foo", "invalid authorization header. Must start with Bearer "),
    "something that is no JWT": ("Bearer not-a-token", "invalid authorization token"),
}


@pytest.mark.parametrize("case", PLAIN_401)
async def test_an_unreadable_header_is_a_plain_text_401(livekit: UnderTest, case: str) -> None:
    authorization, text = PLAIN_401[case]
    answer = await list_rooms_with(livekit, authorization)
    assert (answer.status, answer.content_type, answer.text) == (401, "text/plain", text.rstrip("\n"))


async def test_an_unknown_key_is_a_plain_text_401_that_repeats_the_key(livekit: UnderTest) -> None:
    answer = await list_rooms_with(livekit, "Bearer " + signed(livekit.server, LIST, key="nobodys-key"))
    assert (answer.status, answer.content_type) == (401, "text/plain")
    assert answer.text in {"invalid API key: nobodys-key", "invalid API key"}


def unacceptable(livekit: UnderTest, case: str) -> str:
    now = int(time.time())
    if case == "signed with another secret":
        return signed(livekit.server, LIST, secret="another-secret-of-at-least-32-characters")
    if case == "expired more than a minute ago":
        return signed(livekit.server, {**LIST, "exp": now - 2 * MINUTE})
    if case == "not valid for another two minutes":
        return signed(livekit.server, {**LIST, "nbf": now + 2 * MINUTE, "exp": now + 10 * MINUTE})
    claims = {"iss": livekit.server.key, "exp": now + MINUTE, **LIST}
    return jwt.encode(claims, livekit.server.secret + "0" * 64, algorithm="HS512")


@pytest.mark.parametrize(
    "case",
    [
        "signed with another secret",
        "expired more than a minute ago",
        "not valid for another two minutes",
        "of another algorithm",
    ],
)
async def test_a_token_that_does_not_verify_is_a_plain_text_401_that_repeats_it(livekit: UnderTest, case: str) -> None:
    token = unacceptable(livekit, case)
    answer = await list_rooms_with(livekit, "Bearer " + token)
    assert (answer.status, answer.content_type) == (401, "text/plain")
    if livekit.server.started_here:
        assert answer.text.startswith(f"invalid token: {token}, error: ")
    else:
        assert answer.text.startswith(("invalid token: ", "invalid authorization token: "))


REASONS = {
    "signed with another secret": "token signature is invalid: signature is invalid",
    "expired more than a minute ago": "token has invalid claims: token is expired",
    "not valid for another two minutes": "token has invalid claims: token is not valid yet",
}


@pytest.mark.parametrize("case", REASONS)
async def test_the_reason_is_the_librarys_text(livekit_once: UnderTest, case: str) -> None:
    answer = await list_rooms_with(livekit_once, "Bearer " + unacceptable(livekit_once, case))
    assert answer.text.endswith(REASONS[case])


@pytest.mark.parametrize("claims", [{"exp": -30}, {"nbf": 30}, {"iat": 30}], ids=["exp", "nbf", "iat"])
async def test_clocks_may_differ_by_less_than_a_minute(livekit_once: UnderTest, claims: dict[str, int]) -> None:
    shifted = {name: int(time.time()) + seconds for name, seconds in claims.items()}
    token = signed(livekit_once.server, {"nbf": int(time.time()) - MINUTE, **LIST, **shifted})
    assert (await list_rooms_with(livekit_once, f"Bearer {token}")).status == 200


async def test_a_token_without_exp_is_accepted(livekit_once: UnderTest) -> None:
    token = signed(livekit_once.server, LIST, ttl=None)
    assert (await list_rooms_with(livekit_once, f"Bearer {token}")).status == 200


async def test_the_token_may_come_as_a_query_value(livekit: UnderTest) -> None:
    body = b"{}" if livekit.encoding == "json" else b""
    path = f"{SERVICE}ListRooms?access_token={livekit.token(room_list=True)}"
    assert (await livekit.post(path, body, headers={})).status == 200


async def test_a_bad_token_stops_even_an_unknown_path(livekit_once: UnderTest) -> None:
    answer = await livekit_once.post("/nowhere", b"", headers={"Authorization": "Bearer x"}, http_method="GET")
    assert (answer.status, answer.text) == (401, "invalid authorization token")


NEEDED: dict[str, dict[str, Any]] = {
    "CreateRoom": {"name": "$room"},
    "ListRooms": {},
    "DeleteRoom": {"room": "$room"},
    "ListParticipants": {"room": "$room"},
    "GetParticipant": {"room": "$room", "identity": "x"},
    "RemoveParticipant": {"room": "$room", "identity": "x"},
    "MutePublishedTrack": {"room": "$room", "identity": "x", "track_sid": "TR_x", "muted": True},
    "UpdateParticipant": {"room": "$room", "identity": "x", "name": "n"},
    "UpdateSubscriptions": {"room": "$room", "identity": "x"},
    "SendData": {"room": "$room", "data": b"x"},
    "UpdateRoomMetadata": {"room": "$room", "metadata": "m"},
    "ForwardParticipant": {"room": "$room", "identity": "x", "destination_room": "elsewhere"},
    "MoveParticipant": {"room": "$room", "identity": "x", "destination_room": "elsewhere"},
    "PerformRpc": {"room": "$room", "destination_identity": "x", "method": "m"},
}


def fields_of(method: str, room_name: str) -> dict[str, Any]:
    return {name: room_name if value == "$room" else value for name, value in NEEDED[method].items()}


EVERYTHING_BUT = {
    "room_create": {"room_list": True, "room_admin": True, "room": "$room", "room_join": True},
    "room_list": {"room_create": True, "room_admin": True, "room": "$room", "room_join": True},
    "room_admin": {"room_create": True, "room_list": True, "room_join": True, "room": "$room"},
    "destination_room": {"room_create": True, "room_list": True, "room_admin": True, "room": "$room"},
}


@pytest.mark.parametrize("method", METHODS)
async def test_without_its_grant_a_method_answers_401_and_not_403(livekit: UnderTest, method: str) -> None:
    fields = fields_of(method, livekit.room)
    for need in METHODS[method].needs:
        given = {name: livekit.room if value == "$room" else value for name, value in EVERYTHING_BUT[need].items()}
        if need == "room_admin":
            given["destination_room"] = "elsewhere"
        assert (await livekit.call(method, given=given, **fields)).refusal == NO_PERMISSION, need


@pytest.mark.parametrize("method", [name for name in METHODS if "room_admin" in METHODS[name].needs])
@pytest.mark.parametrize("granted", ["another room", "the room in capitals", "no room", "a star"])
async def test_room_admin_is_for_exactly_one_room(livekit: UnderTest, method: str, granted: str) -> None:
    name = {"another room": "x", "the room in capitals": livekit.room.upper(), "no room": "", "a star": "*"}[granted]
    given = {"room_admin": True, "room": name, "destination_room": "elsewhere"}
    answer = await livekit.call(method, given=given, **fields_of(method, livekit.room))
    assert answer.refusal == NO_PERMISSION


@pytest.mark.parametrize("method", ["MoveParticipant", "ForwardParticipant"])
async def test_the_destination_room_has_to_be_in_the_token(livekit: UnderTest, method: str) -> None:
    given = {"room_admin": True, "room": livekit.room, "destination_room": "another"}
    answer = await livekit.call(method, given=given, **fields_of(method, livekit.room))
    assert answer.refusal == NO_PERMISSION


async def test_errors_from_inside_carry_an_odd_prefix(livekit: UnderTest) -> None:
    answer = await livekit.call("GetParticipant", room=livekit.room, identity="nobody")
    assert answer.refusal == Refusal(404, "not_found", PREFIX + "participant does not exist")


OVERSIZE = "x" * 524_289


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("UpdateParticipant", {"identity": "x", "metadata": OVERSIZE}),
        ("UpdateRoomMetadata", {"metadata": OVERSIZE}),
    ],
)
async def test_sizes_are_checked_before_rights(livekit: UnderTest, method: str, fields: dict[str, Any]) -> None:
    request = METHODS[method].request(room=livekit.room, **fields)
    answer = await livekit.send(method, request, headers={})
    assert (answer.refusal.status, answer.refusal.code) == (400, "invalid_argument")


async def test_creating_checks_rights_before_sizes(livekit: UnderTest) -> None:
    request = METHODS["CreateRoom"].request(name="n" * 257)
    assert (await livekit.send("CreateRoom", request, headers={})).refusal == NO_PERMISSION
