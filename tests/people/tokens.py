"""Join tokens as an app's backend makes them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import jwt

from tests.servers.server import Server

GRANT_NAMES = {
    "room_join": "roomJoin",
    "room_create": "roomCreate",
    "room_list": "roomList",
    "room_admin": "roomAdmin",
    "room": "room",
    "can_publish": "canPublish",
    "can_subscribe": "canSubscribe",
    "can_publish_data": "canPublishData",
    "can_publish_sources": "canPublishSources",
    "can_update_own_metadata": "canUpdateOwnMetadata",
    "can_subscribe_metrics": "canSubscribeMetrics",
    "can_manage_agent_session": "canManageAgentSession",
    "destination_room": "destinationRoom",
    "hidden": "hidden",
    "recorder": "recorder",
    "agent": "agent",
}


def signed(server: Server, claims: Mapping[str, Any], *, key: str = "", secret: str = "", ttl: int | None = 600) -> str:
    """A JWT of ``claims`` by the server's key, or by the one given. ``ttl`` in seconds; None leaves exp out."""
    now = int(time.time())
    payload: dict[str, Any] = {"iss": key or server.key, "nbf": now, "iat": now, **claims}
    if ttl is not None:
        payload.setdefault("exp", now + ttl)
    return jwt.encode(payload, secret or server.secret, algorithm="HS256")


def grants(**given: Any) -> dict[str, Any]:
    """The video claim; only what is given goes in, because an unset grant means something else than a false one."""
    return {GRANT_NAMES[name]: value for name, value in given.items()}


def join_token(
    server: Server,
    room: str,
    identity: str,
    *,
    name: str = "",
    metadata: str = "",
    attributes: Mapping[str, str] | None = None,
    kind: str = "",
    ttl: int | None = 600,
    **given: Any,
) -> str:
    """A token that lets ``identity`` into ``room``. Further keywords are grants (``can_publish=False``)."""
    claims: dict[str, Any] = {"sub": identity, "video": grants(**{"room_join": True, "room": room, **given})}
    claims |= {key: value for key, value in (("name", name), ("metadata", metadata), ("kind", kind)) if value}
    if attributes:
        claims["attributes"] = dict(attributes)
    return signed(server, claims, ttl=ttl)
