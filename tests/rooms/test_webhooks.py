"""The address where LiveKit reports: what is believed, what is refused, and that nothing else happens."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.core.cache import cache
from django.test import AsyncClient
from django.utils import timezone

from rooms.livekit.webhooks import BODY_LIMIT
from rooms.models import AuditEntry, FeedEntry, Project

HOOK = "/hooks/studio/"
KEY = "devkey"
SECRET = "studio-secret-of-32-characters-!"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def body_of(event: str = "participant_joined", room: str = "stage", number: int = 1) -> bytes:
    """An event as LiveKit writes it: camelCase, defaults left out, big numbers as texts."""
    payload = {
        "event": event, "id": f"EV_{number}", "createdAt": str(int(time.time())),
        "room": {"sid": "RM_1", "name": room, "turnPassword": "never shown"}, "participant": {"identity": "carol"},
    }  # fmt: skip
    return json.dumps(payload).encode()


def signed(body: bytes, key: str = KEY, secret: str = SECRET, **claims: Any) -> str:
    """LiveKit's Authorization header for ``body``: a bare token."""
    now = int(time.time())
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return jwt.encode({"iss": key, "nbf": now, "exp": now + 300, "sha256": digest} | claims, secret, algorithm="HS256")


async def deliver(body: bytes, authorization: str | None, url: str = HOOK) -> Any:
    """What the hook answers; it never asks for a CSRF token or a sign-in."""
    headers = {} if authorization is None else {"Authorization": authorization}
    client = AsyncClient(enforce_csrf_checks=True)
    return await client.post(url, body, content_type="application/webhook+json", headers=headers)


async def last(project: Project) -> Any:
    """When the project last heard a webhook."""
    await project.arefresh_from_db()
    return project.last_webhook_at


async def test_a_signed_event_is_noted(bare_project: Project) -> None:
    before = timezone.now()
    body = body_of()
    answer = await deliver(body, signed(body))
    assert (answer.status_code, answer.content) == (200, b"")
    assert before <= await last(bare_project) <= timezone.now()
    assert not await AuditEntry.objects.aexists()
    assert not await FeedEntry.objects.aexists()


@pytest.mark.parametrize("prefix", ["", "Bearer "])
async def test_with_and_without_bearer(bare_project: Project, prefix: str) -> None:
    body = body_of()
    assert (await deliver(body, prefix + signed(body))).status_code == 200


@pytest.mark.parametrize("room", ["", "a/../b", "%2F", "émile 🎤", "x\x00y", "<script>", "x" * 256])
async def test_rooms_of_any_name(bare_project: Project, room: str) -> None:
    body = body_of(room=room)
    assert (await deliver(body, signed(body))).status_code == 200


@pytest.mark.parametrize(
    "body", [b'{"event": "never_heard_of", "id": "EV_x"}', b"{}", b'{"event": "egress_started", "egressInfo": {}}']
)
async def test_unknown_events_are_fine(bare_project: Project, body: bytes) -> None:
    assert (await deliver(body, signed(body))).status_code == 200
    assert await last(bare_project)


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"\xff\xfe"])
async def test_what_is_signed_and_no_event(bare_project: Project, body: bytes) -> None:
    assert (await deliver(body, signed(body))).status_code == 400
    assert await last(bare_project) is None


def forged(body: bytes) -> dict[str, str | None]:
    """Headers that must not be believed, by what is wrong with them."""
    now = int(time.time())
    good = signed(body)
    head, middle, tail = good.split(".")
    return {
        "no header": None,
        "empty": "",
        "no token": "Bearer nonsense",
        "another secret": signed(body, secret="another-secret-of-at-least-32-characters"),
        "another key": signed(body, key="otherkey"),
        "another project's key": signed(body, key="otherkey", secret="another-secret-of-32-characters!"),
        "another body": signed(body + b" "),
        "no digest": jwt.encode({"iss": KEY, "exp": now + 300}, SECRET, algorithm="HS256"),
        "an API token": jwt.encode(
            {"iss": KEY, "exp": now + 300, "video": {"roomAdmin": True}}, SECRET, algorithm="HS256"
        ),
        "no algorithm": jwt.encode({"iss": KEY, "exp": now + 300}, "", algorithm="none"),
        "cut": f"{head}.{middle}.",
        "changed": f"{head}.{middle}.{'A' * len(tail)}",
        "expired": signed(body, nbf=now - 900, exp=now - 600),
        "not yet valid": signed(body, nbf=now + 600, exp=now + 900),
        "valid for ever": signed(body, exp=now + 10**9),
        "without an end": signed(body, exp=None),
    }


