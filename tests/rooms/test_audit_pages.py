"""The audit on its page, at its own address and as CSV."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from rooms.models import AuditEntry, Project
from rooms.views.audit_csv import cell
from tests.fixtures.people import AsUser

PAGE = "/p/studio/audit/"
CSV = "/p/studio/audit.csv"
HOSTILE = "<script>alert(1)</script>\"' {{ 7 }} \u202e"


async def entry(project: Project, **values: Any) -> AuditEntry:
    """One entry; what a test does not care about is filled in."""
    given = {"verb": "mute", "username": "mona", "address": "192.0.2.7", "room": "stage", "identity": "carol"}
    return await AuditEntry.objects.acreate(project=project, **(given | {"target": "Carol"} | values))


async def text_of(client: Any, url: str) -> str:
    """The page as text; it must be there."""
    answer = await client.get(url)
    assert answer.status_code == 200, answer.status_code
    if answer.streaming:
        return b"".join([part async for part in answer]).decode()
    content: bytes = answer.content
    return content.decode()


async def csv_of(client: Any, url: str = CSV) -> list[dict[str, str]]:
    """The rows of the export."""
    return list(csv.DictReader(io.StringIO(await text_of(client, url), newline="")))


async def test_every_role_reads_it_and_only_administrators_the_address(
    bare_project: Project, alice: User, mona: User, vic: User, as_user: AsUser
) -> None:
    made = await entry(bare_project)
    for user, sees in ((alice, True), (mona, False), (vic, False)):
        client = as_user(user)
        for url in (PAGE, f"{PAGE}{made.pk}/"):
            page = await text_of(client, url)
            assert "Carol" in page
            assert ("192.0.2.7" in page) is sees
        (row,) = await csv_of(client)
        assert row["target"] == "Carol"
        assert row.get("address") == ("192.0.2.7" if sees else None)


async def test_strangers_get_nothing(
    bare_project: Project, nora: User, otto: User, as_user: AsUser, async_client: Any
) -> None:
    made = await entry(bare_project)
    for url in (PAGE, CSV, f"{PAGE}{made.pk}/"):
        assert (await async_client.get(url)).status_code == 302
        for user in (nora, otto):
            assert (await as_user(user).get(url)).status_code == 404
    assert (await as_user(otto).get(f"/p/elsewhere/audit/{made.pk}/")).status_code == 404
    assert "Carol" not in await text_of(as_user(otto), "/p/elsewhere/audit/")


async def test_it_is_only_read(bare_project: Project, alice: User, as_user: AsUser) -> None:
    made = await entry(bare_project)
    for url in (PAGE, CSV, f"{PAGE}{made.pk}/"):
        assert (await as_user(alice).post(url)).status_code == 405


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a", "b", "c"}),
        ("user=alice", {"b"}),
        ("verb=remove", {"b"}),
        ("outcome=trouble", {"b", "c"}),
        ("outcome=done", {"a"}),
        ("outcome=refused", {"b"}),
        ("room=hall", {"c"}),
        ("identity=carol", {"a", "c"}),
        ("q=SHOUTING", {"b"}),
        ("q=hal", {"c"}),
        ("q=412", {"c"}),
        ("q=%00", set()),
        ("since=2026-03-02", {"b", "c"}),
        ("until=2026-03-02", {"a", "b"}),
        ("since=2026-03-02&until=2026-03-02", {"b"}),
        ("verb=no_such_verb", set()),
        ("since=yesterday", {"a", "b", "c"}),
        ("since=2026-03-03&until=2026-03-02", {"c"}),
        ("outcome=nonsense", {"a", "b", "c"}),
        ("before=nonsense&user=mona", {"a", "c"}),
    ],
)
async def test_filters(bare_project: Project, vic: User, as_user: AsUser, query: str, found: set[str]) -> None:
    zone = timezone.get_current_timezone()
    at = datetime(2026, 3, 1, 23, 59, 59, tzinfo=zone)
    await entry(bare_project, target="a", at=at)
    await entry(
        bare_project, target="b", at=at + timedelta(seconds=1), username="alice", verb="remove",
        identity="dan", reason="shouting", outcome="refused",
    )  # fmt: skip
    await entry(
        bare_project, target="c", at=at + timedelta(days=1, seconds=1), room="hall", outcome="failed", answer="412 off"
    )
    assert {row["target"] for row in await csv_of(as_user(vic), f"{CSV}?{query}")} == found
    page = await text_of(as_user(vic), f"{PAGE}?{query}")
    assert {name for name in "abc" if f"<bdi>{name}</bdi>" in page} == found


async def test_a_mistake_in_a_filter_is_said_beside_its_field(
    bare_project: Project, vic: User, as_user: AsUser
) -> None:
    page = await text_of(as_user(vic), f"{PAGE}?since=yesterday&room=keep-me")
    assert "Enter a valid date." in page
    assert 'value="keep-me"' in page
    assert 'value="yesterday"' in page


async def test_hostile_and_strange_names_are_text(bare_project: Project, alice: User, as_user: AsUser) -> None:
    made = await entry(
        bare_project, room="a/../b?#%2F\x00", identity=HOSTILE, target=HOSTILE, reason=HOSTILE, answer=HOSTILE,
        before={"attributes": {HOSTILE: "x\x00", "": "1"}}, after={"attributes": {HOSTILE: HOSTILE * 9, "": None}},
    )  # fmt: skip
    for url in (PAGE, f"{PAGE}{made.pk}/"):
        page = await text_of(as_user(alice), url)
        assert "<script>alert" not in page
        assert "\x00" not in page
        assert "\u202e" not in re.sub("<[^>]*>", "", page)
        assert "&lt;script&gt;alert(1)" in page
    (row,) = await csv_of(as_user(alice))
    assert row["identity"] == HOSTILE
    assert row["room"] == "a/../b?#%2F␀"


async def test_an_entry_shows_every_field(bare_project: Project, vic: User, as_user: AsUser) -> None:
    made = await entry(
        bare_project, verb="permission", track_sid="TR_1", reason="Asked", answer="200", duration_ms=38,
        before={"permission": {"can_publish": False, "hidden": False}},
        after={"permission": {"can_publish": True, "hidden": False}},
    )  # fmt: skip
    page = await text_of(as_user(vic), f"{PAGE}{made.pk}/")
    for text in ("may publish", "<del><bdi>no</bdi></del> <ins><bdi>yes</bdi></ins>", "TR_1", "Asked", "38 ms"):
        assert text in page
    assert "hidden from the others" in page
    assert f"http://testserver{PAGE}{made.pk}/" in page


async def test_pages_keep_the_filter(bare_project: Project, vic: User, as_user: AsUser) -> None:
    for number in range(101):
        await entry(bare_project, target=f"t{number}", username="alice")
    await entry(bare_project, username="mona")
    first = await text_of(as_user(vic), f"{PAGE}?user=alice")
    assert "<bdi>t100</bdi>" in first
    assert "<bdi>t0</bdi>" not in first
    oldest_shown = (await AuditEntry.objects.filter(username="alice").order_by("pk").aget(target="t1")).pk
    assert f'href="?user=alice&amp;before={oldest_shown}"' in first
    second = await text_of(as_user(vic), f"{PAGE}?user=alice&before={oldest_shown}")
    assert "<bdi>t0</bdi>" in second
    assert "<bdi>t1</bdi>" not in second


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


def test_cells_are_plain_text() -> None:
    assert cell(None) == ""
    assert cell(12) == "12"
    assert cell("a\x00b") == "a␀b"
    assert cell({"a": [True, None]}) == '{"a": [true, null]}'


async def test_empty_audit_teaches(bare_project: Project, vic: User, as_user: AsUser) -> None:
    assert "Nothing was done yet" in await text_of(as_user(vic), PAGE)
    assert "Nothing matches" in await text_of(as_user(vic), f"{PAGE}?user=nobody")
