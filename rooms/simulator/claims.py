"""The types that the claims of a token must have: a claim of another type is a malformed token, not a missing one."""

from collections.abc import Mapping
from typing import Any

_BOOLS = (
    "roomCreate roomList roomRecord roomAdmin roomJoin canPublish canSubscribe canPublishData canUpdateOwnMetadata "
    "ingressAdmin hidden recorder agent canSubscribeMetrics canManageAgentSession"
)
_VIDEO = {**dict.fromkeys(_BOOLS.split(), "bool"), "room": "string", "destinationRoom": "string"}
_GRANTS = {
    **dict.fromkeys(("name", "kind", "roomPreset", "sha256", "metadata"), "string"),
    "kindDetails": "[]string",
    "attributes": "map[string]string",
    "video": "auth.VideoGrant",
}
_REGISTERED = {**dict.fromkeys(("iss", "sub", "jti"), "string"), **dict.fromkeys(("exp", "nbf", "iat"), "number")}
_SHAPE = {"bool": "bool", "string": "string", "number": "number", "[]string": "array"}


def registered_fault(claims: Mapping[str, Any]) -> bool:
    """Whether a registered claim (``iss``, ``exp`` ...) has a type that it must not have."""
    return any(_shape(claims.get(name)) not in (wanted, "null") for name, wanted in _REGISTERED.items())


def grant_fault(claims: Mapping[str, Any]) -> str | None:
    """What Go's JSON decoder says about the first claim of a wrong type, None when all are right."""
    fault = _first_fault(claims, _GRANTS, "tokenClaims.ClaimGrants.")
    video = claims.get("video")
    if fault or not video:
        return fault
    lists = {**_VIDEO, "canPublishSources": "[]string"}
    return _first_fault(video, lists, "VideoGrant.ClaimGrants.video.")


def _first_fault(values: Mapping[str, Any], types: Mapping[str, str], where: str) -> str | None:
    for name, wanted in types.items():
        shape = _shape(values.get(name))
        item = _wrong_item(values.get(name)) if wanted in ("[]string", "map[string]string") else None
        if shape not in (_SHAPE.get(wanted, "object"), "null"):
            return f"json: cannot unmarshal {shape} into Go struct field {where}{name} of type {wanted}"
        if item:
            return f"json: cannot unmarshal {item} into Go struct field {where}{name} of type string"
    return None


def _wrong_item(values: Any) -> str | None:
    """The shape of the first item of a list or map that is not a string."""
    items = values.values() if isinstance(values, dict) else values if isinstance(values, list) else ()
    return next((_shape(item) for item in items if not isinstance(item, str | None)), None)


def _shape(value: Any) -> str:
    """What JSON calls this value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
