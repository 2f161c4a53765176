"""SendData and PerformRpc (livekit.md 2.6)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from livekit.protocol import models

from tests.contract.twirp import PREFIX, Refusal
from tests.contract.under_test import UnderTest
from tests.people import Person


async def heard(person: Person) -> list[bytes]:
    return [each.details["data"] for each in await person.experienced() if each.event == "data"]


async def alice_and_bob(livekit: UnderTest) -> tuple[Person, Person]:
    alice, bob = await asyncio.gather(livekit.join("alice"), livekit.join("bob"))
    return alice, bob


@pytest.mark.parametrize("kind", [models.DataPacket.RELIABLE, models.DataPacket.LOSSY], ids=["reliable", "lossy"])
async def test_data_reaches_everybody_with_its_topic(livekit: UnderTest, kind: int) -> None:
    people = await alice_and_bob(livekit)
    await livekit.call("SendData", room=livekit.room, data=b"\x00hi\xff", kind=kind, topic="chat")
    for person in people:
        await person.experiences("data", data=b"\x00hi\xff", topic="chat")


async def test_data_without_a_topic(livekit: UnderTest) -> None:
    alice = await livekit.join("alice")
    await livekit.call("SendData", room=livekit.room, data=b"hi")
    await alice.experiences("data", data=b"hi", topic="")


async def test_data_to_one_is_not_heard_by_the_others(livekit: UnderTest) -> None:
    alice, bob = await alice_and_bob(livekit)
    await livekit.call("SendData", room=livekit.room, data=b"psst", destination_identities=["bob", "nobody"])
    await livekit.call("SendData", room=livekit.room, data=b"all")
    await bob.experiences("data", data=b"all")
    await alice.experiences("data", data=b"all")
    assert (await heard(alice), await heard(bob)) == ([b"all"], [b"psst", b"all"])


async def test_data_may_still_be_addressed_by_sid(livekit: UnderTest) -> None:
    alice, bob = await alice_and_bob(livekit)
    await livekit.call("SendData", room=livekit.room, data=b"psst", destination_sids=[bob.sid])
    await livekit.call("SendData", room=livekit.room, data=b"all")
    await asyncio.gather(*(person.experiences("data", data=b"all") for person in (alice, bob)))
    assert (await heard(alice), await heard(bob)) == ([b"all"], [b"psst", b"all"])


async def test_hidden_people_hear_too(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", hidden=True)
    await livekit_once.call("SendData", room=livekit_once.room, data=b"hi")
    await alice.experiences("data", data=b"hi")


async def test_the_same_nonce_is_delivered_once(livekit: UnderTest) -> None:
    alice = await livekit.join("alice")
    for nonce in (b"a" * 16, b"a" * 16, b"b" * 16):
        await livekit.call("SendData", room=livekit.room, data=b"hi " + nonce[:1], nonce=nonce)
    await livekit.call("SendData", room=livekit.room, data=b"end")
    await alice.experiences("data", data=b"end")
    assert await heard(alice) == [b"hi a", b"hi b", b"end"]


async def test_without_a_nonce_everything_is_delivered(livekit: UnderTest) -> None:
    alice = await livekit.join("alice")
    for text in (b"hi", b"hi", b"end"):
        await livekit.call("SendData", room=livekit.room, data=text)
    await alice.experiences("data", data=b"end")
    assert await heard(alice) == [b"hi", b"hi", b"end"]


async def test_data_into_an_empty_room_succeeds(livekit: UnderTest) -> None:
    await livekit.create()
    assert (await livekit.call("SendData", room=livekit.room, data=b"hi")).status == 200


async def test_an_rpc_needs_an_identity(livekit: UnderTest) -> None:
    answer = await livekit.call("PerformRpc", room=livekit.room, method="m")
    assert (answer.refusal.status, answer.refusal.code) == (400, "invalid_argument")
    assert "destination identity is required" in answer.refusal.msg


async def test_an_rpc_that_nobody_registered_is_refused(livekit: UnderTest) -> None:
    await livekit.join("alice")
    answer = await livekit.call("PerformRpc", room=livekit.room, destination_identity="alice", method="none")
    text = "RpcError 1400: Method not supported at destination"
    assert answer.refusal == Refusal(400, "invalid_argument", PREFIX + text)


async def test_an_rpc_with_too_much_payload_is_refused(livekit: UnderTest) -> None:
    await livekit.join("alice")
    payload = "x" * 15_361
    call: dict[str, Any] = {"destination_identity": "alice", "method": "m", "payload": payload}
    answer = await livekit.call("PerformRpc", room=livekit.room, **call)
    assert (answer.refusal.status, answer.refusal.code) == (400, "invalid_argument")
    assert "Request payload too large" in answer.refusal.msg
