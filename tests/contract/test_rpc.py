"""PerformRpc with somebody who answers (livekit.md 2.6)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.contract.twirp import PREFIX, Answer, Refusal
from tests.contract.under_test import UnderTest
from tests.people import Person

MAX_PAYLOAD = 15_360  # bytes
UNKNOWN_METHOD = Refusal(400, "invalid_argument", PREFIX + "RpcError 1400: Method not supported at destination")


async def call(livekit: UnderTest, method: str, payload: str = "", **fields: Any) -> Answer:
    request: dict[str, Any] = {
        "room": livekit.room,
        "destination_identity": "alice",
        "method": method,
        "payload": payload,
    }
    return await livekit.call("PerformRpc", **request, **fields)


async def heard(person: Person) -> int:
    """How often a method of theirs has been called."""
    return sum(each.event == "rpc" for each in await person.experienced())


@pytest.mark.parametrize("payload", ["hi", "", "é" * (MAX_PAYLOAD // 2), '{"a": "\U0001f6cb"}'], ids=len)
async def test_a_method_answers(livekit: UnderTest, payload: str) -> None:
    alice = await livekit.join("alice")
    await alice.answer_rpc("echo")
    assert (await call(livekit, "echo", payload)).reply.payload == payload
    await alice.experiences("rpc", method="echo", payload=payload)


async def test_a_method_that_is_registered_again_and_taken_back(livekit: UnderTest) -> None:
    alice = await livekit.join("alice")
    assert (await call(livekit, "")).refusal == UNKNOWN_METHOD
    await alice.answer_rpc("greet", "hello")
    assert (await call(livekit, "greet")).reply.payload == "hello"
    await alice.answer_rpc("greet", "hello again")
    assert (await call(livekit, "greet")).reply.payload == "hello again"
    await alice.stop_answering_rpc("greet")
    assert (await call(livekit, "greet")).refusal == UNKNOWN_METHOD


ERRORS = {
    (101, "no", "why"): "RpcError 101: no: why",
    (1500, "Application error in method handler", ""): "RpcError 1500: Application error in method handler",
}


@pytest.mark.parametrize("error", ERRORS)
async def test_an_error_of_the_application_comes_back(livekit: UnderTest, error: tuple[int, str, str]) -> None:
    alice = await livekit.join("alice")
    await alice.answer_rpc("fail", error=error)
    assert (await call(livekit, "fail")).refusal == Refusal(500, "internal", PREFIX + ERRORS[error])


async def test_what_is_sent_and_what_is_answered_has_a_limit(livekit: UnderTest) -> None:
    alice = await livekit.join("alice")
    await alice.answer_rpc("echo")
    too_large = Refusal(400, "invalid_argument", PREFIX + "RpcError 1402: Request payload too large")
    assert (await call(livekit, "echo", "x" * (MAX_PAYLOAD + 1))).refusal == too_large
    assert await heard(alice) == 0
    await alice.answer_rpc("big", "x" * (MAX_PAYLOAD + 1))
    too_large = Refusal(500, "internal", PREFIX + "RpcError 1504: Response payload too large")
    assert (await call(livekit, "big")).refusal == too_large
    await alice.answer_rpc("big", "x" * MAX_PAYLOAD)
    assert (await call(livekit, "big")).reply.payload == "x" * MAX_PAYLOAD


async def test_the_caller_says_how_long_the_answer_may_take(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    await alice.answer_rpc("slow", delay=2.5)
    assert (await call(livekit_once, "slow", "x")).reply.payload == "x"
    answer = await call(livekit_once, "slow", response_timeout_ms=300)
    assert answer.refusal == Refusal(408, "canceled", PREFIX + "RpcError 1502: Response timeout")
    assert 0.2 < answer.seconds < 2.5


async def test_a_method_that_takes_more_than_three_seconds_is_called_again(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    await alice.answer_rpc("slow", "late", delay=3.5)
    answer = await call(livekit_once, "slow")
    assert answer.reply.payload == "late"
    assert answer.seconds > 6
    assert await heard(alice) == 2


async def test_whoever_leaves_meanwhile_does_not_answer(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    await alice.answer_rpc("slow", delay=2.5)
    waiting = asyncio.create_task(call(livekit_once, "slow"))
    await alice.experiences("rpc", method="slow")
    await alice.leave()
    # The server calls again, and may find nobody any more, a line at some stage of closing, or no answer in time.
    assert (await waiting).refusal.status in (404, 408, 500, 503)


async def test_the_same_call_again_is_carried_out_again(livekit: UnderTest) -> None:
    alice = await livekit.join("alice")
    await alice.answer_rpc("count")
    assert [(await call(livekit, "count", "x")).reply.payload for _ in range(2)] == ["x", "x"]
    assert await heard(alice) == 2
