"""What a published track says of itself, without any media having to flow (livekit.md 4, 0.5, 0.10, 0.13)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.people import Person

TrackInfo = models.TrackInfo
LOW, MEDIUM, HIGH = models.VideoQuality.LOW, models.VideoQuality.MEDIUM, models.VideoQuality.HIGH


async def published(livekit: UnderTest, person: Person, source: str, **size: Any) -> TrackInfo:
    """Publish, and give the track as the server lists it."""
    sid = await person.publish(source, **size)

    async def find() -> TrackInfo | None:
        return next((track for track in (await livekit.get(person.identity)).tracks if track.sid == sid), None)

    track = await eventually(find, lambda found: found is not None)
    assert track is not None
    return track


def without_chance(track: TrackInfo) -> dict[str, Any]:
    """The fields of a track whose values are the same in each session; what is at its default is left out."""
    values = {field.name: value for field, value in track.ListFields()}
    for name in ("sid", "mid", "version", "layers", "codecs"):
        values.pop(name, None)
    return values


EACH_SOURCE = {
    "camera": {
        "type": models.TrackType.VIDEO,
        "source": models.TrackSource.CAMERA,
        "width": 640,
        "height": 360,
        "simulcast": True,
        "mime_type": "video/VP8",
        "stream": "camera",
    },
    "screen_share": {
        "type": models.TrackType.VIDEO,
        "source": models.TrackSource.SCREEN_SHARE,
        "width": 640,
        "height": 360,
        "simulcast": True,
        "mime_type": "video/VP8",
        "stream": "screen",
    },
    "microphone": {
        "source": models.TrackSource.MICROPHONE,
        "mime_type": "audio/red",
        "stream": "camera",
        "backup_codec_policy": models.BackupCodecPolicy.SIMULCAST,
    },
    "screen_share_audio": {
        "source": models.TrackSource.SCREEN_SHARE_AUDIO,
        "mime_type": "audio/red",
        "stream": "screen",
        "backup_codec_policy": models.BackupCodecPolicy.SIMULCAST,
    },
}
SID_LETTERS = {"camera": "VC", "screen_share": "VS", "microphone": "AM", "screen_share_audio": "As"}


@pytest.mark.parametrize("source", EACH_SOURCE)
async def test_a_track_tells_its_kind(livekit_once: UnderTest, source: str) -> None:
    alice = await livekit_once.join("alice")
    track = await published(livekit_once, alice, source, width=640, height=360)
    assert without_chance(track) == {"name": source, **EACH_SOURCE[source]}
    assert track.sid.startswith(f"TR_{SID_LETTERS[source]}")
    assert len(track.sid) == len("TR_") + 2 + 12
    assert track.mid.isdigit()
    assert track.version.unix_micro > 0


@pytest.mark.parametrize("source", EACH_SOURCE)
async def test_a_track_repeats_its_layers_in_its_only_codec(livekit_once: UnderTest, source: str) -> None:
    alice = await livekit_once.join("alice")
    track = await published(livekit_once, alice, source, width=640, height=360)
    (codec,) = track.codecs
    assert (codec.mime_type, codec.mid, codec.sdp_cid) == (track.mime_type, track.mid, "")
    assert codec.video_layer_mode == models.VideoLayer.Mode.ONE_SPATIAL_LAYER_PER_STREAM
    assert len(codec.cid) == 36
    assert list(codec.layers) == list(track.layers)


def layers(track: TrackInfo) -> list[tuple[str, int, int, int, int]]:
    return [(layer.rid, layer.quality, layer.width, layer.height, layer.bitrate) for layer in track.layers]


LAYERS = {
    ("camera", 320, 180): [("", LOW, 320, 180, 180_000)],
    ("camera", 478, 360): [("", LOW, 478, 360, 225_000)],
    ("camera", 486, 300): [("q", LOW, 486, 300, 450_000), ("h", MEDIUM, 486, 300, 450_000)],
    ("camera", 640, 480): [("q", LOW, 480, 360, 225_000), ("h", MEDIUM, 640, 480, 450_000)],
    ("camera", 800, 450): [("q", LOW, 640, 360, 450_000), ("h", MEDIUM, 800, 450, 800_000)],
    ("camera", 960, 300): [
        ("q", LOW, 576, 180, 160_000),
        ("h", MEDIUM, 960, 300, 450_000),
        ("f", HIGH, 960, 300, 1_700_000),
    ],
    ("camera", 720, 1280): [
        ("q", LOW, 180, 320, 160_000),
        ("h", MEDIUM, 360, 640, 450_000),
        ("f", HIGH, 720, 1280, 3_000_000),
    ],
    ("camera", 1000, 700): [
        ("q", LOW, 257, 180, 100_000),
        ("h", MEDIUM, 514, 360, 225_000),
        ("f", HIGH, 1000, 700, 2_500_000),
    ],
    ("screen_share", 400, 400): [("", LOW, 400, 400, 200_000)],
    ("screen_share", 640, 480): [("q", LOW, 320, 240, 150_000), ("h", MEDIUM, 640, 480, 400_000)],
    ("screen_share", 1300, 900): [("q", LOW, 650, 450, 150_000), ("h", MEDIUM, 1300, 900, 1_500_000)],
    ("screen_share", 1921, 1081): [("q", LOW, 959, 540, 150_000), ("h", MEDIUM, 1921, 1081, 3_000_000)],
}


@pytest.mark.parametrize(("source", "width", "height"), LAYERS)
async def test_the_size_decides_the_layers(livekit_once: UnderTest, source: str, width: int, height: int) -> None:
    alice = await livekit_once.join("alice")
    track = await published(livekit_once, alice, source, width=width, height=height)
    expected = LAYERS[source, width, height]
    assert layers(track) == expected
    assert [layer.spatial_layer for layer in track.layers] == list(range(len(expected)))
    assert track.simulcast is (len(expected) > 1)


async def test_tracks_are_numbered_as_they_come(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice")
    first = await published(livekit_once, alice, "microphone")
    second = await published(livekit_once, alice, "camera")
    await alice.unpublish(first.sid)
    assert int(second.mid) == int(first.mid) + 1


async def test_a_client_tells_what_it_can(livekit_once: UnderTest) -> None:
    await asyncio.gather(livekit_once.join("alice"), livekit_once.join("bob", signalling_only=True))
    people = await livekit_once.list_people()
    assert (people["alice"].client_protocol, list(people["alice"].capabilities)) == (
        2,
        [
            models.ClientInfo.Capability.CAP_PACKET_TRAILER,
            models.ClientInfo.Capability.CAP_COMPRESSION_DEFLATE_RAW,
        ],
    )
    assert (people["bob"].client_protocol, list(people["bob"].capabilities)) == (0, [])


async def test_muting_what_is_muted_is_no_new_state(livekit: UnderTest) -> None:
    alice = await livekit.join("alice", publish=["microphone"])
    call: dict[str, Any] = {
        "room": livekit.room,
        "identity": "alice",
        "track_sid": alice.tracks["microphone"],
        "muted": True,
    }
    first = (await livekit.call("MutePublishedTrack", **call)).reply.track
    muted = await livekit.get()
    assert muted.tracks[0].muted
    second = (await livekit.call("MutePublishedTrack", **call)).reply.track
    assert second == first
    assert (await livekit.get()).version == muted.version
    assert second.version == muted.tracks[0].version


async def test_a_mute_of_an_unknown_track_is_no_new_state(livekit: UnderTest) -> None:
    await livekit.join("alice")
    before = await livekit.get()
    answer = await livekit.call(
        "MutePublishedTrack", room=livekit.room, identity="alice", track_sid="TR_none", muted=True
    )
    assert answer.status == 200
    assert (await livekit.get()).version == before.version
