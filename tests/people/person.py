"""The words that every person in a test knows, whichever server they are on."""

from __future__ import annotations

import abc
import asyncio
import dataclasses
import time
from collections.abc import Mapping, Sequence
from typing import Any

HAND_ATTRIBUTE = "hand_raised"
GREETING = "tests.people/greeting"  # the topic of what is sent until a newcomer hears it; it is no experience


class JoinRefused(Exception):
    """The server did not let the person in: the HTTP status and the text of its answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text}")
        self.status = status
        self.text = text


@dataclasses.dataclass(frozen=True)
class Experience:
    """Something that happened to a person.

    ``event`` is one of: muted and unmute_asked (``track_sid``), permission_changed (``permission``), metadata_changed
    (``metadata``), name_changed (``name``), attributes_changed (``attributes``), track_unpublished (``track_sid``),
    data (``data`` as bytes, ``topic``), room_metadata_changed (``metadata``), removed (``reason``, LiveKit's
    DisconnectReason by name), moved (``room``), token_refreshed (``refresh_token``), subscribed (``track_sid``, of
    another). What people with media see of the others, by ``identity``: other_joined, other_left, other_name_changed
    and the like with the same details as their own, other_published, other_unpublished, other_muted and other_unmuted
    (``track_sid``).
    """

    event: str
    details: Mapping[str, Any]

    def has(self, details: Mapping[str, Any]) -> bool:
        """Whether each of ``details`` is found here with that value."""
        return all(name in self.details and self.details[name] == value for name, value in details.items())


@dataclasses.dataclass(frozen=True)
class Track:
    """What a person publishes: ``source`` is camera, microphone, screen_share or screen_share_audio."""

    source: str
    name: str = ""
    muted: bool = False
    width: int = 320
    height: int = 180

    @property
    def is_video(self) -> bool:
        """Camera and screen share are pictures, the others are sound."""
        return self.source in {"camera", "screen_share"}


class Person(abc.ABC):
    """Somebody in a room.

    ``token`` is the one they joined with, ``sid`` the server's name of this session. ``tracks`` maps the source of
    each published track to its sid. ``refused`` names the reason of each act of theirs that the server refused, where
    the way in tells it (the rtc SDK does not). ``is_within_hearing`` turns true when data sent to them arrives.
    """

    def __init__(self, room: str, identity: str, token: str) -> None:
        self.room = room
        self.identity = identity
        self.token = token
        self.sid = ""
        self.tracks: dict[str, str] = {}
        self.refused: list[str] = []
        self.is_within_hearing = True

    async def publish(
        self, source: str = "microphone", *, name: str = "", muted: bool = False, width: int = 320, height: int = 180
    ) -> str:
        """Publish a track; gives its sid."""
        sid = await self._publish(Track(source, name or source, muted, width, height))
        self.tracks[source] = sid
        return sid

    async def refusals(self) -> list[str]:
        """``refused`` so far, to be waited on."""
        return list(self.refused)

    async def raise_hand(self, attribute: str = HAND_ATTRIBUTE) -> None:
        """Ask to speak, the way an app does it: by an attribute of one's own."""
        await self.set_attributes({attribute: "true"})

    async def lower_hand(self, attribute: str = HAND_ATTRIBUTE) -> None:
        """Take the raised hand back."""
        await self.set_attributes({attribute: ""})

    async def experiences(self, event: str, *, within: float = 15.0, **details: Any) -> Experience:
        """Wait until this happened (also if it did before); fails after ``within`` seconds telling what did happen."""
        until = time.monotonic() + within
        while True:
            happened = await self.experienced()
            for each in happened:
                if each.event == event and each.has(details):
                    return each
            if time.monotonic() > until:
                raise AssertionError(f"{self.identity} did not experience {event} {details}, but {happened}")
            await asyncio.sleep(0.02)

    @abc.abstractmethod
    async def _publish(self, track: Track) -> str: ...

    @abc.abstractmethod
    async def unpublish(self, track_sid: str) -> None:
        """Take an own track down."""

    @abc.abstractmethod
    async def mute(self, track_sid: str) -> None:
        """Mute an own track."""

    @abc.abstractmethod
    async def unmute(self, track_sid: str) -> None:
        """Unmute an own track."""

    @abc.abstractmethod
    async def set_name(self, name: str) -> None:
        """Change the own name; without canUpdateOwnMetadata nothing happens."""

    @abc.abstractmethod
    async def set_metadata(self, metadata: str) -> None:
        """Change the own metadata; without canUpdateOwnMetadata nothing happens."""

    @abc.abstractmethod
    async def set_attributes(self, attributes: Mapping[str, str]) -> None:
        """Merge into the own attributes, "" deletes; without canUpdateOwnMetadata nothing happens."""

    @abc.abstractmethod
    async def send_data(self, data: bytes, *, topic: str = "", to: Sequence[str] = ()) -> None:
        """Send data to the room, or to the identities in ``to``."""

    async def say(self, text: str, *, topic: str = "lk.chat", to: Sequence[str] = ()) -> None:
        """Send a text stream, as LiveKit's chat does. Raises RuntimeError for people without media."""
        raise RuntimeError(f"{self.identity} has no media, and text streams travel with it")

    @abc.abstractmethod
    async def answer_rpc(
        self, method: str, answer: str | None = None, *, delay: float = 0.0, error: tuple[int, str, str] | None = None
    ) -> None:
        """Register a method for PerformRpc: after ``delay`` seconds it gives ``answer`` (None: what it was sent).

        With ``error`` (code, message, data) it fails. Each call is an experience: rpc (``method``, ``payload``).
        """

    @abc.abstractmethod
    async def stop_answering_rpc(self, method: str) -> None:
        """Take a registered method back."""

    @abc.abstractmethod
    async def receives(self, track_sid: str) -> bool:
        """Whether the server sends this person that track of another, who is not muted."""

    @abc.abstractmethod
    async def leave(self) -> None:
        """Say goodbye and go. Leaving twice is no error."""

    @abc.abstractmethod
    async def lose_connection(self) -> None:
        """Vanish without a word; the server has to find out by itself."""

    @abc.abstractmethod
    async def experienced(self) -> list[Experience]:
        """Everything that happened to this person so far, oldest first."""

    @abc.abstractmethod
    async def newest_token(self) -> str:
        """The last token that the server refreshed for this person, or the one they came with."""
