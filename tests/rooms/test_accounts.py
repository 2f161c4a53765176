"""Signing in, passwords, and the first administrator."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from rooms.models import FirstRunCode, Membership, Project
from rooms.models.first_run import ATTEMPTS
from tests.fixtures.people import PASSWORD

AsUser = Callable[[User], Client]


def test_pages_lead_to_the_sign_in_page(bare_project: Project, nora: User, client: Client) -> None:
    answer = client.get(reverse("rooms", args=["studio"]))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login/?next=/p/studio/rooms/"


def test_signing_in_leads_where_one_wanted_to_go(mona: User, client: Client) -> None:
    answer = client.post("/login/?next=/account/", {"username": "mona", "password": PASSWORD, "next": "/account/"})
    assert answer.headers["Location"] == "/account/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(mona: User, client: Client, target: str) -> None:
    answer = client.post("/login/", {"username": "mona", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_says_so_and_keeps_the_name(mona: User, client: Client) -> None:
    answer = client.post("/login/", {"username": "mona", "password": "wrong"})
    assert answer.status_code == 422
    assert "do not match" in answer.content.decode()
    assert 'value="mona"' in answer.content.decode()


def test_too_many_wrong_passwords_lock_this_name_from_this_address_only(mona: User, nora: User, client: Client) -> None:
    for _ in range(5):
        answer = client.post("/login/", {"username": "mona", "password": "wrong"})
    assert answer.status_code == 429
    assert "Too many wrong passwords" in answer.content.decode()
    right = {"username": "mona", "password": PASSWORD}
    assert client.post("/login/", right).status_code == 429
    assert client.post("/login/", {"username": "nora", "password": PASSWORD}).status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert elsewhere.post("/login/", right).status_code == 302


def test_signing_out_needs_a_post(mona: User, as_user_sync: AsUser) -> None:
    client = as_user_sync(mona)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/account/").status_code == 302


def test_one_changes_ones_own_password(mona: User, as_user_sync: AsUser) -> None:
    client = as_user_sync(mona)
    new = "a quite different one"
    wrong = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    assert client.post("/account/", wrong).status_code == 422
    assert client.post("/account/", wrong | {"old_password": PASSWORD}).status_code == 302
    mona.refresh_from_db()
    assert mona.check_password(new)
    assert client.get("/account/").status_code == 200


@pytest.fixture
def code(transactional_db: None) -> str:
    """The code that the terminal shows."""
    return FirstRunCode.issue()


FIRST = {"username": "ada", "password": PASSWORD}


def test_the_first_administrator_needs_the_code(code: str, client: Client) -> None:
    assert client.get("/login/").headers["Location"] == "/first-run/"
    answer = client.post("/first-run/", FIRST | {"code": "AAAA-AAAA-AAAA"})
    assert answer.status_code == 422
    assert not User.objects.exists()
    answer = client.post("/first-run/", FIRST | {"code": code.lower()})
    assert answer.headers["Location"] == "/"
    assert User.objects.get().is_superuser
    assert client.get("/account/").status_code == 200


def test_the_first_run_page_is_gone_when_there_is_an_account(code: str, nora: User, client: Client) -> None:
    assert client.post("/first-run/", FIRST | {"code": code}).headers["Location"] == "/login/"
    assert not User.objects.filter(username="ada").exists()


def test_wrong_codes_lock_the_page(code: str, client: Client) -> None:
    for _ in range(ATTEMPTS):
        client.post("/first-run/", FIRST | {"code": "AAAA-AAAA-AAAA"})
    answer = client.post("/first-run/", FIRST | {"code": code})
    assert answer.status_code == 429
    assert not User.objects.exists()


def test_a_weak_first_password_does_not_use_the_code_up(code: str, client: Client) -> None:
    assert client.post("/first-run/", FIRST | {"code": code, "password": "12345"}).status_code == 422
    assert client.post("/first-run/", FIRST | {"code": code}).status_code == 302


def test_a_one_time_link_sets_the_password_once(alice: User, as_user_sync: AsUser) -> None:
    client = as_user_sync(alice)
    added = {"username": "newcomer", "role": "viewer", "account": "link"}
    page = client.post(reverse("member_add", args=["studio"]), added, follow=True).content.decode()
    link = re.search(r"http://testserver(/password/[^\s<]+)", page)
    assert link is not None
    assert link[1] not in client.get(reverse("project_settings", args=["studio"])).content.decode()
    guest = Client()
    assert not User.objects.get(username="newcomer").has_usable_password()
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert guest.post(link[1], chosen | {"new_password2": "other"}).status_code == 422
    assert guest.post(link[1], chosen).headers["Location"] == "/login/"
    assert guest.post(link[1], chosen).status_code == 410
    assert Membership.objects.filter(user__username="newcomer").exists()


@pytest.mark.parametrize("uid", ["", "!!", "MQ", "4oCm"])
def test_a_made_up_link_is_nothing(transactional_db: None, client: Client, uid: str) -> None:
    assert client.get(f"/password/{uid}/abc-def/").status_code == 404


def test_messages_are_in_words(mona: User, as_user_sync: AsUser) -> None:
    client = as_user_sync(mona)
    new = "a quite different one"
    answer = client.post("/account/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert [str(each) for each in get_messages(answer.wsgi_request)] == [
        "Your password is changed. Your other sessions are signed out."
    ]
