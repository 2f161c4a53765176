"""What an audit entry changed, read out of any JSON."""

from __future__ import annotations

from rooms.views.differences import differences


def as_dict(before: object, after: object) -> dict[str, tuple[object, object]]:
    """field -> (old, new)."""
    return {change.field: (change.old, change.new) for change in differences(before, after)}


def test_permission_is_told_in_words_changed_fields_first() -> None:
    before = {"permission": {"hidden": False, "can_publish": False, "can_publish_sources": []}}
    after = {"permission": {"hidden": False, "can_publish": True, "can_publish_sources": ["MICROPHONE"]}}
    found = differences(before, after)
    assert [(change.field, change.changed) for change in found] == [
        ("may publish", True),
        ("may publish from", True),
        ("hidden from the others", False),
    ]
    assert (found[1].old, found[1].new) == ("every source", "microphone")


def test_attributes_are_named_one_by_one_and_a_deleted_one_is_absent() -> None:
    before = {"attributes": {"lang": "en", "gone": "1", "": "empty key"}}
    after = {"attributes": {"lang": "de", "gone": None, "": "empty key"}}
    assert as_dict(before, after) == {
        "attribute lang": ("en", "de"),
        "attribute gone": ("1", None),
        "attribute ": ("empty key", "empty key"),
    }


def test_any_json_is_readable() -> None:
    assert differences(None, None) == []
    assert as_dict(None, "muted") == {"value": (None, "muted")}
    assert as_dict([1, 2], None) == {"value": ([1, 2], None)}
    assert as_dict({"a": {"b": {"c": 0}}}, {"a": {}}) == {"a b c": (0, None), "a": (None, {})}


def test_json_texts_are_compared_member_by_member() -> None:
    old, new = '{"topic":"one","n":1.10}', '{"topic":"two","n":1.10}'
    (change,) = differences({"metadata": old}, {"metadata": new + " " * 100})
    assert change.long
    assert ("-", '  "topic": "one",') in change.lines
    assert ("+", '  "topic": "two",') in change.lines
    assert (" ", '  "n": 1.10') in change.lines


def test_a_huge_text_is_shown_without_comparing_every_line() -> None:
    old = "\n".join(f"line {number}" for number in range(2_000))
    (change,) = differences({"metadata": old}, {"metadata": "short\n"})
    marks = [mark for mark, _ in change.lines]
    assert marks == ["-"] * 2_000 + ["+"] * 2


def test_what_cannot_be_seen_is_made_visible_in_lines() -> None:
    (change,) = differences({"metadata": ""}, {"metadata": "a\x00\nb"})
    assert ("+", "a␀") in change.lines
