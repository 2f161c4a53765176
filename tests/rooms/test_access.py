"""Roles and rights."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from rooms.models import Membership, Project, Role
from rooms.moderation import access, addresses
from rooms.moderation.access import Right, Standing


def standing(project: Project, role: Role, unlocked_until: float = 0.0) -> Standing:
    """Somebody with this role."""
    return Standing(project=project, role=role, user=User(username="x"), unlocked_until=unlocked_until)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.VIEWER, {Right.SEE}),
        (Role.MODERATOR, {Right.SEE, Right.ACT}),
        (Role.ADMINISTRATOR, {Right.SEE, Right.ACT, Right.ADMINISTER}),
    ],
)
def test_a_role_has_its_rights_and_those_below(role: Role, rights: set[Right]) -> None:
    assert {right for right in Right if standing(Project(), role).may(right)} == rights


def test_a_read_only_project_takes_acting_away_until_it_is_unlocked() -> None:
    locked = standing(Project(read_only=True), Role.ADMINISTRATOR)
    assert not locked.may(Right.ACT)
    assert locked.may(Right.ADMINISTER)
    assert locked.may_unlock
    unlocked = standing(Project(read_only=True), Role.MODERATOR, time.time() + 60)
    assert unlocked.may(Right.ACT)
    over = standing(Project(read_only=True), Role.MODERATOR, time.time() - 1)
    assert not over.may(Right.ACT)


async def test_somebody_without_a_role_is_told_that_there_is_no_project(
    nora: User, otto: User, bare_project: Project
) -> None:
    for user in (nora, otto, AnonymousUser()):
        assert await access.standing_for(user, "studio") is None


async def test_a_superuser_is_administrator_everywhere(bare_project: Project) -> None:
    root = await User.objects.acreate(username="root", is_superuser=True)
    found = await access.standing_for(root, "studio")
    assert found is not None
    assert found.role is Role.ADMINISTRATOR


async def test_an_account_that_is_switched_off_has_no_standing(mona: User) -> None:
    mona.is_active = False
    assert await access.standing_for(mona, "studio") is None


def request_of(user: User, rf: RequestFactory) -> Any:
    """A request of somebody who is signed in, with a session."""
    request: Any = rf.get("/")
    request.user, request.session = user, {}
    return request


def test_project_for_refuses_with_404_and_403(vic: User, nora: User, rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        access.project_for_sync(request_of(nora, rf), "studio")
    with pytest.raises(PermissionDenied, match="moderator"):
        access.project_for_sync(request_of(vic, rf), "studio", Right.ACT)
    assert access.project_for_sync(request_of(vic, rf), "studio").role is Role.VIEWER


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "not an address", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_clients_address_believes_only_our_proxies(
    proxies: int, forwarded: str, address: str, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert addresses.address_of("10.0.0.1", forwarded) == address


def test_a_password_link_needs_power_over_all_of_the_account(
    alice: User, mona: User, bare_project: Project, other_project: Project
) -> None:
    of_alice = access.standing_now(alice, "studio")
    assert of_alice is not None
    assert access.may_reset_password(of_alice, mona)
    Membership.objects.create(user=mona, project=other_project, role=Role.VIEWER)
    assert not access.may_reset_password(of_alice, mona)


def test_a_password_link_for_a_superuser_is_made_by_superusers_only(alice: User, bare_project: Project) -> None:
    of_alice = access.standing_now(alice, "studio")
    assert of_alice is not None
    assert not access.may_reset_password(of_alice, User(username="root", is_superuser=True))
