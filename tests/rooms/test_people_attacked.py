"""The page of accounts under attack: hostile names, wild addresses, forged posts, two requests at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import AsyncClient
from django.urls import reverse

from rooms.models import AuditEntry, people
from tests.fixtures.people import PASSWORD, AsUser

LIST = reverse("accounts")
ADD = reverse("account_add")
HOSTILE = ["<b>x</b>\u202e" + "a" * 141, "\u0645" * 150, "W" * 150, "'\"><script>", "{{ 7 }}"]


@pytest.fixture
def root(transactional_db: None) -> User:
    """Administers all of Greenroom."""
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def second(transactional_db: None) -> User:
    """Administers all of Greenroom too."""
    return User.objects.create_superuser("second", password=PASSWORD)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave back or raised, all begun at the same moment on connections of their own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return act()
        except (people.LastSuperuser, people.NameTaken) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.mark.parametrize("change", [people.set_active, people.set_superuser])
def test_two_who_take_it_from_each_other_leave_one(change: Any, root: User, second: User) -> None:
    outcomes = at_once(lambda: change(root, False), lambda: change(second, False))
    assert sorted(outcomes, key=str) == sorted([people.LastSuperuser, True], key=str)
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


def test_one_name_is_given_once(root: User) -> None:
    outcomes = at_once(*[lambda name=name: people.add(name, "", superuser=False).username for name in ("neu", "NEU")])
    assert people.NameTaken in outcomes
    assert User.objects.filter(username__iexact="neu").count() == 1


@pytest.mark.parametrize("taken", ["ÄGIDIUS", "ägidius", "Ägidius"])
async def test_case_is_known_beyond_ascii(taken: str, root: User, as_user: AsUser) -> None:
    await User.objects.acreate(username="Ägidius")
    answer = await as_user(root).post(ADD, {"username": taken, "account": "link"})
    assert answer.status_code == 422
    assert await User.objects.acount() == 2


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_text_wherever_they_stand(name: str, root: User, as_user: AsUser) -> None:
    user = await User.objects.acreate(username=name)
    client = as_user(root)
    for address, form in (("account_active", {"on": "0"}), ("account_active", {"on": "1"}), ("account_link", {})):
        await client.post(reverse(address, args=[user.pk]), form)
        page = (await client.get(LIST)).content.decode()
        main = page.partition("<main")[2]
        assert "\u202e" not in main
        assert "<b>x" not in main
        assert "<script>" not in main.partition("</main>")[0]
        assert ("{{ 7 }}" in main) is (name == "{{ 7 }}")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"username": "", "account": "link"},
        {"username": "a" * 151, "account": "link"},
        {"username": "nul\x00", "account": "link"},
        {"username": "turned\u202e", "account": "link"},
        {"username": "<b>", "account": "link"},
        {"username": "blank", "account": "password", "password": "   "},
        {"username": "nothing", "account": "password", "password": ""},
        {"username": "elsehow", "account": "nonsense"},
    ],
)
async def test_no_account_comes_of_a_wrong_form(form: dict[str, str], root: User, as_user: AsUser) -> None:
    assert (await as_user(root).post(ADD, form)).status_code == 422
    assert await User.objects.acount() == 1
    assert not await AuditEntry.objects.aexists()


@pytest.mark.parametrize(
    "query", ["?q=%00", "?page=-1", "?page=" + "9" * 50, "?q=" + "%25_" * 200, "?show=<b>", "?q=%FF"]
)
async def test_a_wild_query_is_a_list(query: str, root: User, as_user: AsUser) -> None:
    assert (await as_user(root).get(LIST + query)).status_code == 200


@pytest.mark.parametrize("name", ["account_active", "account_superuser", "account_link"])
async def test_a_key_beyond_the_database_is_no_account(name: str, root: User, as_user: AsUser) -> None:
    assert (await as_user(root).post(reverse(name, args=[10**40]), {"on": "0"})).status_code == 404


@pytest.mark.parametrize("name", ["account_add", "account_active", "account_superuser", "account_link"])
async def test_a_forged_post_changes_nothing(name: str, root: User, nora: User) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    await client.aforce_login(root, "django.contrib.auth.backends.ModelBackend")
    address = ADD if name == "account_add" else reverse(name, args=[nora.pk])
    form = {"on": "0", "username": "forged", "account": "link", "superuser": "on"}
    assert (await client.post(address, form)).status_code == 403
    assert await User.objects.acount() == 2
    assert (await User.objects.aget(pk=nora.pk)).is_active
    assert not await AuditEntry.objects.aexists()
