"""UpdateParticipant, field by field: the table of livekit.md 3.1, with 0.4."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually

START: dict[str, Any] = {"name": "Alice", "metadata": "first", "attributes": {"a": "1", "b": "2"}}


async def alice_as_she_came(livekit: UnderTest) -> models.ParticipantInfo:
    await livekit.join("alice", **START)
    return await livekit.get("alice")


@pytest.mark.parametrize("fields", [{}, {"name": "", "metadata": "", "attributes": {}}], ids=["absent", "empty"])
async def test_absent_and_empty_fields_change_nothing(livekit: UnderTest, fields: dict[str, Any]) -> None:
    before = await alice_as_she_came(livekit)
    after = await livekit.update("alice", **fields)
    assert (after.name, after.metadata, dict(after.attributes)) == ("Alice", "first", {"a": "1", "b": "2"})
    assert (after.permission, after.version) == (before.permission, before.version)


@pytest.mark.parametrize("field", ["name", "metadata"])
async def test_the_same_value_again_is_no_change(livekit: UnderTest, field: str) -> None:
    before = await alice_as_she_came(livekit)
    after = await livekit.update("alice", **{field: START[field]})
    assert after.version == before.version


async def test_the_same_attributes_again_are_sent_to_all_and_raise_the_version(livekit: UnderTest) -> None:
    before = await alice_as_she_came(livekit)
    after = await livekit.update("alice", attributes={"a": "1"})
    assert dict(after.attributes) == START["attributes"]
    assert after.version > before.version


async def test_the_same_permission_again_is_no_change(livekit: UnderTest) -> None:
    before = await alice_as_she_came(livekit)
    after = await livekit.update("alice", permission=before.permission)
    assert after.version == before.version


@pytest.mark.parametrize("field", ["name", "metadata"])
async def test_a_new_value_replaces_the_old_one_and_is_experienced(livekit: UnderTest, field: str) -> None:
    alice = await livekit.join("alice", **START)
    before = await livekit.get("alice")
    new: dict[str, Any] = {field: "new"}
    after = await livekit.update("alice", **new)
    assert getattr(after, field) == "new"
    assert after.version > before.version
    assert getattr(await livekit.get("alice"), field) == "new"
    await alice.experiences(f"{field}_changed", **new)


async def test_attributes_merge_key_by_key(livekit: UnderTest) -> None:
    alice = await livekit.join("alice", **START)
    after = await livekit.update("alice", attributes={"b": "3", "c": "4"})
    assert dict(after.attributes) == {"a": "1", "b": "3", "c": "4"}
    await alice.experiences("attributes_changed", attributes={"a": "1", "b": "3", "c": "4"})


async def test_an_empty_value_deletes_its_key_and_no_other(livekit: UnderTest) -> None:
    alice = await livekit.join("alice", **START)
    after = await livekit.update("alice", attributes={"a": ""})
    assert dict(after.attributes) == {"b": "2"}
    assert dict((await livekit.get("alice")).attributes) == {"b": "2"}
    await alice.experiences("attributes_changed", attributes={"b": "2"})


async def test_deleting_a_key_that_is_not_there_is_harmless(livekit: UnderTest) -> None:
    await alice_as_she_came(livekit)
    after = await livekit.update("alice", attributes={"no such key": "", "c": "3"})
    assert dict(after.attributes) == {"a": "1", "b": "2", "c": "3"}


async def test_a_placeholder_stands_for_cleared_metadata(livekit: UnderTest) -> None:
    await alice_as_she_came(livekit)
    assert (await livekit.update("alice", metadata="{}")).metadata == "{}"
    assert (await livekit.update("alice", metadata=" ")).metadata == " "


async def test_the_reply_has_everything_after_the_change(livekit: UnderTest) -> None:
    await livekit.join("alice", publish=["microphone"], **START)
    permission = models.ParticipantPermission(can_subscribe=True, can_publish=True, can_publish_data=False)
    after = await livekit.update("alice", name="A", metadata="m", attributes={"c": "3"}, permission=permission)
    assert (after.name, after.metadata, dict(after.attributes)) == ("A", "m", {"a": "1", "b": "2", "c": "3"})
    assert after.permission == permission
    assert [track.source for track in after.tracks] == [models.MICROPHONE]
    found = await livekit.get("alice")
    assert (found.name, found.permission, found.version) == (after.name, after.permission, after.version)


async def test_the_version_rises_with_each_change(livekit: UnderTest) -> None:
    await alice_as_she_came(livekit)
    versions = [(await livekit.update("alice", metadata=f"m{number}")).version for number in range(4)]
    assert versions == sorted(set(versions))


async def test_a_new_session_counts_versions_anew(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    for number in range(5):
        old = await livekit_once.update("alice", metadata=f"m{number}")
    await alice.leave()
    again = await livekit_once.join("alice")
    assert again.sid != alice.sid
    assert (await livekit_once.get("alice")).version < old.version


HOSTILE = ["\x00", "a\x00b", "\x01\x1f\x7f", "\u202eevil", "<script>alert(1)</script>", "\U0001f6cb"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_metadata_and_attributes_may_hold_any_text(livekit: UnderTest, text: str) -> None:
    await livekit.join("alice")
    after = await livekit.update("alice", metadata=text, attributes={text: text}, name=text)
    assert (after.metadata, dict(after.attributes), after.name) == (text, {text: text}, text)
    found = await livekit.get("alice")
    assert (found.metadata, dict(found.attributes), found.name) == (text, {text: text}, text)


async def test_the_empty_string_is_a_legal_attribute_key(livekit: UnderTest) -> None:
    await livekit.join("alice")
    assert dict((await livekit.update("alice", attributes={"": "nameless"})).attributes) == {"": "nameless"}
    assert dict((await livekit.update("alice", attributes={"": ""})).attributes) == {}


async def test_people_without_media_can_be_changed_too(livekit: UnderTest) -> None:
    await livekit.join("alice", signalling_only=True)
    assert (await livekit.get("alice")).state == models.ParticipantInfo.State.JOINED
    assert (await livekit.update("alice", name="Alice", attributes={"a": "1"})).name == "Alice"


async def test_a_person_may_change_themselves_with_the_right(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", can_update_own_metadata=True, attributes={"a": "1"})
    await asyncio.gather(alice.set_name("Me"), alice.set_metadata("mine"), alice.raise_hand())

    def changed(found: models.ParticipantInfo) -> bool:
        return (found.name, found.metadata, dict(found.attributes)) == ("Me", "mine", {"a": "1", "hand_raised": "true"})

    await eventually(lambda: livekit_once.get("alice"), changed)
    await alice.lower_hand()
    await eventually(lambda: livekit_once.get("alice"), lambda found: dict(found.attributes) == {"a": "1"})


async def test_a_person_without_the_right_is_told_not_allowed(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", signalling_only=True, name="Alice")
    for number, act in enumerate((alice.set_name("Me"), alice.set_metadata("mine"), alice.raise_hand()), start=1):
        await act
        refusals = ["NOT_ALLOWED"] * number
        await eventually(alice.refusals, refusals.__eq__)
    found = await livekit_once.get("alice")
    assert (found.name, found.metadata, dict(found.attributes)) == ("Alice", "", {})


async def test_the_limits_hold_for_own_changes_too(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", signalling_only=True, can_update_own_metadata=True)
    await alice.set_name("n" * 257)
    await alice.set_metadata("m" * 524_289)
    await alice.set_attributes({"a": "v" * 65_536})
    refusals = ["LIMIT_EXCEEDED"] * 3
    await eventually(alice.refusals, refusals.__eq__)
    found = await livekit_once.get("alice")
    assert (found.name, found.metadata, dict(found.attributes)) == ("", "", {})


async def test_nobody_can_clear_their_own_name_or_metadata(livekit_once: UnderTest) -> None:
    """The attribute is the clock: a person's changes are made in order."""
    alice = await livekit_once.join("alice", signalling_only=True, can_update_own_metadata=True, **START)
    await alice.set_name("")
    await alice.set_metadata("")
    await alice.raise_hand()
    found = await eventually(lambda: livekit_once.get("alice"), lambda found: "hand_raised" in found.attributes)
    assert (found.name, found.metadata) == ("Alice", "first")


async def test_the_right_can_be_given_while_they_are_there(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    permission = (await livekit_once.get("alice")).permission
    permission.can_update_metadata = True
    await livekit_once.update("alice", permission=permission)
    await alice.experiences("permission_changed", can_update_metadata=True)
    await alice.set_name("Me")
    await eventually(lambda: livekit_once.get("alice"), lambda found: found.name == "Me")
