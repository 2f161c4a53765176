"""The accounts of all of Greenroom: who may see them, switch them off and make them more."""

from __future__ import annotations

import re
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.urls import reverse

from rooms.live import bus
from rooms.models import AuditEntry, Membership, Project, people
from rooms.moderation import access
from rooms.views.people_rows import PAGE_SIZE
from tests.fixtures.people import PASSWORD, AsUser

LIST = reverse("accounts")
ADD = reverse("account_add")
GETS = ("accounts", "accounts_audit")
POSTS = ("account_add", "account_active", "account_superuser", "account_link")


@pytest.fixture
def root(transactional_db: None) -> User:
    """Administers all of Greenroom."""
    return User.objects.create_superuser("root", password=PASSWORD)


def address_of(name: str, user: User) -> str:
    """The address of ``name``, of this account where it is of one."""
    return reverse(name) if name in (*GETS, "account_add") else reverse(name, args=[user.pk])


async def text_of(client: Any, address: str = LIST) -> str:
    """The page at ``address``, which answers 200."""
    answer = await client.get(address)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize("name", [*GETS, *POSTS])
async def test_only_who_administers_all_keeps_accounts(
    name: str, root: User, alice: User, mona: User, vic: User, nora: User, as_user: AsUser
) -> None:
    address = address_of(name, nora)
    for user in (alice, mona, vic, nora):
        client = as_user(user)
        answer = await (client.get(address) if name in GETS else client.post(address, {"on": "0"}))
        assert answer.status_code == 403, user
        assert "Accounts" not in (await client.get(reverse("account"))).content.decode().split("<main")[0]
    client = as_user(root)
    answer = await (client.get(address) if name in GETS else client.post(address, {"on": "0"}))
    assert answer.status_code in (200, 302, 422)
    assert f'href="{LIST}"' in await text_of(client, reverse("account"))
    if name in POSTS:
        assert (await client.get(address)).status_code == 405


@pytest.mark.parametrize("name", [*GETS, *POSTS])
async def test_nobody_is_led_to_the_sign_in_page(name: str, nora: User, async_client: Any) -> None:
    answer = await async_client.get(address_of(name, nora))
    assert answer.headers["Location"].startswith("/login/")


async def test_the_list_says_what_each_account_is(root: User, mona: User, nora: User, as_user: AsUser) -> None:
    await User.objects.filter(pk=nora.pk).aupdate(is_active=False)
    text = await text_of(as_user(root))
    row = {
        name: found
        for found in re.findall(r"<tr>.*?</tr>", text, re.DOTALL)
        for name in re.findall(r"<b .*?<bdi>(\w+)", found)
    }
    assert "moderator in" in row["mona"]
    assert "Studio" in row["mona"]
    assert "never" in row["mona"]
    assert "switched off" in row["nora"]
    assert "administers all" in row["root"]
    assert "Switch root" not in row["root"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?show=off", {"nora"}),
        ("?show=superuser", {"root"}),
        ("?show=alone", {"nora"}),
        ("?q=MON", {"mona"}),
        ("?q=nobody", set()),
        ("?show=nonsense&page=99", {"root", "mona", "nora"}),
    ],
)
async def test_the_list_is_narrowed(
    query: str, shown: set[str], root: User, mona: User, nora: User, as_user: AsUser
) -> None:
    await User.objects.filter(pk=nora.pk).aupdate(is_active=False)
    text = (await text_of(as_user(root), LIST + query)).partition("<main")[2]
    assert set(re.findall(r'<b class="cut"><bdi>(\w+)', text)) == shown


async def test_many_accounts_come_in_pages(root: User, as_user: AsUser) -> None:
    await User.objects.abulk_create(User(username=f"person-{number:03}") for number in range(PAGE_SIZE + 5))
    client = as_user(root)
    first, second = await text_of(client), await text_of(client, f"{LIST}?page=2")
    assert "person-049" in first
    assert "person-050" not in first
    assert 'href="?page=2"' in first
    assert "person-054" in second


async def test_an_account_is_added_with_a_link(root: User, as_user: AsUser) -> None:
    client = as_user(root)
    answer = await client.post(ADD, {"username": "newcomer", "account": "link", "password": "ignored"})
    assert answer.headers["Location"] == f"{LIST}#main"
    made = await User.objects.aget(username="newcomer")
    assert not made.has_usable_password()
    assert not made.is_superuser
    assert "/password/" in await text_of(client)
    assert "/password/" not in await text_of(client)
    entry = await AuditEntry.objects.aget(verb="account_add")
    assert (entry.project_id, entry.username, entry.target) == (None, "root", "newcomer")


async def test_an_account_is_added_with_a_password(root: User, as_user: AsUser) -> None:
    await as_user(root).post(
        ADD, {"username": "second", "account": "password", "password": PASSWORD, "superuser": "on"}
    )
    made = await User.objects.aget(username="second")
    assert made.check_password(PASSWORD)
    assert made.is_superuser
    assert PASSWORD not in str((await AuditEntry.objects.aget(verb="account_add")).after)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"username": "NORA", "account": "link"}, "There is an account of this name already."),
        ({"username": "a b", "account": "link"}, "valid username"),
        ({"username": "newcomer", "account": "password"}, "Type the password of the new account."),
        ({"username": "newcomer", "account": "password", "password": "12345"}, "too short"),
    ],
)
async def test_wrong_input_is_named_and_kept(
    form: dict[str, str], says: str, root: User, nora: User, as_user: AsUser
) -> None:
    answer = await as_user(root).post(ADD, form)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{form["username"]}"' in answer.content.decode()
    assert await User.objects.acount() == 2


