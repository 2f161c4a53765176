"""What the sound of the microphones tells: who speaks, how well these people are connected, and how loud they are.

LiveKit tells the first two only of those whose tracks are received (livekit.md 7.6). The third the library keeps to
itself, so it is measured, and only of those whom somebody looks at: nobody plays or keeps the sound.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable
from typing import Any

import livekit.rtc as rtc

from rooms.livekit.observer.line import Say

# What is heard within this time is one level; fewer samples a second make no difference to a meter.
MOMENT_MS = 200
SAMPLES_PER_SECOND = 8_000
LOUDEST = 10
# From here down is silence to a meter, in decibels below the loudest sound there is.
SILENT = -60.0
FULL_SCALE = 32_768.0


def level_of(samples: Iterable[int], count: int) -> int:
    """Return how loud ``count`` samples of 16 bits are, from 0 (silence) to 10, in equal steps of decibels."""
    power = sum(sample * sample for sample in samples) / max(1, count)
    if not power:
        return 0
    decibels = 10 * math.log10(power / FULL_SCALE**2)
    return max(0, min(LOUDEST, round(LOUDEST * (1 - decibels / SILENT))))


class Ears:
    """Receives every microphone of a room and tells what it hears."""

    def __init__(self, room: rtc.Room, say: Say) -> None:
        self._say = say
        self._metered: frozenset[str] = frozenset()
        self._tracks: dict[str, rtc.Track] = {}
        # By identity and sid: a track that came in place of another is measured anew.
        self._meters: dict[tuple[str, str], asyncio.Task[None]] = {}
        room.on("track_published", self.hear)
        room.on("track_subscribed", self._received)
        room.on("track_unsubscribed", self._lost)
        room.on("active_speakers_changed", self._speaking)
        room.on("connection_quality_changed", self._quality)

    def hear(self, publication: rtc.RemoteTrackPublication, *_: Any) -> None:
        """Receive a track if it is a microphone."""
        if publication.source == rtc.TrackSource.SOURCE_MICROPHONE:
            publication.set_subscribed(True)

    def meter(self, who: Iterable[str]) -> None:
        """Measure the loudness of ``who`` from now on, and of nobody else."""
        self._metered = frozenset(who)
        self._arrange()

    def close(self) -> None:
        """Measure nobody any more."""
        self.meter(())

    def _received(self, track: rtc.Track, _: Any, participant: rtc.RemoteParticipant) -> None:
        self._tracks[participant.identity] = track
        self._arrange()

    def _lost(self, track: rtc.Track, _: Any, participant: rtc.RemoteParticipant) -> None:
        known = self._tracks.get(participant.identity)
        if known is not None and known.sid == track.sid:
            del self._tracks[participant.identity]
            self._arrange()
            self._say("quality", who=participant.identity, quality="")

    def _speaking(self, speakers: list[rtc.Participant]) -> None:
        self._say("speaking", who=[speaker.identity for speaker in speakers])

    def _quality(self, participant: rtc.Participant, quality: rtc.ConnectionQuality) -> None:
        if participant.identity in self._tracks:
            name = quality.name.removeprefix("QUALITY_").lower()
            self._say("quality", who=participant.identity, quality=name)

    def _arrange(self) -> None:
        """Begin and end measuring, as it should be now."""
        wanted = {(who, track.sid): track for who, track in self._tracks.items() if who in self._metered}
        for key in self._meters.keys() - wanted.keys():
            self._meters.pop(key).cancel()
        for key in wanted.keys() - self._meters.keys():
            self._meters[key] = asyncio.create_task(self._measure(key[0], wanted[key]))

    async def _measure(self, identity: str, track: rtc.Track) -> None:
        stream = rtc.AudioStream.from_track(
            track=track, sample_rate=SAMPLES_PER_SECOND, num_channels=1, frame_size_ms=MOMENT_MS, capacity=2
        )
        told = None
        try:
            async for event in stream:
                level = level_of(event.frame.data, len(event.frame.data))
                if level != told:
                    told = level
                    self._say("level", who=identity, level=level)
        finally:
            await stream.aclose()
