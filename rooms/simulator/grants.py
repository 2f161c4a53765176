"""Between the grants of a token and the permission of a participant (``protocol:auth/grants.go``)."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

import jwt
from livekit.protocol.models import (
    ParticipantInfo,
    ParticipantPermission,
    TrackSource,
)

from .errors import permissions_denied

_SOURCES: Mapping[str, int] = dict(TrackSource.items())
_SOURCE_NAMES: Mapping[int, str] = {number: name.lower() for name, number in TrackSource.items()}
_KINDS: Mapping[str, int] = dict(ParticipantInfo.Kind.items())
_KIND_DETAILS: Mapping[str, int] = dict(ParticipantInfo.KindDetail.items())

_UNSET_IS_NOT_FALSE = {
    "canPublish",
    "canSubscribe",
    "canPublishData",
    "canUpdateOwnMetadata",
    "canSubscribeMetrics",
    "canManageAgentSession",
}

REFRESH_TTL = 600  # seconds; a longer rest of the original token is kept


def source_number(name: str) -> int:
    """The source a token names, UNKNOWN for a name that LiveKit does not know."""
    return _SOURCES.get(name.upper(), TrackSource.UNKNOWN)


def kind_number(name: str) -> int:
    """The kind a token names, STANDARD for an unknown one."""
    return _KINDS.get(name.upper(), _KINDS["STANDARD"])


def kind_details(names: Iterable[str]) -> list[int]:
    """The kind details a token names; unknown ones are dropped."""
    return [_KIND_DETAILS[name.upper()] for name in names if name.upper() in _KIND_DETAILS]


def permission_from_grant(video: Mapping[str, Any]) -> ParticipantPermission:
    """Resolve the three-state fields of a video grant as LiveKit does (``ToPermission``)."""

    def granted(name: str, default: bool) -> bool:
        value = video.get(name)
        return default if value is None else bool(value)

    can_publish = granted("canPublish", True)
    sources = video.get("canPublishSources") or []
    return ParticipantPermission(
        can_subscribe=granted("canSubscribe", True),
        can_publish=can_publish,
        can_publish_data=granted("canPublishData", can_publish),
        can_publish_sources=[source_number(name) for name in sources],  # type: ignore[misc]
        hidden=bool(video.get("hidden")),
        recorder=bool(video.get("recorder")),
        can_update_metadata=granted("canUpdateOwnMetadata", False),
        agent=bool(video.get("agent")),
        can_subscribe_metrics=granted("canSubscribeMetrics", False),
        can_manage_agent_session=granted("canManageAgentSession", False),
    )


def grant_from_permission(video: Mapping[str, Any], permission: ParticipantPermission) -> dict[str, Any]:
    """``video`` after the permission has been replaced (``UpdateFromPermission``)."""
    grant = dict(video)
    grant.update(
        canPublish=permission.can_publish,
        canSubscribe=permission.can_subscribe,
        canPublishData=permission.can_publish_data,
        canPublishSources=[source_name(number) for number in permission.can_publish_sources],
        canUpdateOwnMetadata=permission.can_update_metadata,
        hidden=permission.hidden,
        recorder=permission.recorder,
        agent=permission.agent,
        canSubscribeMetrics=permission.can_subscribe_metrics,
        canManageAgentSession=permission.can_manage_agent_session,
    )
    return grant


def written(video: Mapping[str, Any]) -> dict[str, Any]:
    """The video grant as Go writes it: without what was never said, nor what is false or empty and says no more."""
    return {name: value for name, value in video.items() if value or (value is False and name in _UNSET_IS_NOT_FALSE)}


def source_name(number: int) -> str:
    """The name of a source in a token; the digits of a number that LiveKit does not know."""
    return _SOURCE_NAMES.get(number, str(number))


def may_publish(permission: ParticipantPermission, source: int) -> bool:
    """Whether a track of ``source`` may be published; an empty list of sources allows them all."""
    if not permission.can_publish:
        return False
    sources = permission.can_publish_sources
    return not sources or source in sources


def refreshed(claims: Mapping[str, Any], expires_at: float | None) -> dict[str, Any]:
    """``claims`` made anew: valid ten minutes or what was left of the original (``refreshToken``). Seconds, UTC."""
    now = int(time.time())
    until = max(now + REFRESH_TTL, int(expires_at or 0))
    fresh = {name: value for name, value in claims.items() if value}
    return {**fresh, "identity": claims["sub"], "nbf": now, "iat": now, "exp": until}


def refresh_token(claims: Mapping[str, Any], key: str, secret: str) -> str:
    """Sign what ``refreshed`` gave."""
    return jwt.encode({**claims, "iss": key}, secret, "HS256")


def require(video: Mapping[str, Any], **wanted: object) -> None:
    """Raise the 401 of LiveKit unless every wanted field of the grant has exactly that value."""
    for name, value in wanted.items():
        if (video.get(name) or type(value)()) != value:
            raise permissions_denied()
