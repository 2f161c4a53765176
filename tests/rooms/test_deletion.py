"""Deleting a project: what goes, what stays, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse

from rooms.live import bus
from rooms.live.keeper import Keeper
from rooms.live.reader import reader
from rooms.models import Ability, AuditEntry, FeedEntry, Membership, Project
from rooms.models.deletion import NotDeletable, delete_project
from rooms.models.provision import demo_project, project_from_environment
from tests.fixtures.people import SOMEWHERE, AsUser

DELETE = reverse("project_delete", args=["studio"])
SETTINGS = reverse("project_settings", args=["studio"])


@pytest.fixture
def root(transactional_db: None) -> User:
    """Administers all of Greenroom."""
    return User.objects.create_superuser("root")


@pytest.fixture
def used(bare_project: Project) -> Project:
    """A project with everything that one gathers."""
    bare_project.previous_api_key, bare_project.previous_api_secret = "oldkey", "old-secret"
    bare_project.keep_history = bare_project.observer = True
    bare_project.save()
    FeedEntry.objects.create(project=bare_project, kind="joined", words="joined")
    Ability.objects.create(project=bare_project, name="move", able=False)
    AuditEntry.objects.create(project=bare_project, username="mona", verb="mute", room="lobby", identity="ava")
    return bare_project


async def test_the_name_has_to_be_typed(used: Project, alice: User, as_user: AsUser) -> None:
    client = as_user(alice)
    for typed in ("", "studio", "Studi0"):
        answer = await client.post(DELETE, {"name": typed})
        assert answer.status_code == 422
        assert "deletion-name_error" in answer.content.decode()
    assert (await Project.objects.aget()).deleted_at is None
    assert (await client.post(DELETE, {"name": " Studio "})).headers["Location"] == "/?all=1#main"
    assert (await Project.objects.aget()).deleted_by == "alice"


async def test_a_reason_is_asked_for_where_the_project_says_so(used: Project, alice: User, as_user: AsUser) -> None:
    await Project.objects.filter(pk=used.pk).aupdate(reason_required=True)
    client = as_user(alice)
    assert (await client.post(DELETE, {"name": "Studio"})).status_code == 422
    await client.post(DELETE, {"name": "Studio", "reason": "moved"})
    assert (await AuditEntry.objects.aget(verb="project_delete")).reason == "moved"


async def test_what_works_goes_and_what_was_done_stays(used: Project, alice: User, mona: User, as_user: AsUser) -> None:
    await as_user(alice).post(DELETE, {"name": "Studio"})
    left = await Project.objects.aget()
    assert (left.api_secret, left.previous_api_key, left.previous_api_secret) == ("", "", "")
    assert (left.keep_history, left.observer) == (False, False)
    for gone in (FeedEntry, Ability, Membership):
        assert not await gone.objects.aexists()
    assert await User.objects.acount() == 2
    entry = await AuditEntry.objects.aget(verb="project_delete")
    assert entry.before == {
        "name": "Studio",
        "url": SOMEWHERE,
        "api_key": "devkey",
        "members": {"alice": "administrator", "mona": "moderator"},
        "changes": 1,
    }
    assert await AuditEntry.objects.filter(verb="mute").aexists()


def test_no_secret_is_left_in_the_database(used: Project) -> None:
    delete_project(used, "alice")
    with connection.cursor() as cursor:
        cursor.execute("SELECT api_secret, previous_api_secret FROM rooms_project")
        assert cursor.fetchall() == [("", "")]


async def test_a_locked_project_stays_until_it_is_unlocked(used: Project, alice: User, as_user: AsUser) -> None:
    await Project.objects.filter(pk=used.pk).aupdate(read_only=True)
    client = as_user(alice)
    assert (await client.post(DELETE, {"name": "Studio"})).status_code == 403
    assert DELETE not in (await client.get(SETTINGS)).content.decode()
    await client.post(reverse("project_unlock", args=["studio"]))
    assert (await client.post(DELETE, {"name": "Studio"})).status_code == 302


async def test_a_project_of_the_environment_stays(used: Project, alice: User, as_user: AsUser) -> None:
    await Project.objects.filter(pk=used.pk).aupdate(from_environment=True)
    client = as_user(alice)
    assert (await client.post(DELETE, {"name": "Studio"})).status_code == 403
    page = (await client.get(SETTINGS)).content.decode()
    assert DELETE not in page
    assert "LIVEKIT_" in page


def test_a_project_of_the_environment_is_not_deleted_by_a_race(used: Project) -> None:
    Project.objects.update(from_environment=True)
    with pytest.raises(NotDeletable):
        delete_project(used, "alice")


def test_deleting_twice_changes_nothing(used: Project) -> None:
    assert delete_project(used, "alice")["changes"] == 1
    assert delete_project(used, "mona") == {}
    assert Project.objects.get().deleted_by == "alice"


async def test_open_pages_hear_of_it(used: Project, alice: User, as_user: AsUser) -> None:
    layer = get_channel_layer()
    await layer.group_add(bus.EVERYBODY, "test-listener")
    await as_user(alice).post(DELETE, {"name": "Studio"})
    assert (await layer.receive("test-listener"))["body"] == {"kind": "project", "project": used.pk}
    await layer.group_discard(bus.EVERYBODY, "test-listener")


async def test_the_keeper_lets_go(project: Project, alice: User, as_user: AsUser) -> None:
    await Project.objects.filter(pk=project.pk).aupdate(keep_history=True)
    keeper = Keeper()
    try:
        await keeper.round()
        watch = await reader().watch(project, None, keeper)
        await as_user(alice).post(DELETE, {"name": "Studio"})
        await keeper.round()
        assert keeper not in watch.sinks
    finally:
        await keeper.stop()
        await reader().close()


async def test_its_webhook_address_is_gone(used: Project, alice: User, as_user: AsUser, async_client: Any) -> None:
    hook = reverse("webhook", args=["studio"])
    assert (await async_client.post(hook, b"{}", "application/webhook+json")).status_code == 401
    await as_user(alice).post(DELETE, {"name": "Studio"})
    assert (await async_client.post(hook, b"{}", "application/webhook+json")).status_code == 404


async def test_its_audit_is_read_by_those_who_administer_all(
    used: Project, alice: User, root: User, as_user: AsUser
) -> None:
    await as_user(alice).post(DELETE, {"name": "Studio"})
    audit = reverse("audit", args=["studio"])
    assert audit not in (await as_user(alice).get("/?all=1")).content.decode()
    client = as_user(root)
    assert audit in (await client.get("/?all=1")).content.decode()
    page = (await client.get(audit)).content.decode()
    assert "This project was deleted" in page
    assert "lobby" in page
    for leads_nowhere in ("rooms", "history", "project_settings"):
        assert reverse(leads_nowhere, args=["studio"]) not in page


async def test_the_address_of_a_deleted_project_stays_taken(used: Project, root: User, as_user: AsUser) -> None:
    await as_user(root).post(DELETE, {"name": "Studio"})
    form = {"name": "Studio", "url": SOMEWHERE, "api_key": "k", "api_secret": "s" * 32, "do": "anyway"}
    answer = await as_user(root).post(reverse("project_create"), form)
    assert answer.headers["Location"] == reverse("rooms", args=["studio-2"])


def test_a_deleted_project_of_the_environment_is_not_revived(transactional_db: None, settings: Any) -> None:
    settings.LIVEKIT_URL, settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET = SOMEWHERE, "k", "s" * 32
    first = project_from_environment()
    assert first is not None
    Project.objects.update(from_environment=False)
    delete_project(first, "alice")
    second = project_from_environment()
    assert second is not None
    assert second.pk != first.pk
    assert Project.objects.get(pk=first.pk).api_secret == ""


def test_the_demo_begins_with_its_project(transactional_db: None) -> None:
    delete_project(demo_project(SOMEWHERE, "k", "s" * 32), "admin")
    assert demo_project(SOMEWHERE, "k", "s" * 32).deleted_at is None
    assert Project.objects.get().memberships.count() == 3
