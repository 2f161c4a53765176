"""Actions that change what a person may do and is: permission, name, metadata, attributes."""

from __future__ import annotations

from rooms.livekit import client
from rooms.moderation.actions import participants
from rooms.moderation.actions.deed import Declined
from rooms.moderation.digests import digest
from tests.rooms.moderation.conftest import ACTOR, NUL, Stage


async def test_promote_changes_one_field_of_ten(stage: Stage) -> None:
    await stage.join("carol", can_publish=False, can_publish_data=True, can_update_own_metadata=True)
    before = (await stage.now("carol")).permission
    outcome = await participants.promote(stage.project, stage.room, "carol", actor=ACTOR)
    after = (await stage.now("carol")).permission
    assert outcome.done
    assert after == before.overlay(can_publish=True)
    assert after.can_publish_data
    entry = await stage.audit("promote")
    assert (entry.outcome, entry.answer, entry.username, entry.address) == ("done", "200", "mona", "192.0.2.1")
    assert entry.before["can_publish"] is False
    assert entry.after["can_publish"] is True
    assert set(entry.before) == set(before.FIELDS)
    assert entry.duration_ms is not None


async def test_promoting_twice_says_that_nothing_changed(stage: Stage) -> None:
    await stage.join("carol")
    outcome = await participants.promote(stage.project, stage.room, "carol", actor=ACTOR)
    assert outcome.done
    assert participants.ALREADY in outcome.advice


async def test_return_to_audience_takes_the_tracks_down(stage: Stage) -> None:
    await stage.join("carol", publish=["microphone", "camera"])
    outcome = await participants.return_to_audience(stage.project, stage.room, "carol", actor=ACTOR, reason="noise")
    after = await stage.now("carol")
    assert outcome.done
    assert not after.on_stage
    assert after.tracks == ()
    assert (await stage.audit("return_to_audience")).reason == "noise"


async def test_permission_keeps_what_the_form_does_not_change(stage: Stage) -> None:
    await stage.join("carol")
    base = (await stage.now("carol")).permission
    fields = {name: getattr(base, name) for name in base.FIELDS}
    outcome = await participants.set_permission(
        stage.project, stage.room, "carol", {"can_publish_sources": ["MICROPHONE"]}, base=fields, actor=ACTOR
    )
    assert outcome.done
    after = (await stage.now("carol")).permission
    assert after == base.overlay(can_publish_sources=("MICROPHONE",))


async def test_permission_changed_underneath_is_a_conflict_and_not_an_act(stage: Stage) -> None:
    await stage.join("carol")
    base = (await stage.now("carol")).permission
    fields = {name: getattr(base, name) for name in base.FIELDS} | {"can_subscribe": False}
    await client.update_participant(
        stage.project.connection, stage.room, "carol", permission=base.overlay(can_publish_sources=("CAMERA",))
    )
    outcome = await participants.set_permission(
        stage.project, stage.room, "carol", {"can_publish_sources": ["MICROPHONE"]}, base=fields, actor=ACTOR
    )
    assert outcome.conflict == {"can_publish_sources": ("CAMERA",)}
    assert (await stage.now("carol")).permission.can_publish_sources == ("CAMERA",)
    assert not await stage.project.audit.aexists()


async def test_name_and_metadata_are_written_exactly(stage: Stage) -> None:
    await stage.join("carol", name="Carol", metadata="old")
    outcome = await participants.set_name(stage.project, stage.room, "carol", "Carol M.", base="Carol", actor=ACTOR)
    assert outcome.done
    outcome = await participants.set_metadata(stage.project, stage.room, "carol", NUL, base=digest("old"), actor=ACTOR)
    assert outcome.done
    after = await stage.now("carol")
    assert (after.name, after.metadata) == ("Carol M.", NUL)
    entry = await stage.audit("metadata")
    assert (entry.before, entry.after) == ({"metadata": "old"}, {"metadata": NUL})


async def test_what_livekit_cannot_clear_is_declined_with_a_row(stage: Stage) -> None:
    await stage.join("carol", name="Carol", metadata="old")
    outcome = await participants.set_metadata(stage.project, stage.room, "carol", "", base=digest("old"), actor=ACTOR)
    assert isinstance(outcome.error, Declined)
    assert (await stage.audit("metadata")).outcome == "refused"
    outcome = await participants.set_name(stage.project, stage.room, "carol", "", base="Carol", actor=ACTOR)
    assert isinstance(outcome.error, Declined)
    assert (await stage.now("carol")).name == "Carol"


async def test_attributes_touch_only_their_keys(stage: Stage) -> None:
    await stage.join("carol", attributes={"lang": "de", "role": "guest", "keep": NUL})
    outcome = await participants.set_attributes(
        stage.project,
        stage.room,
        "carol",
        {"lang": "en", "role": None, "": "empty key"},
        base={"lang": "de", "role": "guest"},
        actor=ACTOR,
    )
    assert outcome.done
    assert dict((await stage.now("carol")).attributes) == {"lang": "en", "keep": NUL, "": "empty key"}
    entry = await stage.audit("attributes")
    assert entry.before == {"attributes": {"lang": "de", "role": "guest", "": None}}
    assert entry.after == {"attributes": {"lang": "en", "role": None, "": "empty key"}}


async def test_an_attribute_changed_underneath_is_a_conflict(stage: Stage) -> None:
    await stage.join("carol", attributes={"lang": "nb", "role": "guest"})
    outcome = await participants.set_attributes(
        stage.project, stage.room, "carol", {"lang": "en"}, base={"lang": "de"}, actor=ACTOR
    )
    assert outcome.conflict == {"lang": "nb"}
    outcome = await participants.set_attributes(
        stage.project, stage.room, "carol", {"role": "host"}, base={"role": "guest", "lang": "de"}, actor=ACTOR
    )
    assert outcome.done, "a key that this form does not touch is no conflict"


async def test_writing_often_brings_the_advice(stage: Stage) -> None:
    await stage.join("carol", attributes={"n": "0"})
    first = await participants.set_attributes(
        stage.project, stage.room, "carol", {"n": "1"}, base={"n": "0"}, actor=ACTOR
    )
    second = await participants.set_attributes(
        stage.project, stage.room, "carol", {"n": "2"}, base={"n": "1"}, actor=ACTOR
    )
    assert first.advice == ()
    assert any("every few seconds" in line for line in second.advice)
