"""Group names and ``publish``: the only caller of ``group_send`` in the project.

Group names are hashes. Room names may hold anything (slashes, emoji, NUL), channel-layer groups may not.
A message is a plain dict of msgpack-able values; it is a hint to look or a difference to apply, never a
rendered page: each process renders for its own readers.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import Any, NamedTuple

from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

PUBLISH_SECONDS = 2.0

# Messages that concern everybody in the deployment (rights taken away, project settings changed).
EVERYBODY = "greenroom.everybody"


class Topic(NamedTuple):
    """What a page looks at: one room of a project, or (``room is None``) the project's list of rooms."""

    project_id: int
    room: str | None = None

    @property
    def group(self) -> str:
        """Return the channel-layer group of this topic: ASCII, under 100 characters, one to one."""
        if self.room is None:
            return f"greenroom.{self.project_id}.rooms"
        digest = hashlib.sha256(self.room.encode()).hexdigest()[:40]
        return f"greenroom.{self.project_id}.room.{digest}"


async def publish(group: str, message: dict[str, Any]) -> None:
    """Send ``message`` to every process of the deployment that joined ``group``.

    A message may be lost, as when Redis is away: what it tells has happened all the same, and a page repairs itself by
    reading. It takes PUBLISH_SECONDS at most.
    """
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(PUBLISH_SECONDS):
            await layer.group_send(group, {"type": "greenroom", "group": group, "body": message})
    except Exception as error:
        logger.warning("The other processes could not be told: %s", error or type(error).__name__)


async def publish_rights(project_id: int | None, user_id: int) -> None:
    """Tell every process that this user's rights changed, so that sockets held on the old ones are closed.

    ``project_id`` None means: in every project (logged out, deactivated).
    """
    await publish(EVERYBODY, {"kind": "rights", "project": project_id, "user": user_id})


async def publish_project(project_id: int) -> None:
    """Tell every process that a project's settings changed, so that readers take them up at once."""
    await publish(EVERYBODY, {"kind": "project", "project": project_id})
