"""The record of what was done from here, the refused and the failed acts too. Nothing in it is ever changed."""

from typing import Any

from rooms.models import AuditEntry, Project
from rooms.moderation.access import Actor
from rooms.moderation.verbs import RECORDED, VERBS

OUTCOMES = ("done", "refused", "failed", "uncertain")


async def record(
    project: Project | None,
    actor: Actor,
    verb: str,
    *,
    room: str = "",
    identity: str = "",
    track_sid: str = "",
    target: str = "",
    before: Any = None,
    after: Any = None,
    reason: str = "",
    answer: str = "",
    outcome: str = "done",
    duration_ms: int = 0,
) -> AuditEntry:
    """Write one row and give it back; ``project`` None is an act on accounts.

    ``target`` is what people call the one it was done to, ``before`` and ``after`` are plain JSON data, ``answer`` is
    LiveKit's status and words (never the text of a 401), ``outcome`` one of OUTCOMES, ``duration_ms`` milliseconds.
    Raises ValueError for a verb that the registry does not name: lists, filters and icons are made from it.
    """
    if verb not in VERBS and verb not in RECORDED:
        raise ValueError(f"{verb!r} is no verb of the registry")
    return await AuditEntry.objects.acreate(
        project=project,
        user_id=actor.user_id,
        username=actor.username,
        address=actor.address,
        verb=verb,
        room=room,
        identity=identity,
        track_sid=track_sid,
        target=target,
        before=before,
        after=after,
        reason=reason,
        answer=answer,
        outcome=outcome,
        duration_ms=duration_ms,
    )
