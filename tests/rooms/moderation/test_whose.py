"""Whose act a change was, also when a reading sees it before LiveKit's answer has come through."""

from __future__ import annotations

from typing import Any

import pytest

from rooms.live.feed import Act
from rooms.live.reader import reader
from rooms.livekit import client
from rooms.moderation import audit
from rooms.moderation.actions import departures, participants, rooms
from rooms.moderation.digests import digest
from tests.rooms.live.conftest import Page
from tests.rooms.moderation.conftest import ACTOR, Stage


class Late:
    """The audit, which is written between LiveKit's answer and the pages: it waits until a reading was faster."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, page: Page, *words: str) -> None:
        record = audit.record

        async def late(project: Any, *values: Any, **details: Any) -> Any:
            await reader().nudge(project.pk, details["room"])
            await page.reads(*words)
            return await record(project, *values, **details)

        monkeypatch.setattr(audit, "record", late)


def told(page: Page) -> set[tuple[str, str, str]]:
    """Every line of the feed so far: whom it is about, what happened, by whom."""
    return {(line.identity, line.words, line.by) for step in page.steps for line in step.entries}


@pytest.fixture
async def page(stage: Stage) -> Page:
    """A page of the room, where ava and ben are."""
    await stage.join("ava", can_publish=False)
    await stage.join("ben")
    page = Page()
    await reader().watch(stage.project, stage.room, page)
    await page.hears("refetch")
    return page


async def test_a_reading_that_is_faster_than_the_answer_names_who_did_it(
    stage: Stage, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    Late(monkeypatch, page, "may publish: no → yes")
    outcome = await participants.promote(stage.project, stage.room, "ava", actor=ACTOR)
    assert outcome.done
    assert ("ava", "may publish: no → yes", "mona") in told(page)


async def test_a_removal_too(stage: Stage, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    Late(monkeypatch, page, "left")
    outcome = await departures.remove(stage.project, stage.room, "ava", actor=ACTOR, reason="over")
    assert outcome.done
    assert ("ava", "left", "mona") in told(page)


async def test_and_what_is_done_to_the_room(stage: Stage, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    Late(monkeypatch, page, "metadata set")
    outcome = await rooms.set_metadata(stage.project, stage.room, "{}", base=digest(""), actor=ACTOR)
    assert outcome.done
    assert ("", "metadata set", "mona") in told(page)


async def test_what_others_do_meanwhile_or_later_is_theirs(stage: Stage, page: Page) -> None:
    act = Act("mona", "promote", stage.room, "ava")
    await reader().expect(stage.project.pk, act, 10.0)
    await client.update_participant(stage.project.connection, stage.room, "ben", attributes={"lang": "de"})
    await reader().nudge(stage.project.pk, stage.room)
    await page.reads("lang set to de")
    await reader().expect(stage.project.pk, act, 0)
    await client.update_participant(stage.project.connection, stage.room, "ava", attributes={"lang": "fr"})
    await reader().nudge(stage.project.pk, stage.room)
    await page.reads("lang set to fr")
    assert {by for _, _, by in told(page)} == {""}


@pytest.mark.parametrize("room", ["other", ""])
def test_an_act_on_one_room_is_not_the_reason_of_another_ones_opening(room: str) -> None:
    act = Act("mona", "create_room", room)
    change: Any = type("Opened", (), {"identity": None, "label": "stage"})()
    assert not act.caused(change)
    change.label = room
    assert act.caused(change)
