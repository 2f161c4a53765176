"""What every page shows around its own content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from rooms.moderation import access


def shell(request: HttpRequest) -> dict[str, Any]:
    """``standing`` and ``project`` (None outside a project), ``projects`` of the user, ``keeps_accounts``, ``demo``.

    Inside a project all of it was loaded with the standing; elsewhere the list is read when a template asks, which
    only views that are no coroutines may do.
    """
    standing: access.Standing | None = getattr(request, "standing", None)
    if standing is not None:
        projects: Any = standing.projects
    else:
        projects = SimpleLazyObject(
            lambda: tuple(access.ProjectLink(each.slug, each.name) for each in access.projects_of(request.user))
        )
    return {
        "standing": standing,
        "project": standing.project if standing else None,
        "projects": projects,
        "keeps_accounts": SimpleLazyObject(lambda: access.keeps_accounts(request.user)),
        "demo": settings.DEMO,
        "address_of_livekit": settings.LIVEKIT_URL,
    }
