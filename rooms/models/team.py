"""Changing who is in a project. Its last administrator always stays."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from rooms.models.membership import Membership, Role
from rooms.models.project import Project


class LastAdministrator(Exception):
    """The change would leave the project without an administrator."""


def _only_administrator(membership: Membership) -> bool:
    """Whether nobody else is administrator there. Locks the project's row, so that two removals do not cross."""
    Project.objects.select_for_update().get(pk=membership.project_id)
    others = Membership.objects.filter(project=membership.project_id, role=Role.ADMINISTRATOR).exclude(pk=membership.pk)
    return membership.role == Role.ADMINISTRATOR and not others.exists()


@transaction.atomic
def add_member(project: Project, user: User, role: Role) -> Membership:
    """Give ``user`` a role in ``project``."""
    return Membership.objects.create(project=project, user=user, role=role)


@transaction.atomic
def change_role(membership: Membership, role: Role) -> None:
    """Another role. Raises LastAdministrator."""
    if role != Role.ADMINISTRATOR and _only_administrator(membership):
        raise LastAdministrator
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove_member(membership: Membership) -> None:
    """Take the role away. Raises LastAdministrator."""
    if _only_administrator(membership):
        raise LastAdministrator
    membership.delete()
