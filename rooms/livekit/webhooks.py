"""Webhooks of a LiveKit server: verified over the raw bytes, reduced to what names the room (livekit.md 6)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

# Bytes. LiveKit's own metadata limit of 512 KiB, twice, as a room and a participant may both carry it.
BODY_LIMIT = 1_048_576
# Seconds: how long LiveKit's token is valid, and by how much the clocks may differ.
MAX_AGE = 300
LEEWAY = 60


class WebhookRefused(Exception):
    """A webhook that is not believed. The text says why and holds nothing of the request."""


class Forged(WebhookRefused):
    """Not signed with a key of this project, or not over these bytes."""


class Expired(WebhookRefused):
    """Signed, and of another time: replayed, late, or a clock is wrong."""


class Oversized(WebhookRefused):
    """Longer than BODY_LIMIT."""


class Malformed(WebhookRefused):
    """Signed, and not an event."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A verified event: a reason to look, never state. An event about no room has ``room`` None.

    ``id`` is the same when LiveKit sends it again: a caller who has seen it drops the copy. ``created_at`` is UTC, to
    the second.
    """

    id: str
    event: str
    room: str | None
    identity: str | None
    created_at: datetime | None


def verify(body: bytes, authorization: str, secrets: Mapping[str, str], *, now: float | None = None) -> WebhookEvent:
    """The event of ``body``, when one of ``secrets`` (by key) signed its SHA-256 less than MAX_AGE seconds ago.

    ``authorization`` is the header, with or without "Bearer "; ``now`` in seconds since 1970, the clock if None. An
    unknown event is fine. Raises Oversized, Forged, Expired or Malformed.
    """
    if len(body) > BODY_LIMIT:
        raise Oversized(f"The body is longer than {BODY_LIMIT} bytes.")
    moment = time.time() if now is None else now
    claims = _claims(authorization, secrets)
    digest = claims.get("sha256")
    try:
        signed = base64.b64decode(digest, validate=True) if isinstance(digest, str) else b""
    except (binascii.Error, ValueError):
        signed = b""
    if not hmac.compare_digest(signed, hashlib.sha256(body).digest()):
        raise Forged("The signature is not over this body.")
    _check_age(claims.get("exp"), claims.get("nbf"), moment)
    event = _event(body)
    if event.created_at is not None and event.created_at.timestamp() - moment > LEEWAY:
        raise Expired("The event is from the future: a clock is wrong.")
    return event


def _claims(authorization: str, secrets: Mapping[str, str]) -> Mapping[str, Any]:
    token = authorization.strip().removeprefix("Bearer ").strip()
    jws = jwt.PyJWS()
    try:
        unverified = json.loads(jws.decode_complete(token, options={"verify_signature": False})["payload"])
        key = unverified.get("iss")
        secret = secrets.get(key, "") if isinstance(key, str) else ""
        if not secret:
            raise Forged("The token names no key of this project.")
        jws.decode_complete(token, secret, algorithms=["HS256"])
    except jwt.InvalidSignatureError:
        raise Forged("The signature of the token is wrong.") from None
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError):
        raise Forged("The Authorization header holds no token of LiveKit's.") from None
    claims: Mapping[str, Any] = unverified
    return claims


def _check_age(expires: Any, starts: Any, now: float) -> None:
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        raise Expired("The token never expires; LiveKit's do.")
    if expires < now - LEEWAY:
        raise Expired("The token has expired: this was sent before, or a clock is wrong.")
    if isinstance(starts, int | float) and starts > now + LEEWAY:
        raise Expired("The token is not valid yet: a clock is wrong.")
    # Said so that a claim which is not a number at all, which JSON can also write, does not pass.
    if not expires <= now + MAX_AGE + LEEWAY:
        raise Expired("The token is valid for longer than LiveKit makes them.")


def _event(body: bytes) -> WebhookEvent:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    if not isinstance(payload, dict):
        raise Malformed("The body is not an event.")
    return WebhookEvent(
        id=_text(payload.get("id")) or "",
        event=_text(payload.get("event")) or "",
        room=_room(payload),
        identity=_named(payload, "participant", "identity"),
        created_at=_seconds(payload.get("createdAt") or payload.get("created_at")),
    )


def _room(payload: Mapping[str, Any]) -> str | None:
    if isinstance(payload.get("room"), dict):
        # Defaults are left out (livekit.md 6.3): a room without a name has none here either.
        return _named(payload, "room", "name") or ""
    for info in ("egressInfo", "ingressInfo"):
        name = _named(payload, info, "roomName")
        if name is not None:
            return name
    return None


def _named(payload: Mapping[str, Any], part: str, name: str) -> str | None:
    inner = payload.get(part)
    return _text(inner.get(name)) if isinstance(inner, dict) else None


def _text(value: Any) -> str | None:
    # JSON can write half of a surrogate pair, which nothing downstream can store or send.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else None


def _seconds(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), UTC) if value else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None
