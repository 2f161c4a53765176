"""Members and their roles."""

from __future__ import annotations

import pytest
from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.urls import reverse

from rooms.live import bus
from rooms.models import AuditEntry, Membership, Project, Role
from tests.fixtures.people import PASSWORD, AsUser

ADD = reverse("member_add", args=["studio"])


def role_address(user: User) -> str:
    """Where another role is given."""
    return reverse("member_role", args=["studio", user.pk])


async def role_in(project: Project, username: str) -> str | None:
    """The role there now."""
    found = await Membership.objects.filter(project=project, user__username=username).afirst()
    return found.role if found else None


async def test_somebody_with_an_account_is_added(
    bare_project: Project, alice: User, nora: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(ADD, {"username": "nora", "role": "moderator", "account": "existing"})
    assert answer.headers["Location"].endswith("#members")
    assert await role_in(bare_project, "nora") == "moderator"
    row = await AuditEntry.objects.aget(verb="member_add")
    assert (row.username, row.target, row.after) == ("alice", "nora", {"role": "moderator"})


async def test_an_account_is_made_with_a_password(bare_project: Project, alice: User, as_user: AsUser) -> None:
    form = {"username": "newcomer", "role": "viewer", "account": "password", "password": PASSWORD}
    await as_user(alice).post(ADD, form)
    assert (await User.objects.aget(username="newcomer")).check_password(PASSWORD)
    assert PASSWORD not in str((await AuditEntry.objects.aget(verb="member_add")).after)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"username": "nobody-at-all", "account": "existing"}, "There is no account of this name."),
        ({"username": "nora", "account": "link"}, "There is an account of this name already."),
        ({"username": "NORA", "account": "link"}, "There is an account of this name already."),
        ({"username": "alice", "account": "existing"}, "is a member already"),
        ({"username": "newcomer", "account": "password", "password": "12345"}, "too short"),
        ({"username": "newcomer", "account": "password"}, "Type the password of the new account."),
        ({"username": "a b", "account": "link"}, "valid username"),
    ],
)
async def test_wrong_input_is_named_and_kept(
    form: dict[str, str], says: str, alice: User, nora: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(ADD, {"role": "moderator"} | form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert f'value="{form["username"]}"' in text
    assert await Membership.objects.acount() == 1


async def test_a_role_changes_and_open_pages_hear_of_it(
    bare_project: Project, alice: User, mona: User, as_user: AsUser
) -> None:
    layer = get_channel_layer()
    await layer.group_add(bus.EVERYBODY, "test-listener")
    await as_user(alice).post(role_address(mona), {"role": "viewer"})
    assert await role_in(bare_project, "mona") == "viewer"
    told = await layer.receive("test-listener")
    assert told["body"] == {"kind": "rights", "project": bare_project.pk, "user": mona.pk}
    await layer.group_discard(bus.EVERYBODY, "test-listener")


async def test_who_is_removed_sees_no_project_any_more(
    bare_project: Project, alice: User, mona: User, as_user: AsUser
) -> None:
    client = as_user(mona)
    assert (await client.get("/?all=1")).content.decode().count("Studio") > 0
    await as_user(alice).post(reverse("member_remove", args=["studio", mona.pk]))
    assert (await client.get(reverse("project_settings", args=["studio"]))).status_code == 404
    row = await AuditEntry.objects.aget(verb="member_remove")
    assert (row.before, row.after) == ({"role": "moderator"}, {"role": None})


@pytest.mark.parametrize("change", ["demote", "remove"])
async def test_the_last_administrator_stays(change: str, bare_project: Project, alice: User, as_user: AsUser) -> None:
    remove = reverse("member_remove", args=["studio", alice.pk])
    client = as_user(alice)
    if change == "demote":
        await client.post(role_address(alice), {"role": "viewer"})
    else:
        await client.post(remove)
    assert await role_in(bare_project, "alice") == "administrator"
    assert "last administrator" in (await client.get(reverse("project_settings", args=["studio"]))).content.decode()
    assert (await AuditEntry.objects.aget(target="alice")).outcome == "refused"


async def test_an_administrator_beside_another_may_go(
    bare_project: Project, alice: User, mona: User, as_user: AsUser
) -> None:
    await Membership.objects.filter(user=mona).aupdate(role=Role.ADMINISTRATOR)
    answer = await as_user(alice).post(reverse("member_remove", args=["studio", alice.pk]))
    assert answer.headers["Location"] == "/"
    assert await role_in(bare_project, "alice") is None


async def test_members_of_another_project_are_not_reached(alice: User, otto: User, as_user: AsUser) -> None:
    for name in ("member_role", "member_remove", "member_link"):
        answer = await as_user(alice).post(reverse(name, args=["studio", otto.pk]), {"role": "viewer"})
        assert answer.status_code == 404


async def test_a_password_link_is_shown_once(alice: User, mona: User, as_user: AsUser) -> None:
    client = as_user(alice)
    await client.post(reverse("member_link", args=["studio", mona.pk]))
    settings_page = reverse("project_settings", args=["studio"])
    assert "/password/" in (await client.get(settings_page)).content.decode()
    assert "/password/" not in (await client.get(settings_page)).content.decode()


async def test_no_password_link_for_somebody_with_roles_elsewhere(
    other_project: Project, alice: User, mona: User, as_user: AsUser
) -> None:
    await Membership.objects.acreate(user=mona, project=other_project, role=Role.VIEWER)
    answer = await as_user(alice).post(reverse("member_link", args=["studio", mona.pk]))
    assert answer.status_code == 403
