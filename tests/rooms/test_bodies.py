"""A body that nothing of this site sends is refused before anything keeps it."""

from __future__ import annotations

from typing import Any

import pytest

from rooms.bodies import SmallBodies


class Kept:
    """An application that reads its body to the end, as Django's handler does."""

    def __init__(self) -> None:
        self.bytes = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            self.bytes += len(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def asked(*chunks: bytes, announced: int | None) -> tuple[int, int]:
    """The status that is answered, and how many bytes the application was given."""
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting[-1]["more_body"] = False
    headers = [] if announced is None else [(b"content-length", str(announced).encode())]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    kept = Kept()
    await SmallBodies(kept, most=10)({"type": "http", "headers": headers}, receive, send)
    return sent[0]["status"], kept.bytes


async def test_a_small_body_passes() -> None:
    assert await asked(b"12345", b"67890", announced=10) == (200, 10)


async def test_a_large_one_is_refused_by_what_it_announces() -> None:
    assert await asked(b"1" * 11, announced=11) == (413, 0)


@pytest.mark.parametrize("announced", [None, 3])
async def test_and_by_what_arrives_whatever_it_announces(announced: int | None) -> None:
    assert await asked(b"12345", b"67890", b"1", announced=announced) == (413, 10)
