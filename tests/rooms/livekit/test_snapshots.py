from __future__ import annotations

import dataclasses
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.livekit.snapshots import (
    DataTrack,
    Participant,
    Permission,
    RoomsState,
    RoomState,
    Track,
    pack,
    tracks_lost,
    unpack,
)
from tests.rooms.livekit.strategies import participants, permissions, room_states, rooms_states

MICROPHONE = Track("TR_m", source="MICROPHONE")
CAMERA = Track("TR_c", type="VIDEO", source="CAMERA")
SCREEN = Track("TR_s", type="VIDEO", source="SCREEN_SHARE")
DATA = DataTrack("DTR_d")
PUBLISHER = Participant("PA_1", "ann", tracks=(MICROPHONE, CAMERA, SCREEN), data_tracks=(DATA,))

CHANGES: dict[str, Any] = {
    name: (st.lists(st.sampled_from(["CAMERA", "MICROPHONE"])) if name == "can_publish_sources" else st.booleans())
    for name in Permission.FIELDS
}


def test_the_ten_fields_are_those_of_the_dataclass() -> None:
    assert (*Permission.FIELDS, "unknown") == tuple(field.name for field in dataclasses.fields(Permission))


@given(permissions, st.fixed_dictionaries({}, optional=CHANGES))
def test_overlay_changes_what_is_named_and_drops_nothing(permission: Permission, changes: dict[str, Any]) -> None:
    after = permission.overlay(**changes)
    for name in Permission.FIELDS:
        wanted = changes.get(name, getattr(permission, name))
        assert getattr(after, name) == (tuple(wanted) if name == "can_publish_sources" else wanted)
    assert after.unknown == permission.unknown


@pytest.mark.parametrize("name", ["can_shout", "unknown"])
def test_overlay_refuses_a_name_that_is_no_field(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        Permission().overlay(**{name: True})


@given(room_states)
def test_a_room_survives_the_channel_layer(state: RoomState) -> None:
    assert unpack(RoomState, msgpack.unpackb(msgpack.packb(pack(state)))) == state


@given(rooms_states)
def test_a_list_of_rooms_survives_the_channel_layer(state: RoomsState) -> None:
    assert unpack(RoomsState, msgpack.unpackb(msgpack.packb(pack(state)))) == state


def test_a_field_that_an_older_process_did_not_pack_takes_its_default() -> None:
    packed = pack(PUBLISHER)
    del packed["region"]
    assert unpack(Participant, packed) == PUBLISHER


@given(participants("ann"))
def test_equal_snapshots_have_equal_hashes(person: Participant) -> None:
    again = unpack(Participant, pack(person))
    assert again == person
    assert hash(again) == hash(person)


def test_attributes_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Participant("PA_1", "ann").attributes["a"] = "b"  # type: ignore[index]


def test_a_version_is_no_part_of_the_state() -> None:
    assert dataclasses.replace(PUBLISHER, version=7) == PUBLISHER


@pytest.mark.parametrize(
    ("permission", "lost"),
    [
        (Permission(can_publish=True, can_publish_data=True), ()),
        (Permission(can_publish=False, can_publish_data=True), (MICROPHONE, CAMERA, SCREEN)),
        (Permission(can_publish=True), (DATA,)),
        (
            Permission(can_publish=True, can_publish_data=True, can_publish_sources=("MICROPHONE",)),
            (CAMERA, SCREEN),
        ),
        # Without can_publish the sources say nothing (livekit.md 3.2).
        (
            Permission(can_publish_data=True, can_publish_sources=("MICROPHONE",)),
            (MICROPHONE, CAMERA, SCREEN),
        ),
        # A recorder is exempt (livekit.md 3.5).
        (Permission(recorder=True, can_publish_data=True), ()),
    ],
)
def test_tracks_that_a_permission_takes_down(permission: Permission, lost: tuple[Track | DataTrack, ...]) -> None:
    assert tracks_lost(PUBLISHER, permission) == lost


@pytest.mark.parametrize(
    ("person", "counted"),
    [
        (Participant("PA", "a"), True),
        (Participant("PA", "a", permission=Permission(hidden=True)), True),
        (Participant("PA", "a", kind="SIP"), True),
        (Participant("PA", "a", kind="AGENT"), False),
        (Participant("PA", "a", kind="EGRESS"), False),
        (Participant("PA", "a", permission=Permission(agent=True)), False),
        (Participant("PA", "a", permission=Permission(recorder=True)), False),
    ],
)
def test_who_is_counted(person: Participant, counted: bool) -> None:
    assert person.counted is counted
    assert person.dependent is not counted


def test_a_person_without_a_name_is_called_by_the_identity() -> None:
    assert Participant("PA", "id-1").label == "id-1"
    assert Participant("PA", "id-1", name="Ann").label == "Ann"


@pytest.mark.parametrize(
    ("track", "label"),
    [
        (MICROPHONE, "microphone"),
        (SCREEN, "screen share"),
        (Track("T", type="VIDEO"), "video track"),
        (DATA, "data track"),
    ],
)
def test_what_a_track_is_called(track: Track | DataTrack, label: str) -> None:
    assert track.label == label
