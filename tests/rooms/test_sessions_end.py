"""An account that was switched off keeps its password and loses every session and link, whatever keeps the sessions."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse

from rooms.models import people
from rooms.models.password import StampedHasher, end_sessions
from tests.fixtures.people import PASSWORD

ENGINES = ["db", "cache", "cached_db", "file", "signed_cookies"]
HASHERS = ["md5", "pbkdf2_sha256", "pbkdf2_sha1"]


def off_and_on(user: User) -> None:
    """Switch the account off and on again."""
    assert people.set_active(user, False)
    assert people.set_active(user, True)


def signs_in(password: str) -> bool:
    """Whether the sign-in page lets nora in with ``password``."""
    answer = Client().post(reverse("login"), {"username": "nora", "password": password})
    return answer.status_code == 302


@pytest.mark.parametrize("engine", ENGINES)
def test_an_old_session_stays_ended(engine: str, nora: User, settings: Any, tmp_path: Any) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    settings.SESSION_FILE_PATH = str(tmp_path)
    clients = [Client(), Client()]
    for client in clients:
        client.post(reverse("login"), {"username": "nora", "password": PASSWORD})
        assert client.get(reverse("account")).status_code == 200
    off_and_on(nora)
    for client in clients:
        assert client.get(reverse("account")).headers["Location"].startswith("/login/")


def test_the_password_stays_and_no_other_opens(nora: User) -> None:
    off_and_on(nora)
    assert not signs_in("wrong")
    assert signs_in(PASSWORD)
    # Django has written the plain hash again, and the new session holds.
    assert not User.objects.get().password.startswith("stamped$")
    assert signs_in(PASSWORD)


def test_nobody_signs_in_while_it_is_off(nora: User) -> None:
    people.set_active(nora, False)
    assert not signs_in(PASSWORD)


def test_a_one_time_link_from_before_leads_nowhere(nora: User) -> None:
    token = default_token_generator.make_token(nora)
    off_and_on(nora)
    assert not default_token_generator.check_token(User.objects.get(), token)


def test_who_never_had_a_password_has_none_and_loses_the_link_too(nora: User) -> None:
    nora.set_unusable_password()
    nora.save()
    token = default_token_generator.make_token(nora)
    off_and_on(nora)
    assert not User.objects.get().has_usable_password()
    assert not default_token_generator.check_token(User.objects.get(), token)


def test_a_switch_that_stands_so_already_ends_nothing(nora: User) -> None:
    before = User.objects.get().password
    assert not people.set_active(nora, True)
    assert User.objects.get().password == before


@pytest.mark.parametrize("hasher", HASHERS)
def test_stamps_do_not_pile_up_and_fit_the_column(hasher: str) -> None:
    user = User(username="nora", password=make_password(PASSWORD, hasher=hasher))
    seen = {user.password}
    for _ in range(3):
        end_sessions(user)
        seen.add(user.password)
    assert len(seen) == 4
    assert len(user.password) <= 128
    assert user.password.count("stamped") == 1
    assert isinstance(identify_hasher(user.password), StampedHasher)
    assert StampedHasher().verify(PASSWORD, user.password)
    assert not StampedHasher().verify("wrong", user.password)
