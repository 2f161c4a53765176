"""The layers of a video track, as LiveKit's own client core divides a picture (rtc SDK 1.2.0, seen on livekit-server).

Pictures of 480 pixels and more are sent in two or three sizes, which is called simulcast; smaller ones in one.
"""

from collections.abc import Sequence

from livekit.protocol.models import VideoLayer, VideoQuality

from . import ids

TWO_LAYERS_FROM = 480  # pixels of the longer side
THREE_LAYERS_FROM = 960
_SMALL_SCREEN_BITRATE = 150_000

# The shorter side in pixels and the bits per second of the smaller layers, and for the full picture the bits per second
# up to a width: wide pictures, pictures of 4:3, screens.
_Steps = Sequence[tuple[int, int]]
_WIDE_SMALLER: _Steps = ((180, 160_000), (360, 450_000))
_WIDE_FULL: _Steps = (
    (160, 90_000),
    (320, 160_000),
    (384, 180_000),
    (640, 450_000),
    (960, 800_000),
    (1280, 1_700_000),
    (1920, 3_000_000),
    (2560, 5_000_000),
    (3840, 8_000_000),
)
_SQUARISH_SMALLER: _Steps = ((180, 100_000), (360, 225_000))
_SQUARISH_FULL: _Steps = (
    (160, 70_000),
    (240, 100_000),
    (320, 150_000),
    (480, 225_000),
    (640, 300_000),
    (720, 450_000),
    (960, 1_500_000),
    (1440, 2_500_000),
    (1920, 3_500_000),
)
_SCREEN_FULL: _Steps = ((640, 200_000), (1280, 400_000), (1920, 1_500_000), (1920, 3_000_000))
_RIDS = ("q", "h", "f")
_QUALITIES = (VideoQuality.LOW, VideoQuality.MEDIUM, VideoQuality.HIGH)


def divide(width: int, height: int, *, screen: bool, simulcast: bool = True) -> list[VideoLayer]:
    """The layers of a picture of this size in pixels, the smallest first; one without ``simulcast``."""
    longer, shorter = max(width, height), min(width, height)
    smaller, full = _steps(longer, shorter, screen=screen)
    bitrate = next((rate for up_to, rate in full if up_to > longer), full[-1][1])
    if not simulcast or longer < TWO_LAYERS_FROM:
        return [_layer(0, "", width, height, bitrate)]
    if longer < THREE_LAYERS_FROM:
        smaller = smaller[-1:]
    layers = []
    for place, (side, rate) in enumerate(smaller):
        side = min(side, shorter)
        layers.append(_layer(place, _RIDS[place], width * side // shorter, height * side // shorter, rate))
    place = len(layers)
    return [*layers, _layer(place, _RIDS[place], width, height, bitrate)]


def _steps(longer: int, shorter: int, *, screen: bool) -> tuple[_Steps, _Steps]:
    """The steps for a picture of these proportions."""
    if screen:
        return ((shorter // 2, _SMALL_SCREEN_BITRATE),), _SCREEN_FULL
    ratio = longer / shorter
    if abs(ratio - 16 / 9) < abs(ratio - 4 / 3):
        return _WIDE_SMALLER, _WIDE_FULL
    return _SQUARISH_SMALLER, _SQUARISH_FULL


def _layer(place: int, rid: str, width: int, height: int, bitrate: int) -> VideoLayer:
    return VideoLayer(
        quality=_QUALITIES[place],
        width=width,
        height=height,
        bitrate=bitrate,
        ssrc=ids.number(),
        spatial_layer=place,
        rid=rid,
    )