async def test_who_is_switched_off_is_out_at_once(
    bare_project: Project, root: User, mona: User, as_user: AsUser
) -> None:
    of_mona, client = as_user(mona), as_user(root)
    layer = get_channel_layer()
    await layer.group_add(bus.EVERYBODY, "test-listener")
    await client.post(reverse("account_active", args=[mona.pk]), {"on": "0"})
    assert (await layer.receive("test-listener"))["body"] == {"kind": "rights", "project": None, "user": mona.pk}
    await layer.group_discard(bus.EVERYBODY, "test-listener")
    assert (await of_mona.get(reverse("account"))).status_code == 302
    assert await Membership.objects.filter(user=mona).aexists()
    await client.post(reverse("account_active", args=[mona.pk]), {"on": "1"})
    assert (await User.objects.aget(pk=mona.pk)).is_active
    told = [(each.before, each.after) async for each in AuditEntry.objects.filter(verb="account_active").order_by("pk")]
    assert told == [({"active": True}, {"active": False}), ({"active": False}, {"active": True})]


async def test_a_switch_that_stands_so_already_is_not_written_down(root: User, nora: User, as_user: AsUser) -> None:
    await as_user(root).post(reverse("account_active", args=[nora.pk]), {"on": "1"})
    assert not await AuditEntry.objects.aexists()


async def test_somebody_is_made_administrator_of_all_and_no_longer(root: User, nora: User, as_user: AsUser) -> None:
    client, address = as_user(root), reverse("account_superuser", args=[nora.pk])
    await client.post(address, {"on": "1"})
    assert (await as_user(nora).get(LIST)).status_code == 200
    await client.post(address, {"on": "0"})
    assert (await as_user(nora).get(LIST)).status_code == 403
    assert await AuditEntry.objects.filter(verb="account_superuser", project=None, target="nora").acount() == 2


@pytest.mark.parametrize("name", ["account_active", "account_superuser"])
async def test_nobody_changes_their_own_account(name: str, root: User, as_user: AsUser) -> None:
    await User.objects.acreate(username="other", is_superuser=True)
    answer = await as_user(root).post(reverse(name, args=[root.pk]), {"on": "0"})
    assert answer.status_code == 403
    now = await User.objects.aget(pk=root.pk)
    assert now.is_active
    assert now.is_superuser


@pytest.mark.parametrize("change", [people.set_active, people.set_superuser])
def test_the_last_who_administers_all_stays(change: Any, root: User, nora: User) -> None:
    User.objects.create_superuser("gone", is_active=False)
    with pytest.raises(people.LastSuperuser):
        change(root, False)
    people.set_superuser(nora, True)
    assert change(root, False)


@pytest.mark.parametrize("form", [{}, {"on": "2"}, {"on": ""}])
async def test_a_switch_is_on_or_off(form: dict[str, str], root: User, nora: User, as_user: AsUser) -> None:
    assert (await as_user(root).post(reverse("account_active", args=[nora.pk]), form)).status_code == 404


async def test_a_password_link_is_shown_once_and_only_for_who_can_sign_in(
    root: User, nora: User, as_user: AsUser
) -> None:
    client, address = as_user(root), reverse("account_link", args=[nora.pk])
    assert (await client.post(f"{address}?q=no")).headers["Location"] == f"{LIST}?q=no"
    assert "/password/" in await text_of(client)
    assert await AuditEntry.objects.filter(verb="account_link", target="nora").aexists()
    await User.objects.filter(pk=nora.pk).aupdate(is_active=False)
    assert (await client.post(address)).status_code == 403


async def test_an_account_that_is_gone_is_nothing(root: User, as_user: AsUser) -> None:
    for name in ("account_active", "account_superuser", "account_link"):
        assert (await as_user(root).post(reverse(name, args=[0]), {"on": "0"})).status_code == 404


async def test_a_hostile_name_is_only_text(root: User, as_user: AsUser) -> None:
    await User.objects.acreate(username="<i>x</i>")
    assert "<i>x</i>" not in await text_of(as_user(root))


async def test_the_members_of_a_project_show_who_is_switched_off(alice: User, mona: User, as_user: AsUser) -> None:
    client, settings_page = as_user(alice), reverse("project_settings", args=["studio"])
    assert "switched off" not in await text_of(client, settings_page)
    await User.objects.filter(pk=mona.pk).aupdate(is_active=False)
    assert "switched off" in await text_of(client, settings_page)


def test_a_member_who_is_switched_off_has_no_project(bare_project: Project, root: User, mona: User) -> None:
    assert access.projects_of(mona) == [bare_project]
    people.set_active(mona, False)
    assert access.projects_of(User.objects.get(pk=mona.pk)) == []
