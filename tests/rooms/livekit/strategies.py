"""Random LiveKit messages and states. Small alphabets, so that two of them often agree and often differ in little."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from livekit.protocol import models

from rooms.livekit.snapshots import (
    Codec,
    DataTrack,
    Participant,
    Permission,
    Room,
    RoomsState,
    RoomState,
    Track,
    VideoLayer,
)

# Other tests share the two cores: how long one example takes says nothing.
settings.register_profile("greenroom", deadline=None, max_examples=60)
settings.load_profile("greenroom")

READ_AT = datetime(2026, 1, 1, tzinfo=UTC)

words = st.sampled_from(["", "a", "b", "ann\x00", "<b>bob</b>", "\u202eliar\n", "日本", "x" * 200])
keys = st.sampled_from(["", "lang", "hand", "\x00", "naïve key"])
metadata = st.sampled_from(["", "{}", '{"a":1}', '{"a":2,"b":[1]}', '{"a":null}', "[1]", "{not json", "[" * 5000])
moments = st.none() | st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
sources = st.sampled_from(["CAMERA", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO", "UNKNOWN", "77"])
permissions = st.builds(
    Permission,
    can_subscribe=st.booleans(),
    can_publish=st.booleans(),
    can_publish_data=st.booleans(),
    can_publish_sources=st.lists(sources, max_size=3).map(tuple),
    hidden=st.booleans(),
    recorder=st.booleans(),
    can_update_metadata=st.booleans(),
    agent=st.booleans(),
    can_subscribe_metrics=st.booleans(),
    can_manage_agent_session=st.booleans(),
    unknown=st.sampled_from([b"", b"\xa0\x06\x01"]),
)
layers = st.lists(st.builds(VideoLayer, quality=st.sampled_from(["LOW", "HIGH"]), width=st.integers(0, 2)), max_size=2)
track_fields: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["AUDIO", "VIDEO", "DATA"]),
    "name": words,
    "source": sources,
    "muted": st.booleans(),
    "width": st.integers(0, 2),
    "height": st.integers(0, 2),
    "encryption": st.sampled_from(["NONE", "GCM", "9"]),
    "layers": layers.map(tuple),
    "audio_features": st.sampled_from([(), ("TF_STEREO",)]),
}


def _tracks(kind: Any, prefix: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    sids = st.lists(st.sampled_from([f"{prefix}1", f"{prefix}2", f"{prefix}3"]), unique=True, max_size=3).map(sorted)
    return sids.flatmap(lambda found: st.tuples(*[st.builds(kind, st.just(sid), **fields) for sid in found]))


def participants(identity: str) -> st.SearchStrategy[Participant]:
    """A session of ``identity``."""
    return st.builds(
        Participant,
        sid=st.sampled_from(["PA_1", "PA_2"]),
        identity=st.just(identity),
        name=words,
        state=st.sampled_from(["JOINING", "JOINED", "ACTIVE", "8"]),
        kind=st.sampled_from(["STANDARD", "AGENT", "SIP", "12"]),
        kind_details=st.sampled_from([(), ("FORWARDED",)]),
        metadata=metadata,
        attributes=st.dictionaries(keys, words, max_size=3).map(lambda found: MappingProxyType(found)),
        joined_at=moments,
        permission=permissions,
        region=st.sampled_from(["", "eu"]),
        is_publisher=st.booleans(),
        tracks=_tracks(Track, "TR_", **track_fields),
        data_tracks=_tracks(DataTrack, "DTR_", name=words),
        disconnect_reason=st.sampled_from(["UNKNOWN_REASON", "MIGRATION"]),
        client_protocol=st.integers(0, 2),
        capabilities=st.sampled_from([(), ("CAP_PACKET_TRAILER",)]),
    )


def rooms(name: str) -> st.SearchStrategy[Room]:
    """A room of the name ``name``."""
    return st.builds(
        Room,
        sid=st.sampled_from(["RM_1", "RM_2"]),
        name=st.just(name),
        metadata=metadata,
        created_at=moments,
        empty_timeout=st.integers(0, 1),
        departure_timeout=st.integers(0, 1),
        max_participants=st.integers(0, 1),
        num_participants=st.integers(0, 1),
        num_publishers=st.integers(0, 1),
        active_recording=st.booleans(),
        enabled_codecs=st.sampled_from([(), (Codec("audio/opus"),), (Codec("audio/opus", "useinbandfec=1"),)]),
    )


def _by_name(entries: Any) -> st.SearchStrategy[dict[str, Any]]:
    names = st.lists(st.sampled_from(["", "ann", "bob", "cleo/%2F"]), unique=True)
    return names.flatmap(lambda found: st.fixed_dictionaries({name: entries(name) for name in found}))


room_states = st.builds(
    RoomState, room=st.none() | rooms("town"), people=_by_name(participants), read_at=st.just(READ_AT)
)
rooms_states = st.builds(RoomsState, rooms=_by_name(rooms), read_at=st.just(READ_AT))

numbers = st.integers(0, 2**32 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
track_messages = st.builds(
    models.TrackInfo,
    sid=texts,
    type=st.integers(0, 5),
    name=texts,
    source=st.integers(0, 9),
    muted=st.booleans(),
    width=numbers,
    height=numbers,
    simulcast=st.booleans(),
    mime_type=texts,
    stream=texts,
    encryption=st.integers(0, 4),
    audio_features=st.lists(st.integers(0, 9), max_size=2),
    layers=st.lists(st.builds(models.VideoLayer, quality=st.integers(0, 5), width=numbers, rid=texts), max_size=2),
    codecs=st.lists(st.builds(models.SimulcastCodecInfo, mime_type=texts, cid=texts), max_size=2),
)
permission_messages = st.builds(
    models.ParticipantPermission,
    can_subscribe=st.booleans(),
    can_publish=st.booleans(),
    can_publish_data=st.booleans(),
    can_publish_sources=st.lists(st.integers(0, 99), max_size=4),
    hidden=st.booleans(),
    recorder=st.booleans(),
    can_update_metadata=st.booleans(),
    agent=st.booleans(),
    can_subscribe_metrics=st.booleans(),
    can_manage_agent_session=st.booleans(),
)
participant_messages = st.builds(
    models.ParticipantInfo,
    sid=texts,
    identity=texts,
    state=st.integers(0, 6),
    metadata=texts,
    joined_at_ms=st.integers(0, 4_000_000_000_000),
    name=texts,
    version=numbers,
    permission=permission_messages,
    region=texts,
    is_publisher=st.booleans(),
    kind=st.integers(0, 12),
    attributes=st.dictionaries(texts, texts, max_size=3),
    disconnect_reason=st.integers(0, 30),
    kind_details=st.lists(st.integers(0, 9), max_size=2),
    tracks=st.lists(track_messages, max_size=3, unique_by=lambda track: track.sid),
    data_tracks=st.lists(st.builds(models.DataTrackInfo, sid=texts, pub_handle=numbers, name=texts), max_size=2),
    client_protocol=st.integers(0, 30),
    capabilities=st.lists(st.integers(0, 5), max_size=2),
)
