"""Wrong passwords are slowed by address and by name, and nobody is kept out for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from rooms.moderation import throttle
from rooms.moderation.addresses import neighbourhood
from tests.fixtures.people import PASSWORD

OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty counters, and a clock that stands at the start of a span."""
    cache.clear()
    monkeypatch.setattr(throttle, "time", lambda: 3_000_000.0)
    yield
    cache.clear()


def tried(name: str, address: str = OFFICE, password: str = "wrong", **headers: str) -> Any:
    """The answer to one try, from a browser of its own."""
    form = {"username": name, "password": password}
    return Client(REMOTE_ADDR=address).post("/login/", form, headers=headers)


def names_tried(count: int = throttle.ADDRESS_TRIES) -> None:
    """So many names with one wrong password each, from the office."""
    for number in range(count):
        assert throttle.wait(f"name-{number}", OFFICE) == 0


def guessed(name: str, count: int = throttle.NAME_TRIES) -> None:
    """So many wrong passwords for one name, each from another address."""
    for number in range(count):
        assert throttle.wait(name, f"192.0.2.{number}") == 0


def test_one_address_that_tries_many_names_waits(nora: User) -> None:
    names_tried(throttle.ADDRESS_TRIES - 1)
    assert tried("one-more").status_code == 422
    answer = tried("nora", password=PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == throttle.ADDRESS_SPAN
    assert "Wait 5 minutes" in answer.content.decode()
    assert 'value="nora"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert tried("nora", ELSEWHERE, PASSWORD).status_code == 302


def test_one_name_that_is_tried_from_many_addresses_waits(nora: User, mona: User) -> None:
    guessed("nora", throttle.NAME_TRIES - 1)
    assert tried("nora").status_code == 422
    answer = tried("nora", ELSEWHERE, PASSWORD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == throttle.NAME_SPAN
    assert "Wait 60 seconds" in answer.content.decode()
    assert tried("mona", ELSEWHERE, PASSWORD).status_code == 302


def test_a_name_is_slowed_however_it_is_spelt() -> None:
    guessed("Nora")
    assert throttle.wait("nora", ELSEWHERE) > 0


def test_a_name_without_an_account_is_slowed_alike(nora: User) -> None:
    guessed("nobody-of-that-name")
    assert tried("nobody-of-that-name").status_code == 429


def test_who_has_signed_in_from_there_is_not_held(nora: User) -> None:
    assert tried("nora", password=PASSWORD).status_code == 302
    guessed("nora")
    names_tried()
    assert throttle.wait("mona", OFFICE) > 0
    assert throttle.wait("nora", ELSEWHERE) > 0
    assert tried("nora", password=PASSWORD).status_code == 302


def test_a_known_place_is_still_held_by_the_five_of_a_pair(nora: User) -> None:
    assert tried("nora", password=PASSWORD).status_code == 302
    assert [tried("nora").status_code for _ in range(5)] == [422] * 4 + [429]
    assert "Wait 5 minutes" in tried("nora", password=PASSWORD).content.decode()


def test_tries_that_are_refused_do_not_prolong_the_wait(nora: User, monkeypatch: pytest.MonkeyPatch) -> None:
    guessed("nora")
    for _ in range(3 * throttle.NAME_TRIES):
        assert tried("nora", ELSEWHERE).status_code == 429
    monkeypatch.setattr(throttle, "time", lambda: 3_000_000.0 + throttle.NAME_SPAN)
    assert tried("nora", ELSEWHERE, PASSWORD).status_code == 302


def test_right_passwords_are_not_counted(nora: User) -> None:
    for number in range(2 * throttle.NAME_TRIES):
        assert tried("nora", f"192.0.2.{number}", PASSWORD).status_code == 302


def test_a_one_time_link_opens_the_door_to_who_is_besieged(nora: User) -> None:
    guessed("nora")
    assert tried("nora", ELSEWHERE, PASSWORD).status_code == 429
    uid = urlsafe_base64_encode(force_bytes(nora.pk))
    link = reverse("one_time_password", args=[uid, default_token_generator.make_token(nora)])
    chosen = {"new_password1": "another horse battery", "new_password2": "another horse battery"}
    assert Client(REMOTE_ADDR=ELSEWHERE).post(link, chosen).status_code == 302
    assert tried("nora", ELSEWHERE, "another horse battery").status_code == 302


def test_no_claimed_address_is_believed_without_a_proxy(nora: User, settings: object) -> None:
    names_tried()
    assert tried("nora", password=PASSWORD, **{"X-Forwarded-For": ELSEWHERE}).status_code == 429


def test_behind_a_proxy_each_browser_has_its_own_address(nora: User, settings: pytest.FixtureRequest) -> None:
    settings.TRUSTED_PROXIES = 1  # type: ignore[attr-defined]
    names_tried()
    assert tried("nora", "10.0.0.1", PASSWORD, **{"X-Forwarded-For": f"{ELSEWHERE}, {OFFICE}"}).status_code == 429
    assert tried("nora", "10.0.0.1", PASSWORD, **{"X-Forwarded-For": f"{OFFICE}, {ELSEWHERE}"}).status_code == 302


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("unix:", "unix:", True),
    ],
)
def test_who_has_a_network_of_version_6_is_one_party(one: str, other: str, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 second"), (40, "40 seconds"), (91, "2 minutes")])
def test_a_wait_is_said_in_words(seconds: int, words: str) -> None:
    assert throttle.in_words(seconds) == words


def test_the_page_says_what_happened_in_an_alert(nora: User) -> None:
    guessed("nora")
    assert re.search(r'role="alert".*Too many wrong passwords', tried("nora").content.decode(), re.DOTALL)
