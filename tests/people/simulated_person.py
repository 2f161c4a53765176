"""A person on Greenroom's simulator, through its control address."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from tests.people.person import Experience, JoinRefused, Person, Track
from tests.servers.server import Server

REFUSALS = {"NOT_ALLOWED", "LIMIT_EXCEEDED"}


class SimulatedPerson(Person):
    """Joins by POST /control/join; each act is one POST /control/act. Leaving after a removal is no error."""

    def __init__(self, server: Server, room: str, identity: str, token: str) -> None:
        super().__init__(room, identity, token)
        self._url = server.url.rstrip("/")
        self._newest_token = token

    async def connect(self, *, signalling_only: bool = False) -> None:
        """Go in. Raises JoinRefused with the status and the text of the real /rtc."""
        body: dict[str, Any] = {"token": self.token}
        if signalling_only:
            body["media"] = False
        async with aiohttp.ClientSession() as http, http.post(self._url + "/control/join", json=body) as answer:
            if answer.status != 200:
                raise JoinRefused(answer.status, (await answer.text()).strip())
            joined = await answer.json()
        self.sid = joined["sid"]
        self._newest_token = joined["refresh_token"]

    async def _act(self, do: str, **details: Any) -> dict[str, Any]:
        body = {"room": await self._where(), "identity": self.identity, "sid": self.sid, "do": do, **details}
        async with aiohttp.ClientSession() as http, http.post(self._url + "/control/act", json=body) as answer:
            result: dict[str, Any] = await answer.json()
            if answer.status == 404 and do in {"leave", "lose_connection"}:
                return {}
            if result.get("error") in REFUSALS:
                self.refused.append(result["error"])
            elif answer.status != 200:
                raise AssertionError(f"{self.identity} could not {do}: {answer.status} {result}")
            return result

    async def _where(self) -> str:
        """The room that this person is in now: an administrator may have moved them."""
        moves = [each.details["room"] for each in await self.experienced() if each.event == "moved"]
        return str(moves[-1]) if moves else self.room

    async def _publish(self, track: Track) -> str:
        result = await self._act(
            "publish",
            source=track.source,
            name=track.name,
            muted=track.muted,
            width=track.width,
            height=track.height,
        )
        return str(result.get("track_sid", ""))

    async def unpublish(self, track_sid: str) -> None:
        await self._act("unpublish", track_sid=track_sid)

    async def mute(self, track_sid: str) -> None:
        await self._act("mute", track_sid=track_sid)

    async def unmute(self, track_sid: str) -> None:
        await self._act("unmute", track_sid=track_sid)

    async def set_name(self, name: str) -> None:
        await self._act("set_name", name=name)

    async def set_metadata(self, metadata: str) -> None:
        await self._act("set_metadata", metadata=metadata)

    async def set_attributes(self, attributes: Mapping[str, str]) -> None:
        await self._act("set_attributes", attributes=dict(attributes))

    async def send_data(self, data: bytes, *, topic: str = "", to: Sequence[str] = ()) -> None:
        encoded = base64.b64encode(data).decode()
        await self._act("send_data", data=encoded, topic=topic, destination_identities=list(to))

    async def answer_rpc(
        self, method: str, answer: str | None = None, *, delay: float = 0.0, error: tuple[int, str, str] | None = None
    ) -> None:
        failure = dict(zip(("code", "message", "data"), error, strict=True)) if error else None
        await self._act("register_method", method=method, answer=answer, delay=delay, error=failure)

    async def stop_answering_rpc(self, method: str) -> None:
        await self._act("unregister_method", method=method)

    async def receives(self, track_sid: str) -> bool:
        told = [each.event for each in await self.experienced() if each.details.get("track_sid") == track_sid]
        return [event for event in told if event in {"subscribed", "unsubscribed"}][-1:] == ["subscribed"]

    async def leave(self) -> None:
        await self._act("leave")

    async def lose_connection(self) -> None:
        await self._act("lose_connection")

    async def experienced(self) -> list[Experience]:
        query = {"room": self.room, "identity": self.identity, "sid": self.sid}
        url = self._url + "/control/experienced"
        async with aiohttp.ClientSession() as http, http.get(url, params=query) as answer:
            events = (await answer.json())["events"] if answer.status == 200 else []
        return [_experience(event) for event in events]

    async def newest_token(self) -> str:
        for each in reversed(await self.experienced()):
            if each.event == "token_refreshed":
                return str(each.details["refresh_token"])
        return self._newest_token


def _experience(event: dict[str, Any]) -> Experience:
    details = {name: value for name, value in event.items() if name != "event"}
    if event["event"] == "data":
        details["data"] = base64.b64decode(details["data"])
    return Experience(event["event"], details)