@pytest.mark.parametrize("what", forged(b"x"))
async def test_forged_ones_get_401_and_nothing_else(
    bare_project: Project, other_project: Project, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = body_of()
    header = forged(body)[what]
    with caplog.at_level(logging.DEBUG):
        answer = await deliver(body, header)
    assert (answer.status_code, answer.content) == (401, b"")
    assert await last(bare_project) is None
    assert "eyJ" not in caplog.text
    # Nothing was remembered either: the true one of the same id still comes in.
    assert (await deliver(body, signed(body))).status_code == 200


async def test_a_changed_body_is_refused(bare_project: Project) -> None:
    body = body_of()
    header = signed(body)
    assert (await deliver(body.replace(b"stage", b"other"), header)).status_code == 401
    assert (await deliver(body + b"\n", header)).status_code == 401
    assert (await deliver(body, header)).status_code == 200


async def test_an_unknown_project_looks_like_a_forgery(bare_project: Project) -> None:
    body = body_of()
    answer = await deliver(body, signed(body), "/hooks/no-such-project/")
    assert (answer.status_code, answer.content) == (401, b"")


async def test_a_project_without_a_readable_secret_believes_nobody(bare_project: Project) -> None:
    await Project.objects.filter(pk=bare_project.pk).aupdate(api_secret="")
    body = body_of()
    assert (await deliver(body, signed(body))).status_code == 401
    assert (await deliver(body, jwt.encode({"iss": KEY}, "", algorithm="none"))).status_code == 401


async def test_the_previous_key_counts_until_the_server_has_changed_its_own(bare_project: Project) -> None:
    bare_project.previous_api_key, bare_project.previous_api_secret = "oldkey", "old-secret-of-at-least-32-characters"
    await bare_project.asave()
    body = body_of()
    assert (await deliver(body, signed(body, "oldkey", "old-secret-of-at-least-32-characters"))).status_code == 200
    assert (await deliver(body, signed(body, "oldkey", SECRET))).status_code == 401


async def test_a_replay_is_refused(bare_project: Project, other_project: Project) -> None:
    body = body_of()
    header = signed(body)
    assert (await deliver(body, header)).status_code == 200
    assert (await deliver(body, header)).status_code == 409
    assert (await deliver(body, signed(body, exp=int(time.time()) + 200))).status_code == 409
    again = body_of(number=2)
    assert (await deliver(again, signed(again))).status_code == 200
    # Ids are the server's: another project may have the same one.
    elsewhere = signed(body, "otherkey", "another-secret-of-32-characters!")
    assert (await deliver(body, elsewhere, "/hooks/elsewhere/")).status_code == 200


async def test_events_without_an_id_are_known_by_their_bytes(bare_project: Project) -> None:
    one, two = b'{"event": "room_started"}', b'{"event": "room_finished"}'
    assert [(await deliver(body, signed(body))).status_code for body in (one, one, two)] == [200, 409, 200]


async def test_oversized_ones_are_refused_and_the_largest_is_not(bare_project: Project) -> None:
    largest = body_of() + b" " * (BODY_LIMIT - len(body_of()))
    assert (await deliver(largest + b" ", signed(largest + b" "))).status_code == 413
    assert (await deliver(largest, signed(largest))).status_code == 200


async def test_a_wrong_length_does_not_let_more_in(bare_project: Project) -> None:
    body = body_of() + b" " * BODY_LIMIT
    headers = {"Authorization": signed(body), "Content-Length": "10"}
    answer = await AsyncClient().post(HOOK, body, content_type="application/webhook+json", headers=headers)
    assert answer.status_code in (401, 413)
    assert await last(bare_project) is None


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
async def test_only_post(bare_project: Project, async_client: AsyncClient, method: str) -> None:
    assert (await getattr(async_client, method)(HOOK)).status_code == 405


async def test_the_time_is_written_every_few_seconds_at_most(bare_project: Project) -> None:
    first, second, third = (body_of(number=number) for number in range(3))
    await deliver(first, signed(first))
    noted = await last(bare_project)
    await deliver(second, signed(second))
    assert await last(bare_project) == noted
    await Project.objects.filter(pk=bare_project.pk).aupdate(last_webhook_at=noted - timedelta(seconds=6))
    await deliver(third, signed(third))
    assert await last(bare_project) >= noted
