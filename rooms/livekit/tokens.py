"""Access tokens: grants into a JWT, and a JWT into what it allows (livekit.md 5)."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt

from rooms.livekit.grants import SOURCES, GrantLine, VideoGrants, in_words

KINDS = ("standard", "ingress", "egress", "sip", "agent", "connector", "bridge")
# LiveKit allows the clocks this many seconds of difference.
LEEWAY = 60
LONG_TTL = 24 * 3600
LARGEST_TOKEN = 1_048_576
SHORT_SECRET = 32

OTHER_GRANTS = {
    "sip": "SIP grants: {}",
    "agent": "grants for Cloud agents: {}",
    "inference": "grants for inference: {}",
    "observability": "grants for observability: {}",
    "agentEndpoint": "grants for agent endpoints: {}",
    "agentThread": "grants for agent threads: {}",
    "roomConfig": "configures the room if this participant starts it: {}",
    "roomPreset": "uses the room preset {}",
    "sha256": "signs a body (a webhook's token): {}",
}


@dataclass(frozen=True, slots=True)
class TokenSpec:
    """A token to be made. ``ttl`` in seconds; ``kind`` one of KINDS; ``room_config`` in LiveKit's JSON form."""

    identity: str = ""
    name: str = ""
    kind: str = "standard"
    kind_details: tuple[str, ...] = ()
    ttl: int = 600
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    grants: VideoGrants = field(default_factory=VideoGrants)
    room_config: Mapping[str, Any] | None = field(default=None, hash=False)
    room_preset: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a token says. ``why`` tells the outcome of the verification in words; ``problems`` are worth a look.

    ``header`` and ``claims`` are empty when ``readable`` is false. Times are aware UTC.
    """

    readable: bool
    why: str
    verified: bool = False
    key: str = ""
    identity: str = ""
    header: Mapping[str, Any] = field(default_factory=dict, hash=False)
    claims: Mapping[str, Any] = field(default_factory=dict, hash=False)
    not_before: datetime | None = None
    expires: datetime | None = None
    expired: bool = False
    not_yet_valid: bool = False
    grants: tuple[GrantLine, ...] = ()
    problems: tuple[str, ...] = ()


def mint(key: str, secret: str, spec: TokenSpec, *, now: float | None = None) -> str:
    """The signed token of ``spec``, valid from ``now`` (seconds since 1970; the clock if None) for its ttl.

    Raises ValueError for an empty key or secret, a ttl below one second, an unknown kind or source, and a join
    token without an identity.
    """
    if not key or not secret:
        raise ValueError("A token needs a key and a secret.")
    if spec.ttl < 1:
        raise ValueError("A token must be valid for at least a second.")
    if spec.kind not in KINDS:
        raise ValueError(f"Not a kind of participant: {spec.kind}")
    unknown = [each for each in spec.grants.can_publish_sources if each not in SOURCES]
    if unknown:
        raise ValueError(f"Not a source: {', '.join(unknown)}")
    if spec.grants.room_join and not spec.identity:
        raise ValueError("A token for joining needs an identity.")
    start = int(time.time() if now is None else now)
    optional = {
        "sub": spec.identity,
        "name": spec.name,
        "kind": "" if spec.kind == "standard" else spec.kind,
        "kindDetails": list(spec.kind_details),
        "metadata": spec.metadata,
        "attributes": dict(spec.attributes),
        "video": spec.grants.claim(),
        "roomConfig": dict(spec.room_config) if spec.room_config else None,
        "roomPreset": spec.room_preset,
    }
    claims: dict[str, Any] = {"iss": key, "iat": start, "nbf": start, "exp": start + spec.ttl}
    claims.update({name: value for name, value in optional.items() if value})
    return jwt.encode(claims, secret, algorithm="HS256")


def inspect(token: str, secrets: Mapping[str, str], *, now: float | None = None) -> Inspection:
    """What ``token`` allows, and whether one of ``secrets`` (by key) signed it; never raises, whatever it is given."""
    words = token.split()
    token = "".join(words[1:] if words and words[0].lower() in ("bearer", "bearer:") else words)
    try:
        header, claims = _read(token)
    except (ValueError, TypeError, RecursionError, jwt.PyJWTError):
        return Inspection(False, "This is not a token: three parts of base64 with dots between were expected.")
    moment = time.time() if now is None else now
    key = claims.get("iss")
    verified, why = _verify(token, header, key, secrets)
    expires, starts = _number(claims.get("exp")), _number(claims.get("nbf"))
    video = claims.get("video")
    identity = claims.get("sub") or claims.get("jti")
    return Inspection(
        readable=True,
        why=why,
        verified=verified,
        key=key if isinstance(key, str) else "",
        identity=identity if isinstance(identity, str) else "",
        header=header,
        claims=claims,
        not_before=_moment(starts),
        expires=_moment(expires),
        expired=expires is not None and expires < moment,
        not_yet_valid=starts is not None and starts > moment,
        grants=(*in_words(video if isinstance(video, dict) else {}), *_other_grants(claims)),
        problems=tuple(_problems(claims, moment)),
    )


def _read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(token) > LARGEST_TOKEN:
        raise ValueError("too long")
    parts = jwt.PyJWS().decode_complete(token, options={"verify_signature": False})
    header, claims = _text_only(parts["header"]), _text_only(json.loads(parts["payload"]))
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise TypeError("no claims")
    return header, claims


def _text_only(value: Any) -> Any:
    """``value`` without lone surrogates: JSON can write them, and no page can be made of them."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _verify(token: str, header: Mapping[str, Any], key: Any, secrets: Mapping[str, str]) -> tuple[bool, str]:
    if header.get("alg") != "HS256":
        return False, "LiveKit accepts only tokens that are signed with HS256."
    secret = secrets.get(key) if isinstance(key, str) else None
    if secret is None:
        return False, "Not verified: the key that it names is not this project's."
    try:
        jwt.PyJWS().decode_complete(token, secret, algorithms=["HS256"])
    except (jwt.PyJWTError, ValueError, TypeError):
        return False, "The signature is wrong: another secret signed it, or it was changed afterwards."
    return True, "The signature is right: this project's secret signed it."


