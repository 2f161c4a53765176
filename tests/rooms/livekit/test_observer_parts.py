"""What the observer's process makes of sound and of data, without a room."""

from __future__ import annotations

import json
import math

import pytest

from tests.servers.fixtures import RTC_MISSING

pytest.importorskip("livekit.rtc", reason=RTC_MISSING)

from rooms.livekit.observer.chat import LONGEST, message
from rooms.livekit.observer.ears import FULL_SCALE, LOUDEST, level_of
from rooms.livekit.observer.seat import reason_of


def tone(decibels: float) -> list[int]:
    """Samples of a square wave so far below the loudest sound."""
    height = round(FULL_SCALE * 10 ** (decibels / 20))
    return [height, -height] * 400


@pytest.mark.parametrize(
    ("decibels", "level"), [(0, LOUDEST), (-6, 9), (-30, 5), (-54, 1), (-60, 0), (-80, 0), (-math.inf, 0)]
)
def test_each_step_of_the_meter_is_six_decibels(decibels: float, level: int) -> None:
    samples = tone(decibels)
    assert level_of(samples, len(samples)) == level


def test_no_sound_at_all_is_silence() -> None:
    assert level_of([], 0) == 0


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hello", "hello"),
        ("grüß dich 👋".encode(), "grüß dich 👋"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (json.dumps({"id": "1", "timestamp": 5, "message": "from an older client"}).encode(), "from an older client"),
        (b'{"message": 5}', '{"message": 5}'),
        (b'{"other": "x"}', '{"other": "x"}'),
        (b'{"message": "broken', '{"message": "broken'),
        (b'{"a":' * 100 + b"1" + b"}" * 100, '{"a":' * 100 + "1" + "}" * 100),
        (b"", ""),
    ],
)
def test_data_is_read_as_the_text_that_it_most_likely_is(data: bytes, text: str) -> None:
    assert message(data) == (text, False)


@pytest.mark.parametrize("data", [b"x" * (LONGEST + 1), b'{"message": "' + b"x" * (LONGEST + 1) + b'"}'])
def test_a_long_text_is_cut(data: bytes) -> None:
    assert message(data) == ("x" * LONGEST, True)


def test_brackets_without_end_are_text() -> None:
    text, more = message(b'{"a":' * 200_000)
    assert (len(text), more) == (LONGEST, True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("engine: connection error: wait_pc_connection timed out", "media"),
        ("engine: signal failure: handshake error: 404 Not Found", "door"),
        ("engine: signal failure: client error: 401 Unauthorized - invalid token: eyJhbGci404.x.y", "refused"),
        ("engine: signal failure: transport connection error: IO error: Connection refused (os error 111)", "signal"),
        ("engine: signal failure: server error: 500 - token eyJ401", "signal"),
    ],
)
def test_why_a_join_failed_is_a_code_and_never_the_text(text: str, reason: str) -> None:
    assert reason_of(text) == reason
