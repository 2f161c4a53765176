from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.live.changes import QUIET, Change, apply, diff, diff_rooms
from rooms.livekit.snapshots import (
    DataTrack,
    Participant,
    Permission,
    Room,
    RoomsState,
    RoomState,
    Track,
    VideoLayer,
)
from tests.rooms.livekit.strategies import READ_AT, room_states, rooms_states

ROOM = Room("RM_1", "town")
MICROPHONE = Track("TR_1", source="MICROPHONE")
ANN = Participant("PA_1", "ann", name="Ann", tracks=(MICROPHONE,), attributes={"lang": "en"})


def turned_round(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(reversed(list(mapping.items())))


def state(*people: Participant, room: Room | None = ROOM) -> RoomState:
    return RoomState(room, {person.identity: person for person in people}, READ_AT)


def ann(**fields: Any) -> Participant:
    return dataclasses.replace(ANN, **fields)


def changes_of(after: Participant) -> list[Change]:
    return diff(state(ANN), state(after))


def only(after: Participant) -> Change:
    (change,) = changes_of(after)
    return change


@given(room_states, room_states)
def test_the_differences_applied_to_the_old_state_give_the_new(old: RoomState, new: RoomState) -> None:
    assert apply(diff(old, new), old) == new


@given(rooms_states, rooms_states)
def test_the_differences_of_a_list_applied_to_the_old_give_the_new(old: RoomsState, new: RoomsState) -> None:
    assert apply(diff_rooms(old, new), old) == new


@given(room_states)
def test_a_state_does_not_differ_from_itself(same: RoomState) -> None:
    copies = {identity: dataclasses.replace(person, version=9) for identity, person in same.people.items()}
    assert diff(same, same) == []
    assert diff(same, dataclasses.replace(same, people=copies)) == []


@given(room_states, room_states)
def test_the_order_of_people_does_not_matter(old: RoomState, new: RoomState) -> None:
    turned = [dataclasses.replace(each, people=turned_round(each.people)) for each in (old, new)]
    assert diff(*turned) == diff(old, new)


@given(rooms_states, rooms_states)
def test_the_order_of_rooms_does_not_matter(old: RoomsState, new: RoomsState) -> None:
    turned = [dataclasses.replace(each, rooms=turned_round(each.rooms)) for each in (old, new)]
    assert diff_rooms(*turned) == diff_rooms(old, new)


@given(room_states, room_states)
def test_every_change_can_be_stored_and_shown(old: RoomState, new: RoomState) -> None:
    for change in diff(old, new):
        json.dumps([change.old, change.new])
        assert change.words.isprintable()
        assert len(change.words) < 300
        assert change.icon
        assert change.tone in (None, "stage", "hidden")


FIELDS = {
    "name": "Anna",
    "state": "JOINED",
    "kind": "SIP",
    "kind_details": ("FORWARDED",),
    "metadata": "{}",
    "attributes": {"lang": "de"},
    "joined_at": READ_AT,
    "permission": Permission(can_publish=True),
    "region": "eu",
    "is_publisher": True,
    "tracks": (),
    "data_tracks": (DataTrack("DTR_1"),),
    "disconnect_reason": "MIGRATION",
    "client_protocol": 9,
    "capabilities": ("CAP_PACKET_TRAILER",),
    "sid": "PA_2",
}


def test_the_table_names_every_field_that_is_compared() -> None:
    compared = {field.name for field in dataclasses.fields(Participant) if field.compare}
    assert compared - {"identity"} == set(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_of_a_participant_changes_in_silence(name: str) -> None:
    (change,) = changes_of(ann(**{name: FIELDS[name]}))
    assert (change.identity, change.label) == ("ann", "Anna" if name == "name" else "Ann")
    assert change.words


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Track) if field.compare])
def test_no_field_of_a_track_changes_in_silence(name: str) -> None:
    values: dict[str, Any] = {"bool": True, "int": 5, "str": "VIDEO"}
    type_name = str(Track.__dataclass_fields__[name].type)
    value = values.get(type_name, (VideoLayer(width=1),) if name == "layers" else ("TF_STEREO",))
    changed = changes_of(ann(tracks=(dataclasses.replace(MICROPHONE, **{name: value}),)))
    assert [change.kind for change in changed] == {
        "sid": ["published", "unpublished"][:: 1 if value < "TR_1" else -1] if name == "sid" else [],
        "muted": ["muted"],
    }.get(name, ["track"])