def _other_grants(claims: Mapping[str, Any]) -> list[GrantLine]:
    present = [(name, words) for name, words in OTHER_GRANTS.items() if claims.get(name)]
    return [GrantLine(name, True, True, words.format(json.dumps(claims[name]))) for name, words in present]


def _problems(claims: Mapping[str, Any], now: float) -> list[str]:
    video = claims.get("video")
    video = video if isinstance(video, dict) else {}
    joins, administers = video.get("roomJoin") is True, video.get("roomAdmin") is True
    expires, starts = _number(claims.get("exp")), _number(claims.get("nbf"))
    begin = starts if starts is not None else now
    identity = claims.get("sub") or claims.get("jti")
    sources = video.get("canPublishSources")
    strange = [str(each) for each in sources if str(each) not in SOURCES] if isinstance(sources, list) else []
    server_wide = [name for name in ("roomCreate", "roomList", "roomRecord", "ingressAdmin") if video.get(name) is True]
    checks = [
        (expires is None, "It never expires: LiveKit up to 1.13.5 accepts that, newer servers refuse it."),
        (
            expires is not None and expires - begin > LONG_TTL,
            "It is valid for more than a day; a removed person can come back with it until it expires.",
        ),
        (
            expires is not None and expires < now <= expires + LEEWAY,
            "It expired less than a minute ago: LiveKit still accepts it, as it allows clocks a minute.",
        ),
        (starts is not None and starts > now + LEEWAY, "It is not valid yet. If it was just made, a clock is wrong."),
        (not video, "It has no video grant: it allows nothing in a room."),
        (joins and not identity, "It is for joining and names no identity: LiveKit refuses it."),
        (joins and not video.get("room"), "It is for joining and names no room."),
        (
            administers and not video.get("room"),
            "It administers a room and names none; there is no grant for all rooms.",
        ),
        (
            joins and administers,
            "Whoever joins with it also administers the room: they can mute, remove and change everybody.",
        ),
        (
            joins and bool(server_wide),
            f"Whoever joins with it also holds grants for the whole server: {', '.join(server_wide)}.",
        ),
        (
            video.get("canPublish") is False and bool(sources),
            "It lists sources and may not publish: the list has no effect.",
        ),
        (bool(strange), f"LiveKit knows no such source: {', '.join(strange)}."),
        (_kind_is_strange(claims.get("kind")), "LiveKit does not know this kind and takes it as standard."),
    ]
    return [words for applies, words in checks if applies]


def _kind_is_strange(kind: Any) -> bool:
    return bool(kind) and kind not in KINDS


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _moment(seconds: float | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
