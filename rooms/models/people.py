"""Changing what an account may do in all of Greenroom. Somebody who administers all of it always stays."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction


class LastSuperuser(Exception):
    """The change would leave nobody who administers all of Greenroom."""


def _locked(user: User, *, losing: bool) -> User:
    """The account as it is now. Locks every superuser's row, so that two who demote each other do not cross."""
    superusers = list(User.objects.select_for_update().filter(is_superuser=True, is_active=True))
    now = User.objects.select_for_update().get(pk=user.pk)
    if losing and superusers == [now]:
        raise LastSuperuser
    return now


@transaction.atomic
def set_active(user: User, active: bool) -> bool:
    """Switch the account on or off; return whether that changed anything. Raises LastSuperuser."""
    now = _locked(user, losing=not active)
    changed = now.is_active != active
    now.is_active = active
    now.save(update_fields=["is_active"])
    return changed


@transaction.atomic
def set_superuser(user: User, superuser: bool) -> bool:
    """Let the account administer all of Greenroom, or not; return whether that changed anything.

    Raises LastSuperuser.
    """
    now = _locked(user, losing=not superuser)
    changed = now.is_superuser != superuser
    now.is_superuser = superuser
    now.save(update_fields=["is_superuser"])
    return changed
