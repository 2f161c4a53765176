"""The road of every act: one deadline, a row for what was begun even if nobody waits for it, and a line in the feed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from rooms.live.reader import Reader
from rooms.livekit import client
from rooms.livekit.errors import TimedOut
from rooms.models import AuditEntry, FeedEntry
from rooms.moderation.actions import deed, departures, participants, rooms, tracks
from rooms.moderation.digests import digest
from tests.rooms.live.conftest import Page
from tests.rooms.moderation.conftest import ACTOR, Stage

PATIENCE = 5.0


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition, at most PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not await true():
        assert time.monotonic() < end, "It did not come to be."
        await asyncio.sleep(0.01)


async def test_a_server_that_is_slow_to_change_leaves_it_uncertain(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deed, "DEADLINE", 0.6)
    await stage.join("carol", can_publish=False)
    await stage.fault("UpdateParticipant", delay=3)
    began = time.monotonic()
    outcome = await participants.promote(stage.project, stage.room, "carol", actor=ACTOR)
    assert time.monotonic() - began < 2
    assert isinstance(outcome.error, TimedOut)
    assert outcome.outcome == "uncertain"
    entry = await stage.audit("promote")
    assert (entry.outcome, entry.before["can_publish"], entry.after["can_publish"]) == ("uncertain", False, True)


async def test_a_server_that_is_slow_to_read_changes_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deed, "DEADLINE", 0.6)
    await stage.join("carol", can_publish=False)
    await stage.fault("GetParticipant", delay=3)
    outcome = await participants.promote(stage.project, stage.room, "carol", actor=ACTOR)
    assert outcome.outcome == "failed", "nothing was sent, so nothing can have happened"
    assert (await stage.audit("promote")).before is None


async def test_no_act_may_take_longer_than_ten_seconds() -> None:
    assert deed.DEADLINE == 10


async def test_whoever_closes_the_browser_does_not_take_the_row_along(stage: Stage) -> None:
    await stage.join("carol", can_publish=False)
    await stage.fault("UpdateParticipant", delay=0.4)
    arrived = await stage.calls("UpdateParticipant")
    asked = asyncio.create_task(participants.promote(stage.project, stage.room, "carol", actor=ACTOR))

    async def sent() -> bool:
        return await stage.calls("UpdateParticipant") > arrived

    await until(sent)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    rows = AuditEntry.objects.filter(project=stage.project, room=stage.room)
    await until(rows.aexists)
    assert (await stage.audit("promote")).outcome == "done"
    assert (await stage.now("carol")).on_stage


async def test_an_act_stands_in_the_feed_with_its_user(stage: Stage) -> None:
    carol = await stage.join("carol", can_publish=True, publish=["microphone"])
    await tracks.mute(stage.project, stage.room, "carol", carol.tracks["microphone"], actor=ACTOR)
    await participants.return_to_audience(stage.project, stage.room, "carol", actor=ACTOR)
    await departures.remove(stage.project, stage.room, "carol", actor=ACTOR)
    told = {
        (entry.kind, entry.by, entry.verb)
        async for entry in FeedEntry.objects.filter(project=stage.project, room=stage.room, identity="carol")
    }
    assert ("muted", "mona", "mute") in told
    assert ("permission", "mona", "return_to_audience") in told
    assert ("left", "mona", "remove") in told


async def test_deleting_what_is_not_there_is_done(stage: Stage) -> None:
    await stage.join("carol", attributes={"lang": "de"})
    outcome = await participants.set_attributes(
        stage.project, stage.room, "carol", {"never": None, "lang": None}, base={"lang": "de"}, actor=ACTOR
    )
    assert outcome.done
    assert dict((await stage.now("carol")).attributes) == {}


async def test_a_change_of_the_room_itself_names_its_user(stage: Stage, live: Reader) -> None:
    await client.create_room(stage.project.connection, name=stage.room, metadata="old")
    page = Page()
    await live.watch(stage.project, stage.room, page)
    await page.hears("refetch")
    await rooms.set_metadata(stage.project, stage.room, "new", base=digest("old"), actor=ACTOR)
    await page.hears("step")
    assert [by for _, _, by in page.lines] == ["mona"]


@pytest.mark.parametrize("sent", [True, False])
async def test_a_mistake_of_our_own_leaves_a_row_for_what_was_sent(stage: Stage, sent: bool) -> None:
    await stage.join("carol", name="Carol")
    begun = deed.person_deed(stage.project, "name", stage.room, "carol", ACTOR, "")

    async def mistaken(each: deed.Deed) -> None:
        await each.read()
        if sent:
            await each.send(client.update_participant(each.connection, each.room, each.identity, name="Caroline"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await deed.perform(begun, mistaken)
    rows = [(row.verb, row.outcome, row.answer) async for row in AuditEntry.objects.all()]
    assert rows == ([("name", "uncertain", "200")] if sent else [])
