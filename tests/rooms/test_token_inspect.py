"""The page that says what a token is."""

from __future__ import annotations

import logging
from typing import Any

import jwt
import pytest
from django.contrib.auth.models import User
from django.core.cache import cache

from rooms.models import AuditEntry, Project
from tests.fixtures.people import AsUser

INSPECT = "/p/studio/tokens/inspect/"


SECRET = "studio-secret-of-32-characters-!"


HOSTILE = "<script>alert(1)</script>"


def signed(secret: str = SECRET, **claims: Any) -> str:
    """A token of the project, or of whoever has ``secret``."""
    given = {"iss": "devkey", "sub": "carol", "exp": 4_000_000_000, "video": {"roomJoin": True, "room": "stage"}}
    return jwt.encode(given | claims, secret, algorithm="HS256")


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (signed(), "It is valid."),
        (signed(exp=1_000_000_000), "It has expired."),
        (signed("another-secret-of-at-least-32-characters"), "The signature is wrong"),
        (signed(iss="nobody"), "Not verified: the key that it names"),
        ("not.a.token", "Not a token"),
        ("x" * 1000, "Not a token"),
    ],
)
async def test_inspecting_says_what_it_is(
    bare_project: Project, vic: User, as_user: AsUser, token: str, words: str
) -> None:
    answer = await as_user(vic).post(INSPECT, {"token": token})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert token not in page
    assert token.rsplit(".", maxsplit=1)[-1] not in page or token == "not.a.token"


async def test_the_previous_key_still_verifies(bare_project: Project, vic: User, as_user: AsUser) -> None:
    bare_project.previous_api_key, bare_project.previous_api_secret = "oldkey", "old-secret-of-at-least-32-characters"
    await bare_project.asave()
    token = signed("old-secret-of-at-least-32-characters", iss="oldkey")
    assert "It is valid." in (await as_user(vic).post(INSPECT, {"token": token})).content.decode()


async def test_a_pasted_token_is_forgotten(
    bare_project: Project, vic: User, as_user: AsUser, caplog: pytest.LogCaptureFixture
) -> None:
    token = signed(name=HOSTILE, metadata=HOSTILE)
    client = as_user(vic)
    with caplog.at_level(logging.DEBUG):
        page = (await client.post(INSPECT, {"token": token})).content.decode()
    assert HOSTILE not in page
    assert token.split(".")[2] not in caplog.text
    assert not await AuditEntry.objects.aexists()
    assert token not in str(await client.asession())
    answer = await client.get(f"{INSPECT}?token={token}")
    assert "It is valid." not in answer.content.decode()
    assert cache.get("token") is None


async def test_inspecting_needs_a_role_and_a_token(
    bare_project: Project, nora: User, vic: User, as_user: AsUser, async_client: Any
) -> None:
    assert (await async_client.post(INSPECT, {"token": signed()})).status_code == 302
    assert (await as_user(nora).post(INSPECT, {"token": signed()})).status_code == 404
    answer = await as_user(vic).post(INSPECT, {"token": ""})
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
