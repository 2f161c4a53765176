"""Roles and rights: the only place that knows them.

Pages, fragments, actions and sockets all ask here. Somebody without a role in a project is told that there is no such
project (404); somebody whose role is too small is told which one is needed (403).
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from rooms.models import Membership, Project, Role
from rooms.moderation.addresses import client_address

UNLOCK_SECONDS = 30 * 60
STRENGTH = {Role.VIEWER: 1, Role.MODERATOR: 2, Role.ADMINISTRATOR: 3}


class Right(enum.Enum):
    """What a page or a verb needs; the value is the weakest role that has it.

    Making a join token is ACT, making one with the grants of an administrator is ADMINISTER.
    """

    SEE = Role.VIEWER
    ACT = Role.MODERATOR
    ADMINISTER = Role.ADMINISTRATOR


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the audit records it. ``address`` is the client's IP address."""

    user_id: int | None
    username: str
    address: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ProjectLink:
    """A project that the user may open: enough for a menu."""

    slug: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """One user in one project: made once per request or socket, then asked."""

    project: Project
    role: Role
    user: User
    address: str = ""
    # When the user's unlocking of a read-only project ends, in seconds since 1970; 0 is locked.
    unlocked_until: float = 0.0
    projects: tuple[ProjectLink, ...] = ()

    @property
    def unlocked(self) -> bool:
        """Whether this user has unlocked the project and the time has not run out."""
        return self.unlocked_until > time.time()

    @property
    def locked(self) -> bool:
        """Whether the project is read-only for this user at this moment."""
        return self.project.read_only and not self.unlocked

    @property
    def actor(self) -> Actor:
        """The user as the audit records them."""
        return Actor(self.user.pk, self.user.get_username(), self.address)

    def has_role_for(self, right: Right) -> bool:
        """Whether the role is strong enough, locked or not: decides which buttons are shown."""
        return STRENGTH[self.role] >= STRENGTH[right.value]

    def may(self, right: Right) -> bool:
        """Whether the user may do it now. A locked project takes ACT away, for administrators too."""
        return self.has_role_for(right) and not (right is Right.ACT and self.locked)

    @property
    def may_act(self) -> bool:
        """``may(Right.ACT)`` for templates."""
        return self.may(Right.ACT)

    @property
    def may_administer(self) -> bool:
        """``may(Right.ADMINISTER)`` for templates."""
        return self.may(Right.ADMINISTER)

    @property
    def may_delete(self) -> bool:
        """Whether the user may delete the project now; one from LIVEKIT_* would come back with the next start."""
        return self.may_administer and not self.locked and not self.project.from_environment

    @property
    def may_unlock(self) -> bool:
        """Whether nothing but the lock keeps the user from acting."""
        return self.locked and self.has_role_for(Right.ACT)

    def refusal(self, right: Right) -> str:
        """Why ``may`` says no, in words."""
        if not self.has_role_for(right):
            return f"This needs the role {right.value.label} in {self.project.name}; you are {self.role.label} there."
        return f"{self.project.name} is read-only until you unlock it."


def projects_of(user: AbstractBaseUser | AnonymousUser) -> list[Project]:
    """The projects that the user may see, by name."""
    if not isinstance(user, User) or not user.is_active:
        return []
    there = Project.objects.filter(deleted_at=None)
    return list(there if user.is_superuser else there.filter(memberships__user=user))


def deleted_projects_of(user: AbstractBaseUser | AnonymousUser) -> list[Project]:
    """The deleted projects whose audit the user may read, the last deleted first."""
    if not keeps_accounts(user):
        return []
    return list(Project.objects.exclude(deleted_at=None).order_by("-deleted_at"))


def role_of(user: AbstractBaseUser | AnonymousUser, project: Project) -> Role | None:
    """The user's role there. A superuser is administrator of every project."""
    if not isinstance(user, User) or not user.is_active:
        return None
    if project.deleted_at is not None and not user.is_superuser:
        return None
    if user.is_superuser:
        return Role.ADMINISTRATOR
    membership = Membership.objects.filter(user=user, project=project).first()
    return Role(membership.role) if membership else None


