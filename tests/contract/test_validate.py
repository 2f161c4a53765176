"""/rtc/validate, and /rtc without a WebSocket (livekit.md 7.1, 7.2)."""

from __future__ import annotations

import base64
import gzip
import json
import time
from typing import Any

import pytest
from livekit.protocol import rtc

from tests.contract.test_joining import CLOSED_HOUSE
from tests.contract.test_tokens import REFUSED, refused_token
from tests.contract.twirp import Answer
from tests.contract.under_test import UnderTest
from tests.people.tokens import join_token

VALIDATE = "/rtc/validate"
NO_PERMISSIONS = (401, "no permissions to access the room")


async def ask(livekit: UnderTest, path: str, token: str | None, **query: str) -> Answer:
    """GET a path with a token in the header and values in the query."""
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return await livekit.post(f"{path}?{pairs}", b"", headers=headers, http_method="GET")


def good_token(livekit: UnderTest, **grants: Any) -> str:
    return join_token(livekit.server, livekit.room, "alice", **grants)


def in_base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def join_request(*, compressed: bool = False, **fields: Any) -> str:
    """What official clients send to /rtc/v1."""
    request = rtc.JoinRequest(**fields).SerializeToString()
    if compressed:
        zipped = rtc.WrappedJoinRequest(
            compression=rtc.WrappedJoinRequest.Compression.GZIP, join_request=gzip.compress(request)
        )
        return in_base64(zipped.SerializeToString())
    return in_base64(rtc.WrappedJoinRequest(join_request=request).SerializeToString())


async def test_a_good_token_is_a_success_and_opens_no_room(livekit_once: UnderTest) -> None:
    answer = await ask(livekit_once, VALIDATE, good_token(livekit_once))
    assert (answer.status, answer.content_type, answer.text) == (200, "text/plain", "success")
    answer = await ask(livekit_once, VALIDATE, None, access_token=good_token(livekit_once))
    assert (answer.status, answer.text) == (200, "success")
    assert await livekit_once.find_room() is None


async def test_no_token_and_a_token_for_something_else(livekit_once: UnderTest) -> None:
    answer = await ask(livekit_once, VALIDATE, None)
    assert (answer.status, answer.text) == NO_PERMISSIONS
    answer = await ask(livekit_once, VALIDATE, livekit_once.token(room_admin=True, room=livekit_once.room))
    assert (answer.status, answer.text) == (401, "permissions denied")


@pytest.mark.parametrize("case", REFUSED)
async def test_it_refuses_as_the_websocket_does(livekit_once: UnderTest, case: str) -> None:
    status, text = REFUSED[case]
    answer = await ask(livekit_once, VALIDATE, refused_token(livekit_once, case))
    assert answer.status == status
    assert text in answer.text


async def test_a_room_of_another_name_in_the_query_changes_nothing(livekit_once: UnderTest) -> None:
    answer = await ask(livekit_once, VALIDATE, good_token(livekit_once), room="another")
    assert (answer.status, answer.text) == (200, "success")


@pytest.mark.parametrize("configured", [CLOSED_HOUSE], ids=["auto_create off"], indirect=True)
async def test_a_room_that_is_not_there(configured: UnderTest) -> None:
    answer = await ask(configured, VALIDATE, good_token(configured))
    assert (answer.status, answer.text) == (404, "requested room does not exist")
    assert (await ask(configured, VALIDATE, good_token(configured, room_create=True))).text == "success"
    await configured.create()
    assert (await ask(configured, VALIDATE, good_token(configured))).text == "success"


async def test_a_full_room_does_not_show(livekit_once: UnderTest) -> None:
    await livekit_once.create(max_participants=1)
    await livekit_once.join("bob", signalling_only=True)
    assert (await ask(livekit_once, VALIDATE, good_token(livekit_once))).text == "success"


async def test_metadata_that_is_too_big_does_not_show(livekit_once: UnderTest) -> None:
    token = join_token(livekit_once.server, livekit_once.room, "alice", metadata="m" * 524_289)
    assert (await ask(livekit_once, VALIDATE, token)).text == "success"


