"""The claims of a token and the types that they must have (``protocol:auth`` of livekit-server 1.13.5)."""

from typing import Any

from google.protobuf.json_format import MessageToDict
from livekit.protocol.room import RoomConfiguration

from .gojson import Pairs, Struct, decode, number, plain, whole_value
from .protojson import read_message

_FIRST_SECOND = -(2**63)  # what Go makes of a second too far away for it
_DATES = ("exp", "nbf", "iat")
_NAMES = ("iss", "sub", "jti")
_REGISTERED = Struct("", dict.fromkeys((*_NAMES, *_DATES, "aud"), "any"))
_PERMISSIONS = (
    "roomCreate roomList roomRecord roomAdmin roomJoin canPublish canSubscribe canPublishData canUpdateOwnMetadata "
    "ingressAdmin hidden recorder agent canSubscribeMetrics canManageAgentSession"
)


def _grant(kind: str, claim: str, **fields: str) -> Struct:
    return Struct(f"auth.{kind}", fields, f"{kind}.ClaimGrants.{claim}.")


_VIDEO = _grant(
    "VideoGrant",
    "video",
    **dict.fromkeys(_PERMISSIONS.split(), "bool"),
    room="string",
    destinationRoom="string",
    canPublishSources="[]string",
)
_GRANTS = Struct(
    "tokenClaims",
    {
        **dict.fromkeys(("identity", "name", "kind", "roomPreset", "sha256", "metadata"), "string"),
        "kindDetails": "[]string",
        "attributes": "map[string]string",
        "video": _VIDEO,
        "sip": _grant("SIPGrant", "sip", admin="bool", call="bool"),
        "agent": _grant("AgentGrant", "agent", admin="bool"),
        "inference": _grant("InferenceGrant", "inference", perform="bool"),
        "observability": _grant("ObservabilityGrant", "observability", write="bool"),
        "roomConfig": "any",
    },
    "tokenClaims.ClaimGrants.",
)


class ClaimFault(Exception):
    """A claim of a wrong type, in the words of Go's library."""


def read_registered(payload: str) -> dict[str, Any]:
    """The claims that every JWT may have; dates in seconds, UTC. Raises ValueError for a wrong type."""
    pairs = whole_value(payload)
    if pairs is None:
        return {}
    if not isinstance(pairs, Pairs):
        raise ValueError("the claims are no object")
    found, _ = decode(pairs, _REGISTERED)
    for name, value in found.items():
        if value is None:
            continue
        if name in _DATES:
            found[name] = _seconds(value)
        elif not (isinstance(value, str) or (name == "aud" and _are_strings(value))):
            raise ValueError(f"{name} is no text")
    return found


def read_grants(payload: str) -> dict[str, Any]:
    """The claims that are LiveKit's. Raises ClaimFault."""
    pairs = whole_value(payload) or Pairs()
    room_config = {key: value for key, value in pairs if key.lower() == "roomconfig"}
    found, fault = decode(pairs, _GRANTS)
    if fault:
        raise ClaimFault(fault)
    for value in room_config.values():
        found["roomConfig"] = _room_config(value)
    return found


def _room_config(value: Any) -> dict[str, Any] | None:
    """A RoomConfiguration in camel case. Raises ClaimFault."""
    if value is None:
        return None
    try:
        return MessageToDict(read_message(value, RoomConfiguration))
    except ValueError:
        raise ClaimFault(f"proto: syntax error (line 1:1): unexpected token {_first_token(value)}") from None


def _first_token(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    return str(plain(value))[0] if isinstance(value, list) else str(value)


def _seconds(value: Any) -> int:
    seconds = number(value)
    return int(seconds) if abs(seconds) < 2.0**63 else _FIRST_SECOND


def _are_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
