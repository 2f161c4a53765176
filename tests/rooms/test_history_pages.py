"""The kept feed: its pages, its filter, its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rooms.models import FeedEntry, Project
from rooms.models.feed import prune
from tests.fixtures.people import AsUser

PAGE = "/p/studio/history/"
ROOM = "/p/studio/rooms/stage/history/"
HOSTILE = "<img src=x onerror=alert(1)>\x00\u202e"


async def line(project: Project, **values: Any) -> FeedEntry:
    """One kept change; what a test does not care about is filled in."""
    return await sync_to_async(line_now)(project, **values)


def line_now(project: Project, **values: Any) -> FeedEntry:
    """``line`` for tests that are no coroutines."""
    given = {"room": "stage", "kind": "muted", "identity": "carol", "label": "Carol", "words": "microphone muted"}
    return FeedEntry.objects.create(project=project, **(given | {"field": "muted", "icon": "mic-off"} | values))


async def text_of(client: Any, url: str) -> str:
    """The page as text; it must be there."""
    answer = await client.get(url)
    assert answer.status_code == 200, answer.status_code
    content: bytes = answer.content
    return content.decode()


async def keep_for_years(project: Project) -> None:
    """The tests' days are fixed; the project must not have forgotten them."""
    await Project.objects.filter(pk=project.pk).aupdate(history_days=3650)


def told(page: str) -> list[str]:
    """The lines of the feed without markup, newest first, without their times."""
    items = re.findall(r"<li[^>]*data-kind.*?</li>", page, re.DOTALL)
    return [" ".join(re.sub(r"<time.*?</time>|<[^>]*>", " ", item).split()) for item in items]


async def test_every_role_sees_it_and_strangers_do_not(
    bare_project: Project, vic: User, nora: User, otto: User, as_user: AsUser, async_client: Any
) -> None:
    await line(bare_project)
    for url in (PAGE, ROOM):
        assert told(await text_of(as_user(vic), url))[0].startswith("Carol microphone muted")
        assert (await async_client.get(url)).status_code == 302
        assert (await as_user(nora).get(url)).status_code == 404
        assert (await as_user(otto).get(url)).status_code == 404
        assert (await as_user(vic).post(url)).status_code == 405


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcd"),
        ("kind=tracks", "a"),
        ("kind=hands", "b"),
        ("kind=room", "c"),
        ("kind=attributes", "d"),
        ("identity=carol", "ad"),
        ("room=hall", "b"),
        ("by=mona", "a"),
        ("q=CAMERA", "a"),
        ("q=lang", "d"),
        ("since=2026-03-02", "cd"),
        ("until=2026-03-01", "ab"),
        ("until=soon&kind=no_such_kind", "abcd"),
    ],
)
async def test_filters(bare_project: Project, vic: User, as_user: AsUser, query: str, found: str) -> None:
    await keep_for_years(bare_project)
    at = datetime(2026, 3, 1, 12, tzinfo=timezone.get_current_timezone())
    later = at + timedelta(days=1)
    await line(bare_project, at=at, words="camera muted", by="mona", label="a")
    await line(bare_project, at=at, kind="hand_raised", room="hall", identity="dan", words="raised a hand", label="b")
    await line(bare_project, at=later, kind="room_metadata", identity="", label="c", words="metadata set")
    await line(
        bare_project, at=later, kind="attribute", field="lang", old="en", new="de", words="lang: en → de", label="d"
    )
    marks = {"camera muted": "a", "raised a hand": "b", "metadata set": "c", "lang en de": "d"}
    lines = told(await text_of(as_user(vic), f"{PAGE}?{query}"))
    assert "".join(sorted(mark for words, mark in marks.items() if any(words in each for each in lines))) == found
    assert len(lines) == len(found)


async def test_days_have_headings_and_lines_say_by_whom(bare_project: Project, mona: User, as_user: AsUser) -> None:
    await keep_for_years(bare_project)
    at = datetime(2026, 3, 1, 12, tzinfo=timezone.get_current_timezone())
    await line(bare_project, at=at, by="mona")
    await line(bare_project, at=at, by="alice")
    await line(bare_project, at=at + timedelta(days=1))
    page = await text_of(as_user(mona), PAGE)
    assert page.index("Monday, 2 March 2026") < page.index("Sunday, 1 March 2026")
    assert told(page) == [
        "Carol microphone muted in stage",
        "Carol microphone muted by alice in stage",
        "Carol microphone muted by you in stage",
    ]
    assert told(await text_of(as_user(mona), ROOM))[0] == "Carol microphone muted"


