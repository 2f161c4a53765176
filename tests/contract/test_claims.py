"""Tokens as Go's libraries read them: claims of other types, odd dates, odd headers (livekit.md 2.2, 5.1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from tests.contract.twirp import METHODS, SERVICE, Answer
from tests.contract.under_test import UnderTest

HEADER: dict[str, Any] = {"alg": "HS256", "typ": "JWT"}
MAY_LIST = {"roomList": True}
NO_TOKEN = "invalid authorization token"
EXPIRED = "token has invalid claims: token is expired"
NOT_YET = "token has invalid claims: token is not valid yet"


def encoded(part: Any) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sealed(livekit: UnderTest, payload: Any, header: Any = None) -> str:
    """A token of any payload and header, objects or raw bytes, signed with the server's secret."""
    signed = f"{encoded(HEADER if header is None else header)}.{encoded(payload)}"
    seal = hmac.digest(livekit.server.secret.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{encoded(seal)}"


def claims(livekit: UnderTest, **changed: Any) -> dict[str, Any]:
    """The claims of a good token that may list rooms, with these changes; None takes one out."""
    now = int(time.time())
    good = {"iss": livekit.server.key, "sub": "x", "nbf": now - 5, "exp": now + 600, "video": MAY_LIST}
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


async def listing(livekit: UnderTest, token: str) -> Answer:
    """ListRooms with this token."""
    request = METHODS["ListRooms"].request(names=[livekit.room])
    return await livekit.send("ListRooms", request, headers={"Authorization": f"Bearer {token}"})


async def expect(livekit: UnderTest, token: str, refusal: str) -> None:
    """The token is good for ListRooms, or refused in plain text that ends in ``refusal``."""
    answer = await listing(livekit, token)
    if not refusal:
        assert answer.status == 200, answer.text
        return
    assert (answer.status, answer.content_type) == (401, "text/plain")
    assert answer.text.replace(token, "").replace("\u00a0", " ").endswith(refusal)


SOON, PAST = "soon", "past"
DATES: dict[str, tuple[str, Any, str]] = {
    "exp as text": ("exp", "{soon}", ""),
    "exp as text, past": ("exp", "{past}", EXPIRED),
    "exp as text with a fraction": ("exp", "{soon}.5", ""),
    "exp as a word": ("exp", "soon", NO_TOKEN),
    "exp as no text": ("exp", "", NO_TOKEN),
    "exp as true": ("exp", True, NO_TOKEN),
    "exp as a list": ("exp", [], NO_TOKEN),
    "exp zero": ("exp", 0, EXPIRED),
    "exp too far away": ("exp", 1e300, EXPIRED),
    "exp of thirty digits": ("exp", 10**30, EXPIRED),
    "nbf as text, to come": ("nbf", "{soon}", NOT_YET),
    "nbf as text": ("nbf", "{past}", ""),
    "nbf too far away": ("nbf", 1e300, ""),
    "nbf as a word": ("nbf", "now", NO_TOKEN),
    "iat as text": ("iat", "{past}", ""),
    "iat to come": ("iat", "{soon}", ""),
    "iat as a word": ("iat", "now", NO_TOKEN),
}


@pytest.mark.parametrize("case", DATES)
async def test_a_date(livekit_once: UnderTest, case: str) -> None:
    name, value, refusal = DATES[case]
    if isinstance(value, str):
        value = value.format(soon=int(time.time()) + 600, past=int(time.time()) - 600)
    await expect(livekit_once, sealed(livekit_once, claims(livekit_once, **{name: value})), refusal)


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
async def test_a_date_may_be_null(livekit_once: UnderTest, name: str) -> None:
    payload = json.dumps({**claims(livekit_once), name: None}).encode()
    await expect(livekit_once, sealed(livekit_once, payload), "")


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"1e400"])
async def test_a_date_is_a_number_that_exists(livekit_once: UnderTest, word: bytes) -> None:
    payload = json.dumps(claims(livekit_once, exp="EXP")).encode().replace(b'"EXP"', word)
    await expect(livekit_once, sealed(livekit_once, payload), NO_TOKEN)


async def test_each_date_that_is_wrong_is_named(livekit_once: UnderTest) -> None:
    now = int(time.time())
    wrong = claims(livekit_once, exp=now - 600, nbf=now + 600, iat=now + 600)
    await expect(livekit_once, sealed(livekit_once, wrong), f"{EXPIRED}, token is not valid yet")


def of_type(shape: str, field: str, wanted: str) -> str:
    return f"could not JSON decode claim: json: cannot unmarshal {shape} into Go struct field {field} of type {wanted}"


