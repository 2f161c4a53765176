"""Deleting a project: everything that works goes, what was done there stays on record."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from rooms.models.project import Project


class NotDeletable(Exception):
    """The project comes from the environment, which would make it again."""


@transaction.atomic
def delete_project(project: Project, username: str) -> dict[str, Any]:
    """Erase secrets, roles and what was learned of the server; return what there was. Database.

    The kept feed is nobody's from now on, and ``feed.prune_some`` erases it: a long one is no work for one transaction.

    The row stays, marked, because an audit that whom it tells of could delete would be worth nothing; and so does the
    slug, because a later project of that name would otherwise get the webhooks and the bookmarks of this one.
    Raises NotDeletable; deleting what is deleted already changes nothing.
    """
    now = Project.objects.select_for_update().get(pk=project.pk)
    if now.from_environment:
        raise NotDeletable
    if now.deleted_at is not None:
        return {}
    members = {each.user.username: each.role for each in now.memberships.select_related("user")}
    now.memberships.all().delete()
    now.abilities.all().delete()
    changes = now.feed.count()
    now.api_secret = now.previous_api_secret = now.previous_api_key = ""
    now.keep_history = now.observer = now.read_only = False
    now.deleted_at, now.deleted_by = timezone.now(), username
    now.save()
    return {"name": now.name, "url": now.url, "api_key": now.api_key, "members": members, "changes": changes}
