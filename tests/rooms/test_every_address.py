"""Every address, tried as nobody, as a stranger, as an administrator of another project and in each role.

The table below names every address of the project. One that is added without being entered here fails the first test.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient
from django.urls import get_resolver, reverse
from django.utils import timezone

from rooms.models import AuditEntry, Project
from rooms.moderation.access import Right

ROOM = 'a/b %2F "<i>" 🎭'
PERSON = {"room": ROOM, "identity": "../ava?x=1#y"}

# Who may open (GET) an address of a project: the weakest right that does. POST alone: the right to post.
PAGES: dict[str, tuple[Right, dict[str, Any]]] = {
    "rooms": (Right.SEE, {}),
    "rooms_region": (Right.SEE, {}),
    "room": (Right.SEE, {"room": ROOM}),
    "room_region": (Right.SEE, {"room": ROOM}),
    "room_facts": (Right.SEE, {"room": ROOM}),
    "room_facts_region": (Right.SEE, {"room": ROOM}),
    "room_history": (Right.SEE, {"room": ROOM}),
    "person": (Right.SEE, PERSON),
    "history": (Right.SEE, {}),
    "audit": (Right.SEE, {}),
    "audit_csv": (Right.SEE, {}),
    "audit_entry": (Right.SEE, {"pk": 0}),
    "token_inspect": (Right.SEE, {}),
    # A viewer is told who makes tokens, and may inspect one.
    "tokens": (Right.SEE, {}),
    "room_create": (Right.ACT, {}),
    "room_verb": (Right.ACT, {"room": ROOM, "verb": "close"}),
    "person_verb": (Right.ACT, {**PERSON, "verb": "remove"}),
    "track_verb": (Right.ACT, {**PERSON, "sid": "TR_1", "verb": "mute"}),
    "project_settings": (Right.ADMINISTER, {}),
}
POSTED: dict[str, tuple[Right, dict[str, Any]]] = {
    "tokens": (Right.ACT, {}),
    "room_create": (Right.ACT, {}),
    "room_verb": (Right.ACT, {"room": ROOM, "verb": "close"}),
    "person_verb": (Right.ACT, {**PERSON, "verb": "promote"}),
    "track_verb": (Right.ACT, {**PERSON, "sid": "TR_1", "verb": "mute"}),
    "token_inspect": (Right.SEE, {}),
    "project_unlock": (Right.ACT, {}),
    "project_lock": (Right.ACT, {}),
    "project_connection": (Right.ADMINISTER, {}),
    "project_group": (Right.ADMINISTER, {"group": "safety"}),
    "project_delete": (Right.ADMINISTER, {}),
    "ability_check_again": (Right.ADMINISTER, {"name": "move"}),
    "member_add": (Right.ADMINISTER, {}),
    "member_role": (Right.ADMINISTER, {"user_id": 0}),
    "member_remove": (Right.ADMINISTER, {"user_id": 0}),
    "member_link": (Right.ADMINISTER, {"user_id": 0}),
}
# Addresses of accounts: only for those who administer all of Greenroom. GET, or POST where the account is named.
ACCOUNTS: dict[str, tuple[str, dict[str, Any]]] = {
    "accounts": ("GET", {}),
    "accounts_audit": ("GET", {}),
    "accounts_audit_entry": ("GET", {"pk": 0}),
    "account_add": ("POST", {}),
    "account_active": ("POST", {"user_id": 0}),
    "account_superuser": ("POST", {"user_id": 0}),
    "account_link": ("POST", {"user_id": 0}),
}
# What is left of a deleted project, for those who administer all of Greenroom.
KEPT = {"audit", "audit_csv", "audit_entry"}
# Addresses that belong to no project; their own tests say who may.
ELSEWHERE = {"home", "login", "logout", "account", "one_time_password", "first_run", "project_create", "webhook"}

ROLES = {Right.SEE: ("vic", "mona", "alice"), Right.ACT: ("mona", "alice"), Right.ADMINISTER: ("alice",)}


@pytest.fixture
def everybody(
    bare_project: Project, vic: User, mona: User, alice: User, nora: User, otto: User
) -> dict[str, User | None]:
    """All people of the tests by name, and nobody."""
    return {"nobody": None, "vic": vic, "mona": mona, "alice": alice, "nora": nora, "otto": otto}


@pytest.fixture
def root(transactional_db: None) -> User:
    """Administers all of Greenroom."""
    return User.objects.create_superuser("root")


@pytest.fixture
def entry(bare_project: Project) -> AuditEntry:
    """Something in the audit to look at."""
    return AuditEntry.objects.create(project=bare_project, username="mona", verb="mute", outcome="done")


async def asked(user: User | None, method: str, address: str) -> int:
    client = AsyncClient()
    if user is not None:
        await client.aforce_login(user, "django.contrib.auth.backends.ModelBackend")
    answer = await (client.get(address) if method == "GET" else client.post(address, {"role": "viewer"}))
    if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("login")):
        return 401
    return int(answer.status_code)


def address_of(name: str, kwargs: dict[str, Any], project: Project, entry: AuditEntry, vic: User) -> str:
    """The address of ``name`` in the project, zeros standing for what the test has made."""
    real = {"pk": entry.pk, "user_id": vic.pk}
    return reverse(name, kwargs={"slug": project.slug} | {key: real.get(key, value) for key, value in kwargs.items()})


def test_no_address_is_missing_from_the_table() -> None:
    included: list[Any] = get_resolver().url_patterns
    names = {pattern.name for entry in included for pattern in entry.url_patterns}
    assert names == PAGES.keys() | POSTED.keys() | ACCOUNTS.keys() | ELSEWHERE


@pytest.mark.parametrize("name", PAGES)
async def test_reading(
    name: str, bare_project: Project, entry: AuditEntry, vic: User, everybody: dict[str, User | None]
) -> None:
    await _tried("GET", *PAGES[name], name, bare_project, entry, vic, everybody)


@pytest.mark.parametrize("name", POSTED)
async def test_posting(
    name: str, bare_project: Project, entry: AuditEntry, vic: User, everybody: dict[str, User | None]
) -> None:
    await _tried("POST", *POSTED[name], name, bare_project, entry, vic, everybody)


async def _tried(
    method: str,
    right: Right,
    kwargs: dict[str, Any],
    name: str,
    project: Project,
    entry: AuditEntry,
    vic: User,
    everybody: dict[str, User | None],
) -> None:
    address = address_of(name, kwargs, project, entry, vic)
    assert await asked(None, method, address) == 401
    for outsider in ("nora", "otto"):
        assert await asked(everybody[outsider], method, address) == 404, outsider
    for inside in ("vic", "mona"):
        if inside not in ROLES[right]:
            assert await asked(everybody[inside], method, address) == 403, inside
    # The project's LiveKit is not there: a page says so (its own status), and nothing ends in an error of ours.
    for allowed in ROLES[right]:
        assert await asked(everybody[allowed], method, address) not in (401, 403, 404, 405, 500), allowed


@pytest.mark.parametrize("name", ACCOUNTS)
async def test_accounts(name: str, root: User, vic: User, everybody: dict[str, User | None]) -> None:
    method, kwargs = ACCOUNTS[name]
    address = reverse(name, kwargs=dict.fromkeys(kwargs, vic.pk))
    assert await asked(None, method, address) == 401
    for other in ("vic", "mona", "alice", "nora", "otto"):
        assert await asked(everybody[other], method, address) == 403, other
    assert await asked(root, method, address) not in (401, 403, 405, 500)


@pytest.mark.parametrize("name", [*PAGES, *POSTED])
async def test_a_deleted_project_is_none(
    name: str, bare_project: Project, root: User, entry: AuditEntry, vic: User, everybody: dict[str, User | None]
) -> None:
    method, (_, kwargs) = ("GET", PAGES[name]) if name in PAGES else ("POST", POSTED[name])
    address = address_of(name, kwargs, bare_project, entry, vic)
    # The roles are still there: it is the mark alone that counts.
    await Project.objects.filter(pk=bare_project.pk).aupdate(deleted_at=timezone.now())
    for other in ("vic", "mona", "alice", "nora", "otto"):
        assert await asked(everybody[other], method, address) == 404, other
    assert await asked(root, method, address) == (200 if name in KEPT else 404)


async def test_writing_without_a_token_of_the_page_is_refused(bare_project: Project, mona: User) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    await client.aforce_login(mona, "django.contrib.auth.backends.ModelBackend")
    address = reverse("room_verb", args=[bare_project.slug, ROOM, "close"])
    assert (await client.post(address, {"reason": "x"})).status_code == 403


@pytest.mark.parametrize("verb", ["mute", "room_metadata", "nonsense", "promote/../remove", ""])
async def test_a_verb_of_another_scope_is_no_address(bare_project: Project, mona: User, verb: str) -> None:
    client = AsyncClient()
    await client.aforce_login(mona, "django.contrib.auth.backends.ModelBackend")
    base = reverse("person", args=[bare_project.slug, ROOM, "ava"])
    assert (await client.post(f"{base}do/{verb}/")).status_code == 404