TYPES: dict[str, tuple[dict[str, Any], str]] = {
    "aud as text": ({"aud": "anybody"}, ""),
    "aud as a list": ({"aud": ["a", "b"]}, ""),
    "aud as a number": ({"aud": 3}, NO_TOKEN),
    "aud as an object": ({"aud": {}}, NO_TOKEN),
    "sub as a number": ({"sub": 3}, NO_TOKEN),
    "name as a number": ({"name": 3}, of_type("number", "tokenClaims.ClaimGrants.name", "string")),
    "identity as a number": ({"identity": 3}, of_type("number", "tokenClaims.ClaimGrants.identity", "string")),
    "sip as text": ({"sip": "s"}, of_type("string", "tokenClaims.ClaimGrants.sip", "auth.SIPGrant")),
    "sip.call as text": ({"sip": {"call": "s"}}, of_type("string", "SIPGrant.ClaimGrants.sip.call", "bool")),
    "agent as true": ({"agent": True}, of_type("bool", "tokenClaims.ClaimGrants.agent", "auth.AgentGrant")),
    "inference as a list": (
        {"inference": []},
        of_type("array", "tokenClaims.ClaimGrants.inference", "auth.InferenceGrant"),
    ),
    "observability as a number": (
        {"observability": 1},
        of_type("number", "tokenClaims.ClaimGrants.observability", "auth.ObservabilityGrant"),
    ),
    "video.hidden": ({"video": {"hidden": 1}}, of_type("number", "VideoGrant.ClaimGrants.video.hidden", "bool")),
    "roomConfig as text": ({"roomConfig": "s"}, 'proto: syntax error (line 1:1): unexpected token "s"'),
    "roomConfig as a list": ({"roomConfig": []}, "proto: syntax error (line 1:1): unexpected token ["),
    "roomConfig as true": ({"roomConfig": True}, "proto: syntax error (line 1:1): unexpected token true"),
    "roomConfig with unknown keys": ({"roomConfig": {"no_such_key": 1}}, ""),
    "unknown claims": ({"no_such_claim": {"a": [1]}}, ""),
}


@pytest.mark.parametrize("case", TYPES)
async def test_a_type(livekit_once: UnderTest, case: str) -> None:
    changed, refusal = TYPES[case]
    await expect(livekit_once, sealed(livekit_once, claims(livekit_once, **changed)), refusal)


async def test_the_types_are_looked_at_before_the_signature(livekit_once: UnderTest) -> None:
    token = sealed(livekit_once, claims(livekit_once, name=3))
    head, payload, _ = token.split(".")
    wrong = f"{head}.{payload}.{encoded(b'x' * 32)}"
    await expect(livekit_once, wrong, of_type("number", "tokenClaims.ClaimGrants.name", "string"))


@pytest.mark.parametrize("name", ["roomList", "roomlist", "ROOMLIST", "RoomList"])
async def test_names_of_claims_come_in_any_case(livekit_once: UnderTest, name: str) -> None:
    payload = claims(livekit_once, video={name: True})
    payload["ISS"] = payload.pop("iss")
    payload["Video"] = payload.pop("video")
    await expect(livekit_once, sealed(livekit_once, payload), "")


async def test_a_snake_case_name_is_no_grant(livekit_once: UnderTest) -> None:
    answer = await listing(livekit_once, sealed(livekit_once, claims(livekit_once, video={"room_list": True})))
    assert (answer.status, answer.content_type) == (401, "application/json")


async def test_a_claim_that_comes_again_is_merged(livekit_once: UnderTest) -> None:
    payload = json.dumps({**claims(livekit_once), "VIDEO": {"room": "x"}}).replace("VIDEO", "video")
    await expect(livekit_once, sealed(livekit_once, payload.encode()), "")


async def test_bytes_that_are_no_text_are_replaced(livekit_once: UnderTest) -> None:
    payload = json.dumps(claims(livekit_once, name="NAME")).encode().replace(b"NAME", b"\xff")
    await expect(livekit_once, sealed(livekit_once, payload), "")


async def test_no_claims_at_all(livekit_once: UnderTest) -> None:
    await expect(livekit_once, sealed(livekit_once, b"null"), "invalid API key: ")
    for payload in (b"[]", b'"x"', b"", json.dumps(claims(livekit_once)).encode() + b" x"):
        await expect(livekit_once, sealed(livekit_once, payload), NO_TOKEN)


HEADERS: dict[str, tuple[Any, str]] = {
    "kid as a number": ({"alg": "HS256", "kid": 4}, ""),
    "crit": ({"alg": "HS256", "crit": ["exp"]}, ""),
    "b64": ({"alg": "HS256", "b64": False}, ""),
    "no typ": ({"alg": "HS256"}, ""),
    "none": ({"alg": "none"}, "token signature is invalid: signing method none is invalid"),
    "HS512": ({"alg": "HS512"}, "token signature is invalid: signing method HS512 is invalid"),
    "lower case": ({"alg": "hs256"}, NO_TOKEN),
    "a list": ([], NO_TOKEN),
}


@pytest.mark.parametrize("case", HEADERS)
async def test_a_header(livekit_once: UnderTest, case: str) -> None:
    header, refusal = HEADERS[case]
    await expect(livekit_once, sealed(livekit_once, claims(livekit_once), header), refusal)


@pytest.mark.parametrize("change", ["{}=", " {}", "{}.x", "{}."])
async def test_no_padding_no_spaces_three_parts(livekit_once: UnderTest, change: str) -> None:
    await expect(livekit_once, change.format(sealed(livekit_once, claims(livekit_once))), NO_TOKEN)


async def test_a_form_may_bring_the_token(livekit_once: UnderTest) -> None:
    """Only a door that takes forms can tell: /rtc/validate, which wants another grant than this token has."""
    body = f"access_token={sealed(livekit_once, claims(livekit_once))}".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await livekit_once.post("/rtc/validate", body, headers=headers)
    assert (answer.status, answer.text) == (401, "permissions denied")
    answer = await livekit_once.post(SERVICE + "ListRooms", body, headers=headers)
    assert answer.refusal[:2] == (404, "bad_route")
