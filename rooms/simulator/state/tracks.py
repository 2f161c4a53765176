"""Tracks as a real client publishes them: codecs, layers and sizes by source."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from livekit.protocol.models import (
    BackupCodecPolicy,
    SimulcastCodecInfo,
    TrackInfo,
    TrackSource,
    TrackType,
    VideoLayer,
)

from . import ids, layers

_SID_LETTERS: Mapping[int, str] = {
    TrackSource.CAMERA: "VC",
    TrackSource.MICROPHONE: "AM",
    TrackSource.SCREEN_SHARE: "VS",
    TrackSource.SCREEN_SHARE_AUDIO: "As",
}
_NAMES: Mapping[int, str] = {
    TrackSource.CAMERA: "camera",
    TrackSource.MICROPHONE: "microphone",
    TrackSource.SCREEN_SHARE: "screenshare",
    TrackSource.SCREEN_SHARE_AUDIO: "screenshare_audio",
}
_STREAMS: Mapping[int, str] = {
    TrackSource.CAMERA: "camera",
    TrackSource.MICROPHONE: "camera",
    TrackSource.SCREEN_SHARE: "screen",
    TrackSource.SCREEN_SHARE_AUDIO: "screen",
}
_SIZES: Mapping[int, tuple[int, int]] = {
    TrackSource.CAMERA: (1280, 720),
    TrackSource.SCREEN_SHARE: (1920, 1080),
}


@dataclass(frozen=True)
class TrackPlan:
    """What a client asks for when it publishes; None means what a client would usually send for that source."""

    source: int
    name: str | None = None
    muted: bool = False
    width: int | None = None
    height: int | None = None
    mime_type: str | None = None
    simulcast: bool | None = None


def build_track(plan: TrackPlan, mid: int) -> TrackInfo:
    """The TrackInfo a server makes of ``plan``; ``mid`` numbers the publisher's media sections."""
    video = plan.source in _SIZES or (plan.mime_type or "").startswith("video/")
    mime_type = plan.mime_type or ("video/VP8" if video else "audio/red")
    track = TrackInfo(
        sid=ids.new("TR_" + _SID_LETTERS.get(plan.source, "V" if video else "A")),
        type=TrackType.VIDEO if video else TrackType.AUDIO,
        name=_NAMES.get(plan.source, "") if plan.name is None else plan.name,
        muted=plan.muted,
        source=plan.source,  # type: ignore[arg-type]
        mime_type=mime_type,
        mid=str(mid),
        stream=_STREAMS.get(plan.source, "unknown"),
        backup_codec_policy=BackupCodecPolicy.PREFER_REGRESSION if video else BackupCodecPolicy.SIMULCAST,
    )
    track.version.unix_micro = time.time_ns() // 1000
    codec = SimulcastCodecInfo(
        mime_type=mime_type,
        mid=track.mid,
        cid=ids.uuid(),
        video_layer_mode=VideoLayer.Mode.ONE_SPATIAL_LAYER_PER_STREAM,
    )
    if video:
        usual = _SIZES.get(plan.source, (1280, 720))
        track.width, track.height = plan.width or usual[0], plan.height or usual[1]
        screen = plan.source == TrackSource.SCREEN_SHARE
        track.layers.extend(
            layers.divide(track.width, track.height, screen=screen, simulcast=plan.simulcast is not False)
        )
        track.simulcast = len(track.layers) > 1
        codec.layers.extend(track.layers)
    track.codecs.append(codec)
    return track