def may_create_projects(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Superusers, and whoever already is an administrator of some project."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or Membership.objects.filter(user=user, role=Role.ADMINISTRATOR).exists()


def creates_only_through(standing: Standing) -> bool:
    """Whether this project alone lets the user create projects, so that nothing does once it is deleted."""
    roles = Membership.objects.filter(user=standing.user, role=Role.ADMINISTRATOR)
    return not standing.user.is_superuser and not roles.exclude(project=standing.project).exists()


def keeps_accounts(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the user administers all of Greenroom: every project, every account, what is left of deleted projects."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def may_change_account(acting_user: User, user: User) -> bool:
    """Whether ``acting_user`` may switch ``user`` off or make them more or less: anybody's account but one's own."""
    return keeps_accounts(acting_user) and acting_user.pk != user.pk


def may_reset_password(standing: Standing, user: User) -> bool:
    """Whether an administrator may make a password link for ``user``.

    With the link comes everything that the account may do, so only who is administrator of all of it may.
    """
    if standing.user.is_superuser:
        return True
    if user.is_superuser or not user.is_active or standing.role is not Role.ADMINISTRATOR:
        return False
    mine = Membership.objects.filter(user=standing.user, role=Role.ADMINISTRATOR).values("project_id")
    return not Membership.objects.filter(user=user).exclude(project_id__in=mine).exists()


def standing_now(
    user: AbstractBaseUser | AnonymousUser,
    slug: str,
    *,
    address: str = "",
    unlocked_until: float = 0.0,
    deleted: bool = False,
) -> Standing | None:
    """The user's standing in the project ``slug``; None when there is no such project for this user. Database.

    ``deleted`` finds deleted projects too, for pages of what is left of them.
    """
    mine = projects_of(user)
    every = mine + deleted_projects_of(user) if deleted else mine
    project = next((each for each in every if each.slug == slug), None)
    role = role_of(user, project) if project else None
    if project is None or role is None:
        return None
    return Standing(
        project=project,
        role=role,
        user=cast(User, user),
        address=address,
        unlocked_until=unlocked_until,
        projects=tuple(ProjectLink(each.slug, each.name) for each in mine),
    )


async def standing_for(
    user: AbstractBaseUser | AnonymousUser, slug: str, *, address: str = "", unlocked_until: float = 0.0
) -> Standing | None:
    """``standing_now`` for coroutines, sockets above all."""
    return await sync_to_async(standing_now)(user, slug, address=address, unlocked_until=unlocked_until)


def unlock_key(project: Project) -> str:
    """Where the session keeps until when the user has unlocked ``project``."""
    return f"unlocked:{project.pk}"


def unlock(request: HttpRequest, project: Project) -> None:
    """Let this session act in a read-only project for UNLOCK_SECONDS."""
    request.session[unlock_key(project)] = time.time() + UNLOCK_SECONDS


def lock(request: HttpRequest, project: Project) -> None:
    """Take ``unlock`` back."""
    request.session.pop(unlock_key(project), None)


def _project_for(request: HttpRequest, slug: str, right: Right, deleted: bool = False) -> Standing:
    standing = standing_now(request.user, slug, address=client_address(request), deleted=deleted)
    if standing is None:
        raise Http404("There is no such project, or you have no role in it.")
    until = request.session.get(unlock_key(standing.project), 0.0) if standing.project.read_only else 0.0
    standing = dataclasses.replace(standing, unlocked_until=until)
    if not standing.may(right):
        raise PermissionDenied(standing.refusal(right))
    return standing


async def project_for(request: HttpRequest, slug: str, right: Right = Right.SEE, *, deleted: bool = False) -> Standing:
    """The signed-in user's standing in the project ``slug``.

    Sets ``request.user`` and ``request.standing``, so that templates use both without a query.

    Raises Http404 without a role there, PermissionDenied when the role is too small or the project is locked.
    """
    request.user = await request.auser()
    standing = await sync_to_async(_project_for)(request, slug, right, deleted)
    request.standing = standing  # type: ignore[attr-defined]
    return standing


def project_for_sync(request: HttpRequest, slug: str, right: Right = Right.SEE) -> Standing:
    """``project_for`` for views that are no coroutines."""
    standing = _project_for(request, slug, right)
    request.standing = standing  # type: ignore[attr-defined]
    return standing


def require_role(standing: Standing, right: Right) -> None:
    """Raise PermissionDenied unless the role is strong enough, locked or not."""
    if not standing.has_role_for(right):
        raise PermissionDenied(standing.refusal(right))


View = Callable[..., Any]


def needs(right: Right, *, deleted: bool = False) -> Callable[[View], View]:
    """Decorate ``view(request, standing, **kwargs)`` of an address with ``<slug:slug>``: it runs only with ``right``.

    Works for coroutines and plain functions. Nobody signed in: to the sign-in page. ``deleted`` marks what stays of a
    deleted project, for coroutines only.
    """

    def decorate(view: View) -> View:
        if iscoroutinefunction(view):

            @functools.wraps(view)
            async def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
                request.user = await request.auser()
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                standing = await project_for(request, slug, right, deleted=deleted)
                return await cast(Callable[..., Awaitable[HttpResponseBase]], view)(request, standing, **kwargs)

            return guarded

        @functools.wraps(view)
        def guarded_sync(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            return cast(HttpResponseBase, view(request, project_for_sync(request, slug, right), **kwargs))

        return guarded_sync

    return decorate