@pytest.mark.parametrize(
    ("after", "kind", "field", "old", "new", "words", "tone", "icon"),
    [
        (
            ann(tracks=(dataclasses.replace(MICROPHONE, muted=True),)),
            *("muted", "muted", False, True, "microphone muted", None, "mic-off"),
        ),
        (ann(attributes={"lang": "de"}), "attribute", "lang", "en", "de", "lang: en → de", None, "tag"),
        (ann(attributes={}), "attribute", "lang", "en", None, "lang removed", None, "tag"),
        (
            ann(attributes={"lang": "en", "": "x"}),
            *("attribute", "", None, "x", "attribute without a key set to x", None, "tag"),
        ),
        (
            ann(permission=Permission(can_publish=True)),
            *("permission", "can_publish", False, True, "may publish: no → yes", "stage", "circle-arrow-up"),
        ),
        (
            ann(permission=Permission(can_publish_sources=("CAMERA", "MICROPHONE"))),
            *("permission", "can_publish_sources", (), ("CAMERA", "MICROPHONE")),
            *("may publish from: every source → camera, microphone", None, "shield"),
        ),
        (
            ann(permission=Permission(hidden=True)),
            *("permission", "hidden", False, True, "hidden from the others: no → yes", "hidden", "eye-off"),
        ),
        (ann(name="Anna"), "name", "name", "Ann", "Anna", "name: Ann → Anna", None, "pencil"),
        (ann(metadata='{"a":1}'), "metadata", "metadata", "", '{"a":1}', "metadata set", None, "braces"),
        (ann(state="JOINED"), "state", "state", "ACTIVE", "JOINED", "is connecting, no media yet", None, "plug"),
        (ann(sid="PA_2"), "rejoined", "sid", "PA_1", "PA_2", "is back with a new session", None, "log-in"),
        (ann(tracks=()), "unpublished", "tracks", "microphone", None, "unpublished microphone", None, "mic-off"),
        (
            ann(tracks=(MICROPHONE, Track("TR_2", type="VIDEO", source="SCREEN_SHARE"))),
            *("published", "tracks", None, "screen share", "started a screen share", "stage", "screen-share"),
        ),
        (
            ann(tracks=(MICROPHONE, Track("TR_2", type="VIDEO", source="CAMERA", muted=True))),
            *("published", "tracks", None, "camera", "published camera, muted", "stage", "video-off"),
        ),
        (ann(region="eu"), "fact", "region", "", "eu", "region: nothing → eu", None, "info"),
    ],
)
def test_a_change_in_words(
    after: Participant, kind: str, field: str, old: Any, new: Any, words: str, tone: str | None, icon: str
) -> None:
    change = only(after)
    assert (change.kind, change.field, change.old, change.new) == (kind, field, old, new)
    assert (change.words, change.tone, change.icon) == (words, tone, icon)


@pytest.mark.parametrize(
    ("person", "words", "tone", "icon"),
    [
        (Participant("PA_2", "bob"), "joined", None, "log-in"),
        (Participant("PA_2", "bob", kind="AGENT"), "joined as an agent", None, "bot"),
        (Participant("PA_2", "bob", kind="SIP"), "joined by phone", None, "phone"),
        (Participant("PA_2", "bob", kind="99"), "joined as kind 99", None, "log-in"),
        (Participant("PA_2", "bob", permission=Permission(hidden=True)), "joined, hidden", "hidden", "eye-off"),
        (
            Participant("PA_2", "bob", kind_details=("FORWARDED",)),
            *("joined, forwarded from another room", None, "log-in"),
        ),
    ],
)
def test_somebody_joins_and_leaves(person: Participant, words: str, tone: str | None, icon: str) -> None:
    (came,) = diff(state(ANN), state(ANN, person))
    (left,) = diff(state(ANN, person), state(ANN))
    assert (came.kind, came.words, came.tone, came.icon) == ("joined", words, tone, icon)
    assert (left.kind, left.words, left.icon) == ("left", "left", "log-out")
    assert (came.sid, left.sid, left.identity) == ("PA_2", "PA_2", "bob")