@pytest.mark.parametrize("room", ["", "a/b", "..", "50%", "émile 🎤", "x\x00y", "?q=1#f"])
def test_rooms_of_any_name(bare_project: Project, vic: User, as_user_sync: Callable[[User], Client], room: str) -> None:
    # Django's async client hands non-ASCII paths over as Latin-1; the plain one does not.
    line_now(bare_project, room=room, label="Here")
    line_now(bare_project, room="another", label="Elsewhere")
    lines = told(as_user_sync(vic).get(reverse("room_history", args=["studio", room])).content.decode())
    assert len(lines) == 1
    assert lines[0].startswith("Here")


async def test_hostile_values_are_text(bare_project: Project, vic: User, as_user: AsUser) -> None:
    await line(
        bare_project, label=HOSTILE, identity=HOSTILE, kind="attribute", field=HOSTILE, old=HOSTILE, new=HOSTILE * 20
    )
    page = await text_of(as_user(vic), PAGE)
    assert "<img" not in page
    text = re.sub("<[^>]*>", "", page)
    assert "\x00" not in text
    assert "\u202e" not in text
    assert len(told(page)[0]) < 600


def rendered(**values: Any) -> str:
    """A line of the live feed, which is no model, as words."""
    given = {
        "room": "stage", "at": datetime(2026, 3, 1, tzinfo=UTC), "kind": "muted", "identity": None, "label": "",
        "field": "", "old": None, "new": None, "words": "", "tone": "", "icon": "mic", "by": "", "verb": "", "key": "1",
    }  # fmt: skip
    context = {"entry": SimpleNamespace(**(given | values)), "slug": "studio", "username": "mona"}
    return " ".join(re.sub(r"<time.*?</time>|<[^>]*>", " ", render_to_string("_feed_entry.html", context)).split())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "room_metadata", "words": "metadata changed, 3 keys"}, "Room metadata changed, 3 keys"),
        ({"kind": "attribute", "field": "a", "new": "1", "words": "a set to 1"}, "Room a set to 1"),
        ({"kind": "attribute", "field": "a", "old": "1", "words": "a removed"}, "Room a removed, was 1"),
        ({"kind": "attribute", "field": "", "old": "1", "new": "2", "words": "x"}, "Room attribute without a key 1 2"),
        (
            {
                "kind": "permission", "identity": "c", "label": "C", "field": "can_publish",
                "old": False, "new": True, "words": "may publish: no → yes", "by": "mona",
            },
            "C may publish no yes by you",
        ),
        (
            {
                "kind": "permission", "field": "can_publish_sources", "old": (), "new": ("MICROPHONE",),
                "words": "may publish from: every source → microphone",
            },
            "Room may publish from every source microphone",
        ),
        ({"kind": "permission", "field": "unknown", "words": "permission changed"}, "Room permission changed"),
        ({"kind": "joined", "identity": "c", "label": "", "words": "joined, hidden"}, "c joined, hidden"),
    ],
)  # fmt: skip
def test_one_partial_tells_stored_and_live_lines(values: dict[str, Any], words: str) -> None:
    assert rendered(**values) == words


async def test_an_empty_history_teaches(bare_project: Project, vic: User, as_user: AsUser) -> None:
    page = await text_of(as_user(vic), PAGE)
    assert "Nothing was kept yet" in page
    assert "kept 7 days" in page
    assert "Nothing matches" in await text_of(as_user(vic), f"{PAGE}?by=nobody")


async def test_what_is_too_old_is_not_shown_even_before_it_is_deleted(
    bare_project: Project, vic: User, as_user: AsUser
) -> None:
    await line(bare_project, label="Old", at=timezone.now() - timedelta(days=7, seconds=1))
    await line(bare_project, label="New", at=timezone.now() - timedelta(days=6))
    assert [each.split()[0] for each in told(await text_of(as_user(vic), PAGE))] == ["New"]


def test_pruning_keeps_what_each_project_wants(bare_project: Project, other_project: Project) -> None:
    Project.objects.filter(pk=other_project.pk).update(history_days=30)
    ten_days_ago = timezone.now() - timedelta(days=10)
    line_now(bare_project, at=ten_days_ago)
    line_now(other_project, at=ten_days_ago)
    kept = line_now(bare_project)
    out = StringIO()
    call_command("prune", stdout=out)
    assert out.getvalue() == "studio: 1 changes older than 7 days deleted\n"
    assert set(FeedEntry.objects.values_list("project__slug", flat=True)) == {"studio", "elsewhere"}
    assert FeedEntry.objects.filter(pk=kept.pk).exists()
    assert prune(bare_project) == 0
