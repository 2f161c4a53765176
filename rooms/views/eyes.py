"""With which rights and knowledge a page is rendered, for views and sockets alike."""

from __future__ import annotations

from rooms.live.rows import Eyes
from rooms.moderation.access import Right, Standing
from rooms.moderation.actions import abilities


async def eyes_of(standing: Standing) -> Eyes:
    """Return what ``standing`` may do now, and what the project or its server is known not to allow."""
    known = await abilities.known(standing.project)
    missing = {name for name, ability in known.items() if not ability.able}
    if not standing.project.allow_remote_unmute:
        missing.add("remote_unmute")
    return Eyes(standing.may(Right.ACT), frozenset(missing))