def test_what_a_newcomer_publishes_is_told_after_the_joining() -> None:
    told = diff(state(), state(ANN))
    assert [change.words for change in told] == ["joined", "published microphone"]
    assert [change.track_sid for change in told] == ["", "TR_1"]


def test_a_new_session_tells_what_else_is_different() -> None:
    again = ann(sid="PA_2", tracks=(), permission=Permission(can_subscribe=True), state="JOINED", joined_at=READ_AT)
    words = [change.words for change in changes_of(again)]
    assert words == ["is back with a new session", "may subscribe: no → yes", "unpublished microphone"]


def test_facts_that_follow_from_another_change_are_not_told() -> None:
    assert [change.kind for change in changes_of(ann(is_publisher=True, tracks=()))] == ["unpublished"]


def test_a_field_of_a_newer_livekit_that_changes_is_told_without_its_bytes() -> None:
    change = only(ann(permission=Permission(unknown=b"\xa0\x06\x01")))
    assert (change.kind, change.old, change.new) == ("permission", None, None)


def test_the_changes_come_room_first_then_people_by_identity() -> None:
    old = state(ANN, Participant("PA_9", "zoe"))
    new = state(
        Participant("PA_8", "zoe"), ann(name="Anna"), Participant("PA_3", "bob"),
        room=dataclasses.replace(ROOM, metadata="x", active_recording=True),
    )  # fmt: skip
    told = [(change.identity, change.kind) for change in diff(old, new)]
    assert told == [
        (None, "room_metadata"),
        (None, "recording"),
        ("ann", "name"),
        ("bob", "joined"),
        ("zoe", "rejoined"),
    ]


def test_a_room_that_closes_is_told_after_the_people_who_left() -> None:
    told = [(change.label, change.words) for change in diff(state(ANN), state(room=None))]
    assert told == [("Ann", "left"), ("town", "closed")]


def test_a_room_that_was_closed_and_opened_between_two_readings() -> None:
    told = diff(state(), state(room=Room("RM_2", "town")))
    assert [(change.kind, change.sid) for change in told] == [("room_closed", "RM_1"), ("room_opened", "RM_2")]


def test_a_list_names_its_rooms_and_keeps_figures_quiet() -> None:
    old = RoomsState({"b": Room("RM_b", "b"), "c": Room("RM_c", "c")}, READ_AT)
    new = RoomsState({"a": Room("RM_a", "a"), "b": Room("RM_b", "b", num_participants=3, max_participants=9)}, READ_AT)
    told = [(change.label, change.kind, change.words) for change in diff_rooms(old, new)]
    assert told == [
        ("a", "room_opened", "opened"),
        ("b", "settings", "max participants: 0 → 9"),
        ("b", "counts", "num participants: 0 → 3"),
        ("c", "room_closed", "closed"),
    ]
    assert "counts" in QUIET
    assert "settings" not in QUIET


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "x", "metadata set"),
        ("x", "", "metadata cleared"),
        ("x", "y", "metadata changed"),
        ('{"a":1}', '{"a":1,"b":null}', "metadata changed, 1 key"),
        ('{"a":1,"b":2}', '{"b":3,"c":4}', "metadata changed, 3 keys"),
        ('{"a":1}', '{ "a": 1 }', "metadata written differently, with the same content"),
        ('{"a":1}', '{"a":' + "[" * 5000 + "]" * 5000 + "}", "metadata changed"),
        ('{"a":1}', '{"a":"' + "x" * 70_000 + '"}', "metadata changed"),
    ],
)
def test_metadata_in_words(old: str, new: str, words: str) -> None:
    (change,) = diff(
        state(room=dataclasses.replace(ROOM, metadata=old)), state(room=dataclasses.replace(ROOM, metadata=new))
    )
    assert (change.words, change.old, change.new) == (words, old, new)


@given(st.text(max_size=300))
def test_hostile_values_stay_whole_beside_words_that_are_one_short_line(value: str) -> None:
    person = ann(name=value or "x")
    change = diff(state(ann(name="y" + value)), state(person))[0]
    assert change.new == (value or "x")
    assert "\n" not in change.words
    assert "\u202e" not in change.words
    assert len(change.words) <= 2 * 80 + len("name:  → ")
