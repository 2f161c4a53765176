"""The difference that travels between processes: applied to the old state it gives the new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgpack
from hypothesis import given
from hypothesis import strategies as st

from rooms.live.delta import LARGEST_DELTA, apply, delta, newest
from rooms.livekit.snapshots import Participant, Room, RoomsState, RoomState

NOW = datetime(2026, 11, 20, tzinfo=UTC)

participants = st.builds(
    Participant,
    sid=st.sampled_from(["PA_1", "PA_2", "PA_3"]),
    identity=st.sampled_from(["ava", "bob", "ümit/🎭", "\0", ""]),
    name=st.text(max_size=5),
    metadata=st.text(max_size=5),
    version=st.just(1),
    attributes=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
)
rooms = st.none() | st.builds(Room, sid=st.just("RM_1"), name=st.just("r"), metadata=st.text(max_size=3))
states = st.builds(
    lambda room, people, watched: RoomState(room, {each.identity: each for each in people}, NOW, watched),
    rooms,
    st.lists(participants, max_size=4),
    st.booleans(),
)
lists = st.builds(
    lambda found: RoomsState({each.name: each for each in found}, NOW),
    st.lists(
        st.builds(
            Room, sid=st.sampled_from(["RM_1", "RM_2"]), name=st.text(max_size=2), num_participants=st.integers(0, 9)
        ),
        max_size=4,
    ),
)


@given(states, states)
def test_applied_to_the_old_room_it_gives_the_new_one(old: RoomState, new: RoomState) -> None:
    message = delta(old, new)
    if message is None:
        assert old == new
    else:
        assert apply(old, msgpack.unpackb(msgpack.packb(message)), NOW) == new


@given(lists, lists)
def test_applied_to_the_old_list_it_gives_the_new_one(old: RoomsState, new: RoomsState) -> None:
    message = delta(old, new)
    if message is None:
        assert old == new
    else:
        assert apply(old, msgpack.unpackb(msgpack.packb(message)), NOW) == new


def test_a_late_reading_does_not_undo_what_is_known() -> None:
    promoted = Participant(sid="PA_1", identity="ava", name="new", version=5)
    stale = Participant(sid="PA_1", identity="ava", name="old", version=4)
    assert newest({"ava": promoted}, {"ava": stale}) == {"ava": promoted}


def test_a_new_session_of_the_same_identity_counts_from_zero() -> None:
    before = Participant(sid="PA_1", identity="ava", version=9)
    back = Participant(sid="PA_2", identity="ava", version=0)
    assert newest({"ava": before}, {"ava": back}) == {"ava": back}


def test_a_delta_that_is_too_large_says_so_and_carries_nobody() -> None:
    old = RoomState(None, {}, NOW)
    crowd = {str(n): Participant(sid=f"PA_{n}", identity=str(n)) for n in range(LARGEST_DELTA + 1)}
    message = delta(old, replace(old, people=crowd))
    assert message is not None
    assert message["large"]
    assert message["people"] == []
