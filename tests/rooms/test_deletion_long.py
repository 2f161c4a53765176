"""Deleting a project with a long history, and one that its administrator could not follow with another."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse

from rooms.live.keeper import prune_gently
from rooms.models import FeedEntry, Membership, Project
from rooms.models.deletion import delete_project
from rooms.models.feed import BATCH, prune_some
from rooms.views import deletion
from tests.fixtures.people import AsUser

DELETE = reverse("project_delete", args=["studio"])
SETTINGS = reverse("project_settings", args=["studio"])
WARNING = "You may create projects because you administer this one"
LONG = 2 * BATCH + 1


@pytest.fixture
def long_history(bare_project: Project, other_project: Project) -> Project:
    """A project with LONG entries, beside one that keeps a single one."""
    FeedEntry.objects.bulk_create(FeedEntry(project=bare_project, kind="joined") for _ in range(LONG))
    FeedEntry.objects.create(project=other_project, kind="joined")
    return bare_project


def test_it_goes_in_batches(long_history: Project) -> None:
    assert prune_some(long_history) == 0
    assert delete_project(long_history, "alice")["changes"] == LONG
    gone = Project.objects.get(pk=long_history.pk)
    assert [prune_some(gone) for _ in range(4)] == [BATCH, BATCH, 1, 0]
    assert FeedEntry.objects.get().project.slug == "elsewhere"


async def test_the_request_erases_all_of_it(long_history: Project, alice: User, as_user: AsUser) -> None:
    client = as_user(alice)
    answer = await client.post(DELETE, {"name": "Studio"}, follow=True)
    assert not await FeedEntry.objects.filter(project=long_history).aexists()
    assert "Studio is deleted. Its audit is kept.<" in answer.content.decode()


async def test_what_the_request_leaves_goes_later(
    long_history: Project, alice: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "ERASING", -1.0)
    answer = await as_user(alice).post(DELETE, {"name": "Studio"}, follow=True)
    assert "The rest of its history goes within the hour." in answer.content.decode()
    left = FeedEntry.objects.filter(project=long_history)
    assert await left.acount() == LONG - BATCH
    assert await prune_gently(await Project.objects.aget(pk=long_history.pk))
    assert not await left.aexists()
    assert await FeedEntry.objects.acount() == 1


def test_the_command_erases_it_too(long_history: Project, capsys: pytest.CaptureFixture[str]) -> None:
    delete_project(long_history, "alice")
    call_command("prune")
    assert f"studio: {LONG:,} changes of a deleted project" in capsys.readouterr().out
    assert FeedEntry.objects.count() == 1


async def test_who_could_make_no_other_is_told_before(
    bare_project: Project, other_project: Project, alice: User, as_user: AsUser
) -> None:
    client, create = as_user(alice), reverse("project_create")
    assert WARNING in (await client.get(SETTINGS)).content.decode()
    assert (await client.get(create)).status_code == 200
    second = await Membership.objects.acreate(user=alice, project=other_project, role="administrator")
    assert WARNING not in (await client.get(SETTINGS)).content.decode()
    await Membership.objects.filter(pk=second.pk).aupdate(role="moderator")
    assert WARNING in (await client.get(SETTINGS)).content.decode()
    await client.post(DELETE, {"name": "Studio"})
    assert (await client.get(create)).status_code == 403


async def test_who_administers_all_is_told_nothing(
    bare_project: Project, transactional_db: Any, as_user: AsUser
) -> None:
    root = await User.objects.acreate(username="root", is_superuser=True)
    client = as_user(root)
    assert WARNING not in (await client.get(SETTINGS)).content.decode()
    await client.post(DELETE, {"name": "Studio"})
    assert (await client.get(reverse("project_create"))).status_code == 200
