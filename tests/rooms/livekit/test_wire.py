from __future__ import annotations

import pytest
from hypothesis import given
from livekit.protocol import models

from rooms.livekit.snapshots import NO_ATTRIBUTES, Codec, Participant, pack
from rooms.livekit.wire import (
    participant_from,
    participants_from,
    permission_from,
    permission_to,
    room_from,
    rooms_from,
    track_from,
)
from tests.rooms.livekit.strategies import participant_messages, permission_messages

# Field 100 of ParticipantPermission, a boolean: what a newer LiveKit could have.
NEWER_FIELD = b"\xa0\x06\x01"


def person(sid: str = "PA_1", identity: str = "ann", version: int = 3, **fields: object) -> models.ParticipantInfo:
    return models.ParticipantInfo(sid=sid, identity=identity, version=version, **fields)  # type: ignore[arg-type]


@given(participant_messages)
def test_every_plain_field_of_a_participant_is_taken_over(proto: models.ParticipantInfo) -> None:
    seen = participant_from(models.ParticipantInfo.FromString(proto.SerializeToString()))
    for name in ("sid", "identity", "name", "metadata", "version", "region", "is_publisher", "client_protocol"):
        assert getattr(seen, name) == getattr(proto, name)
    assert dict(seen.attributes) == dict(proto.attributes)
    assert list(seen.attributes) == sorted(proto.attributes)
    assert [track.sid for track in seen.tracks] == sorted(track.sid for track in proto.tracks)
    for track in proto.tracks:
        found = seen.track(track.sid)
        assert found is not None
        for name in ("name", "muted", "width", "height", "simulcast", "mime_type", "stream"):
            assert getattr(found, name) == getattr(track, name)


@given(permission_messages)
def test_a_permission_comes_back_as_it_went(proto: models.ParticipantPermission) -> None:
    assert permission_to(permission_from(proto)) == proto


@given(permission_messages)
def test_a_field_of_a_newer_livekit_is_sent_back(proto: models.ParticipantPermission) -> None:
    proto.MergeFromString(NEWER_FIELD)
    changed = permission_from(proto).overlay(can_publish=True)
    assert permission_to(changed).SerializeToString().endswith(NEWER_FIELD)


def test_a_source_that_is_none_is_not_sent() -> None:
    with pytest.raises(ValueError, match="MEGAPHONE"):
        permission_to(permission_from(models.ParticipantPermission()).overlay(can_publish_sources=["MEGAPHONE"]))


def test_a_number_of_a_newer_livekit_stands_as_its_digits() -> None:
    seen = participant_from(person(kind=42, kind_details=[1, 77], state=2))
    assert (seen.kind, seen.kind_details, seen.state) == ("42", ("FORWARDED", "77"), "ACTIVE")
    assert track_from(models.TrackInfo(source=55)).source == "55"  # type: ignore[arg-type]


def test_the_turn_password_is_not_read() -> None:
    room = room_from(models.Room(sid="RM_1", name="a", turn_password="the-secret-of-turn", metadata="m"))
    assert room.metadata == "m"
    assert "the-secret-of-turn" not in repr(room) + repr(pack(room))


def test_times_are_utc_to_the_millisecond_and_seconds_stand_in() -> None:
    exact = room_from(models.Room(creation_time=1_760_000_000, creation_time_ms=1_760_000_000_456))
    rough = room_from(models.Room(creation_time=1_760_000_000))
    assert exact.created_at is not None
    assert rough.created_at is not None
    assert exact.created_at.isoformat() == "2025-10-09T08:53:20.456000+00:00"
    assert rough.created_at.isoformat() == "2025-10-09T08:53:20+00:00"
    assert room_from(models.Room()).created_at is None
    assert room_from(models.Room(creation_time_ms=2**62)).created_at is None


def test_codecs_of_a_room() -> None:
    room = room_from(models.Room(enabled_codecs=[models.Codec(mime="audio/opus", fmtp_line="x")]))
    assert room.enabled_codecs == (Codec("audio/opus", "x"),)


def test_no_attributes_share_one_empty_mapping() -> None:
    assert participant_from(person()).attributes is NO_ATTRIBUTES


def test_a_data_track() -> None:
    info = models.DataTrackInfo(sid="DTR_1", pub_handle=7, name="telemetry")
    info.frame_encoding.well_known = 7  # type: ignore[assignment]  # a number that nobody has named yet
    info.schema.name = "pose"
    (track,) = participant_from(person(data_tracks=[info])).data_tracks
    assert (track.sid, track.pub_handle, track.name) == ("DTR_1", 7, "telemetry")
    assert (track.frame_encoding, track.schema) == ("JSON", "pose")


class TestUnchangedPeople:
    def test_the_same_session_and_version_keeps_its_object_unread(self) -> None:
        before = participants_from([person(name="Ann")])
        # LiveKit never answers so (livekit.md 0.13); it shows that the message was not looked into.
        assert participants_from([person(name="other")], before)["ann"] is before["ann"]

    def test_a_new_version_is_read(self) -> None:
        before = participants_from([person(name="Ann")])
        assert participants_from([person(name="Anna", version=4)], before)["ann"].name == "Anna"

    def test_a_new_session_of_the_same_version_is_read(self) -> None:
        before = participants_from([person(name="Ann")])
        assert participants_from([person(sid="PA_2", name="Anna")], before)["ann"].name == "Anna"

    def test_version_0_names_no_state(self) -> None:
        before = participants_from([person(name="Ann", version=0)])
        assert participants_from([person(name="Anna", version=0)], before)["ann"].name == "Anna"

    def test_version_0_that_says_the_same_keeps_its_object(self) -> None:
        before = participants_from([person(name="Ann", version=0)])
        assert participants_from([person(name="Ann", version=0)], before)["ann"] is before["ann"]

    def test_a_newer_version_that_says_the_same_is_taken(self) -> None:
        before = participants_from([person()])
        after: Participant = participants_from([person(version=4)], before)["ann"]
        assert after.version == 4

    def test_a_room_that_says_the_same_keeps_its_object(self) -> None:
        proto = models.Room(sid="RM_1", name="a", metadata="m")
        before = rooms_from([proto])
        assert rooms_from([proto], before)["a"] is before["a"]
        proto.metadata = "n"
        assert rooms_from([proto], before)["a"].metadata == "n"


def test_the_order_of_a_reply_does_not_matter() -> None:
    tracks = [models.TrackInfo(sid=f"TR_{number}", name=f"t{number}") for number in range(6)]
    people = [person(identity=f"id-{number}", tracks=tracks, attributes={"b": "1", "a": "2"}) for number in range(6)]
    first = participants_from(people)
    for proto in people:
        turned = list(reversed(proto.tracks))
        del proto.tracks[:]
        proto.tracks.extend(turned)
    assert participants_from(reversed(people)) == first
