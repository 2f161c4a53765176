"""The observer in one room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import livekit.rtc as rtc

from rooms.livekit.observer.chat import Chat
from rooms.livekit.observer.ears import Ears
from rooms.livekit.observer.line import Line

ATTEMPT_SECONDS = 5.0
# A try takes 5 s for signals and 15 s for media; one that is not over by then hangs in the library.
JOIN_SECONDS = 30.0
LEAVE_SECONDS = 5.0

# What a watcher is told of the others without subscribing to anything (livekit.md 7.6).
NEWS: tuple[Any, ...] = (
    "participant_connected",
    "participant_disconnected",
    "participant_active",
    "participant_metadata_changed",
    "participant_name_changed",
    "participant_attributes_changed",
    "participant_permissions_changed",
    "track_published",
    "track_unpublished",
    "track_muted",
    "track_unmuted",
    "data_track_published",
    "data_track_unpublished",
    "room_metadata_changed",
    "room_updated",
)


# Why nobody got in, by what the library says. Its text never leaves this process: that of a 401 repeats the token
# (livekit.md 0.1).
REASONS = (
    ("wait_pc_connection", "media"),
    ("401", "refused"),
    ("403", "refused"),
    ("404", "door"),
)


def reason_of(text: str) -> str:
    """Return the code of why a join failed: media, refused, door (there is no /rtc), or signal for all else."""
    words = text.partition("token")[0]
    return next((code for sign, code in REASONS if sign in words), "signal")


class Stuck(Exception):
    """The library did not do what it was told. Only the end of the process makes sure that nobody stays in a room."""


class Seat:
    """One room: going in, what is heard there, going out."""

    def __init__(
        self, number: int, line: Line, give_up: Callable[[int], None], *, listens: bool, topics: Iterable[str]
    ) -> None:
        self.number = number
        self._line = line
        self._give_up = give_up
        self._room = rtc.Room()
        self._told = False
        self._over = False
        for event in NEWS:
            self._room.on(event, self._look)
        self._ears = Ears(self._room, self._say) if listens else None
        self._chat = Chat(self._room, topics, self._say)
        # The library would come back by itself, and so open a room again that was closed meanwhile (auto_create).
        self._room.on("reconnecting", self._cut)
        self._room.on("disconnected", lambda reason: self._end(rtc.DisconnectReason.Name(reason)))

    async def join(self, url: str, token: str) -> None:
        """Go in and say so, or say why not. Raises Stuck."""
        options = rtc.RoomOptions(auto_subscribe=False, connect_timeout=ATTEMPT_SECONDS)
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                await self._room.connect(url, token, options)
        except rtc.ConnectError as error:
            self._end(reason_of(error.message))
            return
        except TimeoutError:
            raise Stuck("A join did not end.") from None
        if self._over:
            await self._disconnect()
            return
        self._say("in", sid=await self._room.sid)
        if self._ears is not None:
            for person in self._room.remote_participants.values():
                for publication in person.track_publications.values():
                    self._ears.hear(publication)

    def meter(self, who: Iterable[str]) -> None:
        """Tell how loud ``who`` are, and of nobody else; of nobody at all where it does not listen."""
        if self._ears is not None and not self._over:
            self._ears.meter(who)

    async def leave(self) -> None:
        """Go out, without another word. Raises Stuck."""
        self._over = True
        await self._disconnect()

    async def _disconnect(self) -> None:
        self._chat.close()
        if self._ears is not None:
            self._ears.close()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._room.disconnect()
        except TimeoutError:
            raise Stuck("A room could not be left.") from None

    def _say(self, what: str, **details: Any) -> None:
        if not self._over:
            self._line.say(what, seat=self.number, **details)

    def _look(self, *_: Any) -> None:
        """Several events of one message are one piece of news."""
        if not self._told:
            self._told = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._told = False
        self._say("look")

    def _cut(self) -> None:
        self._end("cut")
        self._give_up(self.number)

    def _end(self, reason: str) -> None:
        self._say("gone", reason=reason)
        self._over = True
