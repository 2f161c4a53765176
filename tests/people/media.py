"""Synthetic sound and pictures: a person can publish without any device."""

from __future__ import annotations

import asyncio

import livekit.rtc as rtc
import numpy

from tests.people.person import Track

RATE = 48000
FRAME_SAMPLES = RATE // 20
FRAMES_PER_SECOND = 10

SOURCES = {
    "camera": rtc.TrackSource.SOURCE_CAMERA,
    "microphone": rtc.TrackSource.SOURCE_MICROPHONE,
    "screen_share": rtc.TrackSource.SOURCE_SCREENSHARE,
    "screen_share_audio": rtc.TrackSource.SOURCE_SCREENSHARE_AUDIO,
}


class Media:
    """The source of one track, and the task that feeds it until ``stop``."""

    def __init__(self, track: Track) -> None:
        self._source: rtc.AudioSource | rtc.VideoSource
        if track.is_video:
            self._source = rtc.VideoSource(track.width, track.height, is_screencast=track.source == "screen_share")
            self.track: rtc.LocalAudioTrack | rtc.LocalVideoTrack = rtc.LocalVideoTrack.create_video_track(
                track.name, self._source
            )
            self._feeding = asyncio.create_task(_show(self._source, track.width, track.height))
        else:
            self._source = rtc.AudioSource(RATE, 1)
            self.track = rtc.LocalAudioTrack.create_audio_track(track.name, self._source)
            self._feeding = asyncio.create_task(_hum(self._source))

    async def stop(self) -> None:
        """Feed no more, and wait until the feeding has ended."""
        self._feeding.cancel()
        await asyncio.gather(self._feeding, return_exceptions=True)


async def _hum(source: rtc.AudioSource) -> None:
    """A tone of 440 Hz, loud enough to count as speaking."""
    samples = numpy.arange(FRAME_SAMPLES) * (2 * numpy.pi * 440 / RATE)
    sound = (numpy.sin(samples) * 12000).astype(numpy.int16).tobytes()
    while True:
        await source.capture_frame(rtc.AudioFrame(sound, RATE, 1, FRAME_SAMPLES))


async def _show(source: rtc.VideoSource, width: int, height: int) -> None:
    """A grey picture that changes a little with each frame."""
    shade = 0
    while True:
        shade = (shade + 8) % 256
        picture = bytes([shade]) * (width * height * 4)
        source.capture_frame(rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, picture))
        await asyncio.sleep(1 / FRAMES_PER_SECOND)