ATTRIBUTES = in_base64(json.dumps({"a": "b"}).encode())
WISHES: dict[str, tuple[dict[str, str], tuple[int, str], tuple[int, str]]] = {
    "attributes": ({"attributes": ATTRIBUTES}, NO_PERMISSIONS, (200, "success")),
    "no attributes": ({"attributes": in_base64(b"{}")}, (200, "success"), (200, "success")),
    "attributes in a join request": (
        {"join_request": join_request(participant_attributes={"a": "b"})},
        NO_PERMISSIONS,
        (200, "success"),
    ),
    "metadata in a join request": ({"join_request": join_request(metadata="m")}, NO_PERMISSIONS, (200, "success")),
    "a second session": ({"publish": "screen"}, (200, "success"), (200, "success")),
}


@pytest.mark.parametrize("case", WISHES)
async def test_own_metadata_needs_the_grant(livekit_once: UnderTest, case: str) -> None:
    query, without, with_grant = WISHES[case]
    answer = await ask(livekit_once, VALIDATE, good_token(livekit_once), **query)
    assert (answer.status, answer.text) == without
    answer = await ask(livekit_once, VALIDATE, good_token(livekit_once, can_update_own_metadata=True), **query)
    assert (answer.status, answer.text) == with_grant


async def test_a_second_session_needs_the_right_to_publish(livekit_once: UnderTest) -> None:
    answer = await ask(livekit_once, VALIDATE, good_token(livekit_once, can_publish=False), publish="screen")
    assert (answer.status, answer.text) == NO_PERMISSIONS


UNREADABLE = {
    "attributes that are no base64": ({"attributes": "!!"}, "cannot decode attributes"),
    "attributes that are no JSON": ({"attributes": in_base64(b"x")}, "cannot decode attributes"),
    "attributes that are a list": ({"attributes": in_base64(b"[]")}, "cannot decode attributes"),
    "attributes of numbers": ({"attributes": in_base64(b'{"a": 1}')}, "cannot decode attributes"),
    "a join request that is no base64": ({"join_request": "!!"}, "cannot base64 decode wrapped join request"),
    "a join request that is no message": (
        {"join_request": in_base64(b"\xff\xff")},
        "cannot unmarshal wrapped join request",
    ),
    "a join request without one inside": (
        {"join_request": in_base64(rtc.WrappedJoinRequest(join_request=b"\xff\xff").SerializeToString())},
        "cannot unmarshal join request",
    ),
    "a join request that is no gzip": (
        {
            "join_request": in_base64(
                rtc.WrappedJoinRequest(
                    compression=rtc.WrappedJoinRequest.Compression.GZIP, join_request=b"nope"
                ).SerializeToString()
            )
        },
        "cannot read decompressed join request",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_what_cannot_be_read(livekit_once: UnderTest, case: str) -> None:
    query, text = UNREADABLE[case]
    answer = await ask(livekit_once, VALIDATE, good_token(livekit_once), **query)
    assert (answer.status, answer.text) == (400, text)


async def test_the_newer_door_wants_a_join_request(livekit_once: UnderTest) -> None:
    token = good_token(livekit_once)
    answer = await ask(livekit_once, "/rtc/v1/validate", token)
    assert (answer.status, answer.text) == (400, "join_request is required")
    assert (await ask(livekit_once, "/rtc/v1/validate", None)).text == NO_PERMISSIONS[1]
    for compressed in (False, True):
        request = join_request(compressed=compressed, reconnect=True)
        assert (await ask(livekit_once, "/rtc/v1/validate", token, join_request=request)).text == "success"


async def test_any_web_page_may_read_the_answer(livekit_once: UnderTest) -> None:
    for path in (VALIDATE, "/rtc/v1/validate"):
        url = livekit_once.server.url + path
        async with livekit_once.http.get(url, headers={"Origin": "https://example.org"}) as answer:
            assert answer.status == 401
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/rtc", "/rtc/v1"])
async def test_without_a_websocket_there_is_nothing(livekit_once: UnderTest, path: str) -> None:
    for token in (good_token(livekit_once), None, livekit_once.token(room_list=True)):
        answer = await ask(livekit_once, path, token)
        assert (answer.status, answer.body) == (404, b"")
    expired = join_token(livekit_once.server, livekit_once.room, "alice", ttl=-int(time.time()))
    answer = await ask(livekit_once, path, expired)
    assert (answer.status, "token is expired" in answer.text) == (401, True)


@pytest.mark.parametrize("path", ["/rtc/", "/rtc/v2", "/rtc/validate/"])
async def test_other_paths_below_are_unknown(livekit_once: UnderTest, path: str) -> None:
    answer = await ask(livekit_once, path, good_token(livekit_once))
    assert (answer.status, answer.text) == (404, "404 page not found")
