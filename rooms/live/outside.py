"""Why a project's observer is not in its rooms: noted by whoever keeps one, read by the project's settings page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.cache import cache

# A note that nobody renews is old news.
KEPT_SECONDS = 3_600

# By the codes of `rooms.livekit.observer`. LiveKit's own texts stay there: that of a 401 repeats the token.
WORDS = {
    "media": (
        "Greenroom reaches LiveKit, but not its media",
        "Watching from inside takes a media connection from Greenroom’s machine: to LiveKit’s UDP ports (50000 to "
        "60000, or the rtc.udp_port of livekit.yaml) or its TCP port (7881), at the address that LiveKit gives to "
        "its clients. Greenroom’s simulator has no media at all.",
    ),
    "door": (
        "Nobody can join at this address",
        "There is no /rtc, where participants come in. Look whether the proxy in front of LiveKit passes it on.",
    ),
    "refused": (
        "LiveKit does not let the observer in",
        "Check the key and the secret of the project, and that the clocks of both servers agree to the minute.",
    ),
    "signal": (
        "The observer could not connect",
        "Calls get through, a WebSocket to the same address does not. Look at the proxy in front of LiveKit.",
    ),
    "process": (
        "The observer’s process ended by itself",
        "It is started again after a pause. If it stays so, look at Greenroom’s log.",
    ),
}


@dataclass(frozen=True, slots=True)
class Outside:
    """What keeps the observer out, since when it was last seen to (UTC), and what to do."""

    at: datetime
    title: str
    remedy: str


async def note(project_id: int, reason: str) -> None:
    """Remember that the observer could not get in, or was lost, for ``reason``; of other reasons nothing is kept."""
    if reason in WORDS:
        await cache.aset(_key(project_id), (datetime.now(UTC), reason), KEPT_SECONDS)


async def forget(project_id: int) -> None:
    """The observer is in."""
    await cache.adelete(_key(project_id))


def outside(project_id: int) -> Outside | None:
    """Return what was last noted of the project's observer; None when it got in since, or never tried. Cache."""
    noted = cache.get(_key(project_id))
    if noted is None:
        return None
    at, reason = noted
    return Outside(at, *WORDS[reason])


def _key(project_id: int) -> str:
    return f"greenroom:outside:{project_id}"
