"""Raised hands as apps write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rooms.live.hands import Hand, hand_of, keys_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("lowered", ["", " ", "false", "False", "0", "no", "off", "null", "lowered"])
def test_a_value_that_says_no_is_no_hand(lowered: str) -> None:
    assert hand_of({"hand": lowered}, ("hand",)) is None


@pytest.mark.parametrize(
    "value",
    ["2026-11-20T12:00:00Z", "2026-11-20T13:00:00+01:00", "2026-11-20T12:00:00", "1795176000", "1795176000000"],
)
def test_a_time_in_any_usual_spelling_is_since_when(value: str) -> None:
    assert hand_of({"handRaisedAt": value}, ("handRaisedAt",)) == Hand("handRaisedAt", NOON)


@pytest.mark.parametrize("value", ["true", "1", "up", "✋", "9" * 400, "\0", "1e999", "٣"])
def test_anything_else_is_a_hand_of_unknown_age(value: str) -> None:
    assert hand_of({"hand": value}, ("hand",)) == Hand("hand", None)


def test_the_first_key_of_the_setting_wins() -> None:
    assert keys_of(" handRaisedAt , ,hand ") == ("handRaisedAt", "hand")
    assert hand_of({"hand": "up", "handRaisedAt": "false"}, ("handRaisedAt", "hand")) == Hand("hand", None)


def test_without_a_setting_nobody_has_a_hand() -> None:
    assert hand_of({"hand": "up", "": "x"}, keys_of("")) is None
