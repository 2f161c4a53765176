"""With which rights and knowledge a page is looked at: what is rendered for the same eyes may be shared."""

from __future__ import annotations

from dataclasses import dataclass

from rooms.models import Ability
from rooms.moderation.access import Right, Standing


@dataclass(frozen=True, slots=True)
class Eyes:
    """``missing`` names what this project or its server is known not to allow ("remote_unmute", "move", "forward")."""

    may_act: bool = False
    missing: frozenset[str] = frozenset()


async def eyes_of(standing: Standing) -> Eyes:
    """Return what ``standing`` may do now, and what the project's switch or its server's answers rule out."""
    refused = Ability.objects.filter(project=standing.project, able=False).values_list("name", flat=True)
    missing = {name async for name in refused}
    if not standing.project.allow_remote_unmute:
        missing.add("remote_unmute")
    return Eyes(standing.may(Right.ACT), frozenset(missing))
