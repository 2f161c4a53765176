"""What is heard in a room, on its way to the pages of this process and of others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rooms.live import heard
from rooms.live.bus import Topic
from rooms.live.heard import Heard, packed, unpacked
from rooms.live.watch import Watch
from rooms.livekit.packing import unpack
from rooms.livekit.snapshots import Participant, RoomState
from rooms.models import FeedEntry, Project
from tests.rooms.live.conftest import Page


class Room:
    """A watched room with a page, and what its other processes are told."""

    def __init__(self, project: Project, *people: Participant) -> None:
        self.watch = Watch(Topic(project.pk, "stage"), project)
        state = RoomState(None, {person.identity: person for person in people}, datetime.now(UTC))
        self.watch.start(state, "epoch", 0)
        self.page = Page(panel="ava")
        self.watch.sinks.add(self.page)
        self.published: list[dict[str, Any]] = []
        self.heard = Heard(self.watch, self._publish)

    async def _publish(self, message: dict[str, Any]) -> None:
        self.published.append(message)

    async def hears(self, *messages: dict[str, Any]) -> None:
        """Take ``messages`` at once and wait until everything is told."""
        for message in messages:
            self.heard.take(message)
        await self.heard.end()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages need pauses, tests do not."""
    monkeypatch.setattr(heard, "PAUSE", 0.0)


def person(identity: str, *, hidden: bool = False) -> Participant:
    """Somebody in the room."""
    packed = {"identity": identity, "sid": f"PA_{identity}", "name": identity.title()}
    return unpack(Participant, packed | {"permission": {"hidden": hidden}})


def said(who: str, text: str, *, more: bool = False) -> dict[str, Any]:
    """What the observer's process says when somebody writes."""
    return {"say": "said", "who": who, "topic": "lk.chat", "text": text, "more": more}


async def test_the_latest_is_told_once(bare_project: Project) -> None:
    room = Room(bare_project, person("ava"), person("ben"))
    await room.hears(
        {"say": "speaking", "who": ["ben"]},
        {"say": "speaking", "who": ["ava", "gone"]},
        {"say": "quality", "who": "ava", "quality": "poor"},
        {"say": "level", "who": "ava", "level": 3},
        {"say": "level", "who": "ava", "level": 7},
    )
    (aside,) = room.page.asides
    assert (aside.speaking, aside.quality, aside.levels) == (["ava"], {"ava": "poor"}, {"ava": 7})
    assert (room.watch.speaking, room.watch.quality, room.watch.levels) == (["ava"], {"ava": "poor"}, {"ava": 7})
    await room.hears({"say": "speaking", "who": ["ava", "gone"]}, {"say": "quality", "who": "ava", "quality": "poor"})
    assert len(room.page.asides) == 1
    await room.hears({"say": "quality", "who": "ava", "quality": ""})
    assert (room.page.asides[-1].speaking, room.page.asides[-1].quality) == (None, {})


async def test_other_processes_hear_the_same(bare_project: Project) -> None:
    here, there = Room(bare_project, person("ava")), Room(bare_project, person("ava"))
    await here.hears({"say": "speaking", "who": ["ava"]}, {"say": "level", "who": "ava", "level": 4}, said("ava", "hi"))
    (message,) = here.published
    await there.watch.hear(unpacked(message))
    assert [packed(aside) for aside in there.page.asides] == [message]
    assert there.page.said[0].new == "hi"


async def test_when_the_observer_goes_nobody_is_known_to_speak(bare_project: Project) -> None:
    room = Room(bare_project, person("ava"))
    await room.hears({"say": "speaking", "who": ["ava"]}, {"say": "quality", "who": "ava", "quality": "good"})
    room.heard.forget()
    await room.heard.end()
    assert (room.watch.speaking, room.watch.quality) == ([], {})
    assert room.page.spoke == [["ava"], []]


async def test_who_has_just_come_may_speak(bare_project: Project) -> None:
    room = Room(bare_project)
    await room.hears(said("newcomer", "hello"), said("ava", "x" * 2_000, more=True), {"say": "missed", "count": 1})
    assert [(line.label, line.words[:12]) for line in room.page.said] == [
        ("newcomer", "said “hello”"),
        ("ava", "said “xxxxxx"),
        ("", "1 more chat "),
    ]
    kept = [row async for row in FeedEntry.objects.order_by("pk")]
    assert [str(row.pk) for row in kept] == [line.key for line in room.page.said]
    assert kept[1].new == "x" * 2_000 + "…"


async def test_of_hidden_people_nothing_is_told_where_the_project_hides_them(bare_project: Project) -> None:
    bare_project.show_hidden = False
    room = Room(bare_project, person("ava"), person("ghost", hidden=True))
    await room.hears(
        said("ghost", "boo"),
        said("nobody knows yet", "hm"),
        said("ava", "who was that?"),
        {"say": "speaking", "who": ["ghost", "ava"]},
        {"say": "quality", "who": "ghost", "quality": "lost"},
        {"say": "level", "who": "ghost", "level": 9},
    )
    (aside,) = room.page.asides
    assert (aside.speaking, aside.quality, aside.levels) == (["ava"], {}, {})
    assert [line.identity for line in aside.lines] == ["ava"]
    assert await FeedEntry.objects.acount() == 1
