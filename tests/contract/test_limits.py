"""Sizes in bytes: the table of livekit.md 2.7, each at its limit and one byte over."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from tests.contract.twirp import PREFIX, Refusal
from tests.contract.under_test import UnderTest, eventually
from tests.people import JoinRefused

METADATA = 524_288
ATTRIBUTES = 65_536
NAME = 256

TOO_MUCH_METADATA = Refusal(400, "invalid_argument", f"metadata size exceeds limits {METADATA}")
TOO_MANY_ATTRIBUTES = Refusal(400, "invalid_argument", f"attribute size exceeds limits {ATTRIBUTES}")


async def test_metadata_of_a_new_room(livekit: UnderTest) -> None:
    assert len((await livekit.create(metadata="x" * METADATA)).metadata) == METADATA
    answer = await livekit.call("CreateRoom", name=livekit.new_name(), metadata="x" * (METADATA + 1))
    assert answer.refusal == TOO_MUCH_METADATA


async def test_metadata_of_a_room(livekit: UnderTest) -> None:
    await livekit.create()
    fits = await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata="x" * METADATA)
    assert len(fits.reply.metadata) == METADATA
    answer = await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata="x" * (METADATA + 1))
    assert answer.refusal == TOO_MUCH_METADATA


async def test_metadata_of_a_person(livekit: UnderTest) -> None:
    await livekit.join("alice")
    assert len((await livekit.update(metadata="x" * METADATA)).metadata) == METADATA
    answer = await livekit.call("UpdateParticipant", room=livekit.room, identity="alice", metadata="x" * (METADATA + 1))
    assert answer.refusal == TOO_MUCH_METADATA
    assert answer.meta == {"argument": "metadata size exceeds limits"}


async def test_sizes_are_bytes_and_not_characters(livekit: UnderTest) -> None:
    answer = await livekit.call("UpdateRoomMetadata", room=livekit.room, metadata="é" * (METADATA // 2 + 1))
    assert answer.refusal == TOO_MUCH_METADATA


async def test_attributes_count_keys_and_values(livekit: UnderTest) -> None:
    await livekit.join("alice")
    fits = {"k" * 36: "v" * (ATTRIBUTES - 36)}
    assert dict((await livekit.update(attributes=fits)).attributes) == fits
    too_many = {"k" * 37: "v" * (ATTRIBUTES - 36)}
    answer = await livekit.call("UpdateParticipant", room=livekit.room, identity="alice", attributes=too_many)
    assert answer.refusal == TOO_MANY_ATTRIBUTES


async def test_only_the_submitted_attributes_are_measured(livekit: UnderTest) -> None:
    await livekit.join("alice")
    for key in ("first", "second"):
        alice = await livekit.update(attributes={key: "v" * 60_000})
    assert sum(len(key) + len(value) for key, value in alice.attributes.items()) > ATTRIBUTES


async def test_a_persons_name(livekit: UnderTest) -> None:
    await livekit.join("alice")
    assert len((await livekit.update(name="n" * NAME)).name) == NAME
    answer = await livekit.call("UpdateParticipant", room=livekit.room, identity="alice", name="n" * (NAME + 1))
    assert answer.refusal == Refusal(400, "invalid_argument", "name length exceeds limits 256")


async def test_a_rooms_name(livekit: UnderTest) -> None:
    answer = await livekit.call("CreateRoom", name="n" * (NAME + 1))
    assert answer.refusal == Refusal(
        400, "invalid_argument", PREFIX + "room name length exceeds limits: max length 256"
    )
    assert (await livekit.call("CreateRoom", name="é" * 129)).refusal.status == 400


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ({"identity": "i" * (NAME + 1)}, "identity length exceeds limits"),
        ({"identity": "alice", "room": "n" * (NAME + 1)}, "room name length exceeds limits"),
    ],
    ids=["identity", "room"],
)
async def test_names_in_a_join_token(livekit_once: UnderTest, who: dict[str, str], text: str) -> None:
    with pytest.raises(JoinRefused) as refusal:
        await livekit_once.join(**who)
    assert refusal.value.status == 400
    assert text in refusal.value.text


@pytest.mark.parametrize(
    "carried",
    [{"metadata": "m" * (METADATA + 1)}, {"attributes": {"k": "v" * ATTRIBUTES}}],
    ids=["metadata", "attributes"],
)
async def test_a_join_token_that_carries_too_much(livekit_once: UnderTest, carried: dict[str, Any]) -> None:
    with pytest.raises(JoinRefused) as refusal:
        await livekit_once.join("alice", **carried)
    assert refusal.value.status >= 400
    assert await livekit_once.list_people() == {}


@pytest.mark.parametrize("size", [0, 1, 15, 17, 32])
async def test_a_nonce_has_sixteen_bytes_or_none(livekit: UnderTest, size: int) -> None:
    await livekit.create()
    answer = await livekit.call("SendData", room=livekit.room, data=b"x", nonce=b"n" * size)
    if size == 0:
        assert answer.status == 200
    else:
        text = f"nonce should be 16-bytes or not present, got: {size} bytes"
        assert answer.refusal == Refusal(400, "invalid_argument", text)


async def test_a_persons_name_in_a_join_token_has_no_limit(livekit: UnderTest) -> None:
    await livekit.join("alice", signalling_only=True, name="n" * (NAME + 1))
    assert len((await livekit.get("alice")).name) == NAME + 1


async def test_a_refreshed_token_with_too_many_attributes_opens_nothing(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", signalling_only=True)
    for key in ("first", "second"):
        await livekit_once.update(attributes={key: "v" * 60_000})

    def carries_both(token: str) -> bool:
        return len(jwt.decode(token, options={"verify_signature": False}).get("attributes", {})) == 2

    newest = await eventually(alice.newest_token, carries_both)
    await alice.leave()
    with pytest.raises(JoinRefused) as refusal:
        await livekit_once.join("alice", signalling_only=True, token=newest)
    assert refusal.value.status == 500
