"""From LiveKit's protobuf messages to snapshots, and a permission back. Room.turn_password is never read."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from livekit.protocol import models

from rooms.livekit.packing import from_ms
from rooms.livekit.snapshots import (
    NO_ATTRIBUTES,
    Codec,
    DataTrack,
    Participant,
    Permission,
    Room,
    TimedVersion,
    Track,
    TrackCodec,
    VideoLayer,
)

FLAGS = tuple(name for name in Permission.FIELDS if name != "can_publish_sources")


class _Names(dict[int, str]):
    """The names of an enum by number; a number of a newer LiveKit stands as its digits."""

    def __missing__(self, number: int) -> str:
        return str(number)


def _names(message: Any, field: str) -> _Names:
    return _Names((value.number, value.name) for value in message.DESCRIPTOR.fields_by_name[field].enum_type.values)


STATES = _names(models.ParticipantInfo, "state")
KINDS = _names(models.ParticipantInfo, "kind")
KIND_DETAILS = _names(models.ParticipantInfo, "kind_details")
REASONS = _names(models.ParticipantInfo, "disconnect_reason")
CAPABILITIES = _names(models.ParticipantInfo, "capabilities")
TYPES = _names(models.TrackInfo, "type")
SOURCES = _names(models.TrackInfo, "source")
ENCRYPTIONS = _names(models.TrackInfo, "encryption")
AUDIO_FEATURES = _names(models.TrackInfo, "audio_features")
BACKUP_POLICIES = _names(models.TrackInfo, "backup_codec_policy")
TRAILER_FEATURES = _names(models.TrackInfo, "packet_trailer_features")
FRAME_ENCODINGS = _names(type(models.DataTrackInfo().frame_encoding), "well_known")
QUALITIES = _names(models.VideoLayer, "quality")
LAYER_MODES = _names(models.SimulcastCodecInfo, "video_layer_mode")
SOURCE_NUMBERS = {name: number for number, name in SOURCES.items()}


def rooms_from(protos: Iterable[models.Room], previous: Mapping[str, Room] | None = None) -> dict[str, Room]:
    """Rooms by name; a room that says the same as in ``previous`` keeps its snapshot object."""
    known = previous or {}
    rooms = {}
    for proto in protos:
        room = room_from(proto)
        before = known.get(room.name)
        rooms[room.name] = before if before is not None and before == room else room
    return rooms


def room_from(proto: models.Room) -> Room:
    """The snapshot of a Room message."""
    return Room(
        sid=proto.sid,
        name=proto.name,
        metadata=proto.metadata,
        created_at=_time(proto.creation_time_ms, proto.creation_time),
        empty_timeout=proto.empty_timeout,
        departure_timeout=proto.departure_timeout,
        max_participants=proto.max_participants,
        num_participants=proto.num_participants,
        num_publishers=proto.num_publishers,
        active_recording=proto.active_recording,
        enabled_codecs=_codecs(tuple([(codec.mime, codec.fmtp_line) for codec in proto.enabled_codecs])),
        version=_version(proto),
    )


def participants_from(
    protos: Iterable[models.ParticipantInfo], previous: Mapping[str, Participant] | None = None
) -> dict[str, Participant]:
    """Participants by identity; one whose (sid, version) is as in ``previous`` keeps its snapshot object unread.

    A version names a state of a session (livekit.md 0.13), which makes a room of thousands cheap to read every
    second. Version 0 names none: it also stands where a server sends no versions.
    """
    known = previous or {}
    people = {}
    for proto in protos:
        identity = proto.identity
        before = known.get(identity)
        if before is not None and before.sid == proto.sid:
            if before.version == proto.version != 0:
                people[identity] = before
                continue
            now = participant_from(proto)
            people[identity] = before if now == before and now.version == before.version else now
        else:
            people[identity] = participant_from(proto)
    return people


def participant_from(proto: models.ParticipantInfo) -> Participant:
    """The snapshot of a ParticipantInfo message, tracks sorted by sid."""
    return Participant(
        sid=proto.sid,
        identity=proto.identity,
        name=proto.name,
        state=STATES[proto.state],
        kind=KINDS[proto.kind],
        kind_details=tuple([KIND_DETAILS[each] for each in proto.kind_details]),
        metadata=proto.metadata,
        attributes=MappingProxyType(dict(sorted(proto.attributes.items()))) if proto.attributes else NO_ATTRIBUTES,
        joined_at=_time(proto.joined_at_ms, proto.joined_at),
        version=proto.version,
        permission=_permission(proto.permission.SerializeToString(deterministic=True)),
        region=proto.region,
        is_publisher=proto.is_publisher,
        tracks=tuple(sorted([track_from(each) for each in proto.tracks], key=_sid)) if proto.tracks else (),
        data_tracks=tuple(sorted([_data_track(each) for each in proto.data_tracks], key=_sid)),
        disconnect_reason=REASONS[proto.disconnect_reason],
        client_protocol=proto.client_protocol,
        capabilities=tuple([CAPABILITIES[each] for each in proto.capabilities]),
    )


def track_from(proto: models.TrackInfo) -> Track:
    """The snapshot of a TrackInfo message."""
    return Track(
        sid=proto.sid,
        type=TYPES[proto.type],
        name=proto.name,
        source=SOURCES[proto.source],
        muted=proto.muted,
        width=proto.width,
        height=proto.height,
        mime_type=proto.mime_type,
        mid=proto.mid,
        encryption=ENCRYPTIONS[proto.encryption],
        stream=proto.stream,
        simulcast=proto.simulcast,
        layers=_layers(proto.layers),
        stereo=proto.stereo,
        disable_red=proto.disable_red,
        disable_dtx=proto.disable_dtx,
        audio_features=tuple([AUDIO_FEATURES[each] for each in proto.audio_features]),
        codecs=tuple([_track_codec(each) for each in proto.codecs]),
        backup_codec_policy=BACKUP_POLICIES[proto.backup_codec_policy],
        packet_trailer_features=tuple([TRAILER_FEATURES[each] for each in proto.packet_trailer_features]),
        version=_version(proto),
    )


def permission_from(proto: models.ParticipantPermission) -> Permission:
    """The snapshot of a ParticipantPermission message, with the bytes of fields that this release does not know."""
    return _permission(proto.SerializeToString(deterministic=True))


def permission_to(permission: Permission) -> models.ParticipantPermission:
    """All of ``permission`` as a message: its ten fields and what a newer LiveKit had put beside them.

    Raises ValueError for a source that is neither a name of LiveKit's nor a number.
    """
    proto = models.ParticipantPermission()
    proto.MergeFromString(permission.unknown)
    for name in FLAGS:
        setattr(proto, name, getattr(permission, name))
    for name in permission.can_publish_sources:
        number = SOURCE_NUMBERS.get(name)
        proto.can_publish_sources.append(cast(Any, int(name) if number is None else number))
    return proto


@functools.lru_cache(maxsize=4096)
def _permission(serialized: bytes) -> Permission:
    proto = models.ParticipantPermission.FromString(serialized)
    sources = tuple([SOURCES[each] for each in proto.can_publish_sources])
    flags = {name: getattr(proto, name) for name in FLAGS}
    for name in Permission.FIELDS:
        proto.ClearField(name)
    return Permission(**flags, can_publish_sources=sources, unknown=proto.SerializeToString())


@functools.lru_cache(maxsize=256)
def _codecs(codecs: tuple[tuple[str, str], ...]) -> tuple[Codec, ...]:
    return tuple(Codec(mime, fmtp_line) for mime, fmtp_line in codecs)


def _track_codec(proto: models.SimulcastCodecInfo) -> TrackCodec:
    return TrackCodec(
        mime_type=proto.mime_type,
        mid=proto.mid,
        cid=proto.cid,
        layers=_layers(proto.layers),
        video_layer_mode=LAYER_MODES[proto.video_layer_mode],
        sdp_cid=proto.sdp_cid,
    )


def _layers(protos: Iterable[models.VideoLayer]) -> tuple[VideoLayer, ...]:
    return tuple(
        [
            VideoLayer(
                quality=QUALITIES[proto.quality],
                width=proto.width,
                height=proto.height,
                bitrate=proto.bitrate,
                ssrc=proto.ssrc,
                spatial_layer=proto.spatial_layer,
                rid=proto.rid,
                repair_ssrc=proto.repair_ssrc,
            )
            for proto in protos
        ]
    )


def _data_track(proto: models.DataTrackInfo) -> DataTrack:
    encoding = proto.frame_encoding
    name = FRAME_ENCODINGS[encoding.well_known].removeprefix("WELL_KNOWN_FRAME_ENCODING_")
    return DataTrack(
        sid=proto.sid,
        pub_handle=proto.pub_handle,
        name=proto.name,
        encryption=ENCRYPTIONS[proto.encryption],
        frame_encoding=encoding.custom or ("" if name == "UNSPECIFIED" else name),
        schema=proto.schema.name,
    )


def _version(proto: models.Room | models.TrackInfo) -> TimedVersion | None:
    if not proto.HasField("version"):
        return None
    return TimedVersion(proto.version.unix_micro, proto.version.ticks)


def _time(milliseconds: int, seconds: int) -> datetime | None:
    moment = milliseconds or seconds * 1000
    try:
        return from_ms(moment) if moment else None
    except OverflowError:
        return None


def _sid(track: Track | DataTrack) -> str:
    return track.sid
