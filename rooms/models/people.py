"""Changing what an account may do in all of Greenroom. Somebody who administers all of it always stays."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from rooms.models.password import end_sessions

TAKEN = "There is an account of this name already."


class LastSuperuser(Exception):
    """The change would leave nobody who administers all of Greenroom."""


class NameTaken(Exception):
    """Somebody has that name, or one that differs from it in case only."""


def _superusers() -> list[User]:
    """Those who administer all of Greenroom and may sign in. Locks their rows: changes to accounts wait in line."""
    return list(User.objects.select_for_update().filter(is_superuser=True, is_active=True))


def is_taken(username: str) -> bool:
    """Whether an account has this name; names that differ in case only would be taken for one another. Database.

    Compared here, because SQLite knows upper and lower case in ASCII only.
    """
    folded = username.casefold()
    return any(name.casefold() == folded for name in User.objects.values_list("username", flat=True).iterator())


@transaction.atomic
def add(username: str, password: str, *, superuser: bool) -> User:
    """Make an account; without a password nobody signs in to it until a link sets one. Raises NameTaken."""
    _superusers()
    if is_taken(username):
        raise NameTaken
    return User.objects.create_user(username, password=password or None, is_superuser=superuser)


def _locked(user: User, *, losing: bool) -> User:
    """The account as it is now, locked with every superuser's, so that two who demote each other do not cross."""
    superusers = _superusers()
    now = User.objects.select_for_update().get(pk=user.pk)
    if losing and superusers == [now]:
        raise LastSuperuser
    return now


@transaction.atomic
def set_active(user: User, active: bool) -> bool:
    """Switch the account on or off; return whether that changed anything. Raises LastSuperuser and User.DoesNotExist.

    Its sessions end for good: who is switched on again signs in again, with the same password.
    """
    now = _locked(user, losing=not active)
    if now.is_active == active:
        return False
    now.is_active = active
    end_sessions(now)
    now.save(update_fields=["is_active", "password"])
    return True


@transaction.atomic
def set_superuser(user: User, superuser: bool) -> bool:
    """Let the account administer all of Greenroom, or not; return whether that changed anything.

    Raises LastSuperuser and User.DoesNotExist.
    """
    now = _locked(user, losing=not superuser)
    if now.is_superuser == superuser:
        return False
    now.is_superuser = superuser
    now.save(update_fields=["is_superuser"])
    return True
