"""The audit of accounts: each row says what was done in words of its own, and has a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from rooms.models import AuditEntry, Project
from rooms.moderation.verbs import OF_ACCOUNTS, verb_words
from rooms.views.audit_rows import account_row
from tests.fixtures.people import AsUser

AUDIT = reverse("accounts_audit")
HOSTILE = "<b>x</b>\u202e" + "a" * 141


@pytest.fixture
def root(transactional_db: None) -> User:
    """Administers all of Greenroom."""
    return User.objects.create_superuser("root")


async def text_of(client: Any, address: str) -> str:
    """The page at ``address``, which answers 200."""
    answer = await client.get(address)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


async def test_it_is_no_projects(bare_project: Project, root: User, alice: User, nora: User, as_user: AsUser) -> None:
    client = as_user(root)
    assert "Nothing was done yet" in await text_of(client, AUDIT)
    await client.post(reverse("account_active", args=[nora.pk]), {"on": "0"})
    text = await text_of(client, AUDIT)
    assert "Switched off" in text
    assert "nora" in text
    of_the_project = await text_of(as_user(alice), reverse("audit", args=["studio"]))
    assert "nora" not in of_the_project
    assert "Switched" not in of_the_project


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("account_active", {"on": "0"}, ["Switched off"]),
        ("account_superuser", {"on": "1"}, ["Made administrator"]),
        ("account_link", {}, ["Password link made"]),
        ("account_add", {"username": "new", "account": "link"}, ["Account added"]),
        ("account_add", {"username": "new", "account": "link", "superuser": "on"}, ["Added as administrator"]),
    ],
)
async def test_the_words_alone_tell_what_was_done(
    name: str, form: dict[str, str], words: list[str], root: User, nora: User, as_user: AsUser
) -> None:
    client = as_user(root)
    await client.post(reverse(name, args=[] if name == "account_add" else [nora.pk]), form)
    text = await text_of(client, AUDIT)
    assert re.findall(r'<span class="verb">.*?<span class="cut">(.*?)</span>', text) == words


async def test_on_and_off_and_no_longer_differ(root: User, nora: User, as_user: AsUser) -> None:
    client = as_user(root)
    for name in ("account_active", "account_superuser"):
        before = name == "account_active"
        for on in (not before, before):
            await client.post(reverse(name, args=[nora.pk]), {"on": "1" if on else "0"})
    told = [account_row(entry, root).words async for entry in AuditEntry.objects.order_by("pk")]
    assert told == ["Switched off", "Switched on", "Made administrator", "Administrator no longer"]


@pytest.mark.parametrize("after", [None, {}, {"active": None}, "off"])
@pytest.mark.parametrize("verb", sorted(OF_ACCOUNTS))
def test_an_entry_that_says_less_has_the_words_of_its_verb(root: User, verb: str, after: Any) -> None:
    entry = AuditEntry.objects.create(verb=verb, username="root", target="nora", after=after)
    assert account_row(entry, root).words == verb_words(verb)


async def test_an_entry_has_a_page_with_everything_recorded(root: User, nora: User, as_user: AsUser) -> None:
    client = as_user(root)
    await client.post(reverse("account_superuser", args=[nora.pk]), {"on": "1"}, REMOTE_ADDR="192.0.2.9")
    entry = await AuditEntry.objects.aget()
    address = reverse("accounts_audit_entry", args=[entry.pk])
    assert f'href="{address}" aria-label="Details: Made administrator, nora' in await text_of(client, AUDIT)
    page = await text_of(client, address)
    assert "<h1>Made administrator</h1>" in page
    assert '<a class="cut" href="/accounts/?q=nora"' in page
    assert re.search(r"administers all</dt>.*?no.*?yes", page, re.DOTALL)
    assert f'href="{AUDIT}" aria-label="Back to the audit"' in page
    assert "LiveKit" not in page.partition("<main")[2]


async def test_a_refusal_says_why(root: User, as_user: AsUser) -> None:
    entry = await AuditEntry.objects.acreate(
        verb="account_active", username="root", target="nora", after={"active": False}, outcome="refused", answer="No."
    )
    page = await text_of(as_user(root), reverse("accounts_audit_entry", args=[entry.pk]))
    assert "<dt>Answer</dt><dd>No.</dd>" in page
    assert "No." in await text_of(as_user(root), AUDIT)


@pytest.mark.parametrize("key", ["{0}", "0", "9" * 40])
async def test_entries_of_projects_and_of_none_have_no_page_here(
    key: str, bare_project: Project, root: User, as_user: AsUser
) -> None:
    of_a_project = await AuditEntry.objects.acreate(project=bare_project, verb="mute", username="mona")
    address = f"{AUDIT}{key.format(of_a_project.pk)}/"
    assert (await as_user(root).get(address)).status_code == 404


async def test_hostile_names_are_text_in_links_too(root: User, as_user: AsUser) -> None:
    entry = await AuditEntry.objects.acreate(verb="account_link", username=HOSTILE, target=HOSTILE)
    for address in (AUDIT, reverse("accounts_audit_entry", args=[entry.pk])):
        page = await text_of(as_user(root), address)
        assert "<b>x</b>" not in page
        assert "\u202e" not in page
        assert "/accounts/?q=%3Cb%3Ex%3C%2Fb%3E%E2%80%AE" in page
