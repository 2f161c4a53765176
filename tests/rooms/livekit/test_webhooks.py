from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from rooms.livekit import webhooks
from rooms.livekit.webhooks import WebhookEvent, verify

KEY, SECRET = "key", "a-secret-of-at-least-32-characters-000"
SECRETS = {"other": "another-secret-of-at-least-32-characters", KEY: SECRET}
NOW = 1_760_000_000.0
BODY = json.dumps(
    {
        "event": "participant_joined",
        "room": {"sid": "RM_1", "name": "town"},
        "participant": {"sid": "PA_1", "identity": "ann"},
        "id": "EV_1",
        "createdAt": str(int(NOW)),
    }
).encode()


def sign(body: bytes, secret: str = SECRET, **claims: Any) -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    told = {"iss": KEY, "nbf": NOW, "exp": NOW + 300, "sha256": digest, **claims}
    payload = json.dumps({name: value for name, value in told.items() if value is not None})
    return jwt.PyJWS().encode(payload.encode(), secret, algorithm="HS256")


def check(body: bytes, authorization: str | None = None, now: float = NOW) -> WebhookEvent:
    return verify(body, sign(body) if authorization is None else authorization, SECRETS, now=now)


def test_a_good_one() -> None:
    assert check(BODY) == WebhookEvent("EV_1", "participant_joined", "town", "ann", datetime.fromtimestamp(NOW, UTC))


def test_the_bearer_prefix_is_no_harm() -> None:
    assert check(BODY, "Bearer " + sign(BODY)).id == "EV_1"


@pytest.mark.parametrize(
    ("body", "room", "identity"),
    [
        ({"event": "room_started", "room": {"name": "a/b %2F"}}, "a/b %2F", None),
        ({"event": "room_started", "room": {"sid": "RM_1"}}, "", None),
        ({"event": "egress_started", "egressInfo": {"roomName": "town"}}, "town", None),
        ({"event": "ingress_ended", "ingressInfo": {"roomName": "town"}}, "town", None),
        ({"event": "something_new", "unheard": {"of": 1}}, None, None),
        ({"event": "odd", "room": "text", "participant": 5, "id": 7, "createdAt": "never"}, None, None),
        ({"event": "odd", "room": {"name": "\ud83d"}}, "?", None),
    ],
)
def test_events_that_are_known_and_that_are_not(body: dict[str, Any], room: str | None, identity: str | None) -> None:
    event = check(json.dumps(body).encode())
    assert (event.event, event.room, event.identity) == (body["event"], room, identity)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "nonsense",
        sign(BODY, iss="unheard-of"),
        sign(BODY, iss=None),
        sign(BODY, iss=["key"]),
        sign(BODY, "wrong-secret-of-at-least-32-characters"),
        sign(BODY, sha256=None),
        sign(BODY, sha256="***"),
        sign(BODY, sha256=base64.b64encode(b"other").decode()),
        sign(BODY + b" "),
        jwt.encode({"iss": KEY, "exp": NOW + 300}, "", algorithm="none"),
        jwt.PyJWS().encode(b"[1]", SECRET, algorithm="HS256"),
    ],
)
def test_a_forged_one(authorization: str) -> None:
    with pytest.raises(webhooks.Forged):
        check(BODY, authorization)


def test_a_body_that_was_only_spelled_anew_is_forged() -> None:
    with pytest.raises(webhooks.Forged):
        check(json.dumps(json.loads(BODY), indent=1).encode(), sign(BODY))


@pytest.mark.parametrize(
    ("claims", "now"),
    [
        ({}, NOW + 361),
        ({}, NOW - 61),
        ({"exp": None}, NOW),
        ({"exp": "soon"}, NOW),
        ({"exp": NOW + 100_000}, NOW),
        ({"exp": float("nan")}, NOW),
    ],
)
def test_one_of_another_time(claims: dict[str, Any], now: float) -> None:
    with pytest.raises(webhooks.Expired):
        check(BODY, sign(BODY, **claims), now)


def test_clocks_may_differ_by_a_minute() -> None:
    assert check(BODY, now=NOW + 359).id == "EV_1"
    assert check(BODY, now=NOW - 59).id == "EV_1"


def test_an_event_from_the_future() -> None:
    body = json.dumps({"event": "room_started", "createdAt": str(int(NOW) + 3600)}).encode()
    with pytest.raises(webhooks.Expired):
        check(body)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[1]", b"{", b"[" * 100_000])
def test_a_signed_body_that_is_no_event(body: bytes) -> None:
    with pytest.raises(webhooks.Malformed):
        check(body)


def test_an_oversized_one_is_not_even_hashed() -> None:
    with pytest.raises(webhooks.Oversized):
        check(b"x" * (webhooks.BODY_LIMIT + 1), "")


@pytest.mark.parametrize("secrets", [{}, {KEY: ""}])
def test_a_project_without_a_secret_believes_nothing(secrets: dict[str, str]) -> None:
    with pytest.raises(webhooks.Forged):
        verify(BODY, sign(BODY), secrets, now=NOW)


def test_no_refusal_repeats_what_was_sent() -> None:
    with pytest.raises(webhooks.WebhookRefused) as refused:
        check(BODY, sign(BODY, iss="a-secret-name"))
    assert "a-secret-name" not in str(refused.value)
    assert "eyJ" not in str(refused.value)
