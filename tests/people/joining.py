"""How people come into a room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp
from livekit import api

from tests.people.person import GREETING, JoinRefused, Person
from tests.people.signalling_person import SignallingPerson
from tests.people.simulated_person import SimulatedPerson
from tests.people.tokens import join_token
from tests.servers.server import Server

try:
    from tests.people.rtc_person import RtcPerson
except ImportError:  # the rtc package is an extra: only the real server needs it
    RtcPerson = None  # type: ignore[assignment,misc]

State = api.ParticipantInfo.State
ARRIVAL_SECONDS = 20.0
CROWD_AT_ONCE = 50


async def join(
    server: Server,
    room: str,
    identity: str,
    *,
    publish: Iterable[str] = (),
    name: str = "",
    metadata: str = "",
    attributes: Mapping[str, str] | None = None,
    kind: str = "",
    token: str = "",
    signalling_only: bool = False,
    **grants: Any,
) -> Person:
    """Let ``identity`` join ``room`` and publish the sources in ``publish``; the server lists all of it on return.

    ``name``, ``metadata``, ``attributes``, ``kind`` and further keywords (``can_publish=False``) go into the token,
    unless a ready ``token`` is given. ``signalling_only`` people never have media: cheap, listed as JOINED, gone after
    a minute. Raises JoinRefused with the server's status and text.
    """
    token = token or join_token(
        server, room, identity, name=name, metadata=metadata, attributes=attributes, kind=kind, **grants
    )
    person = await _connected(server, room, identity, token, signalling_only=signalling_only)
    try:
        for source in publish:
            await person.publish(source)
        await listed(server, person, signalling_only=signalling_only)
    except BaseException:
        await person.leave()
        raise
    return person


async def _connected(server: Server, room: str, identity: str, token: str, *, signalling_only: bool) -> Person:
    if server.kind == "simulator":
        simulated = SimulatedPerson(server, room, identity, token)
        await simulated.connect(signalling_only=signalling_only)
        return simulated
    try:
        if signalling_only:
            signalling = SignallingPerson(server, room, identity, token)
            await signalling.connect()
            return signalling
        person = RtcPerson(server, room, identity, token)
        await person.connect()
        return person
    except JoinRefused as refusal:
        raise await knock(server, token) or refusal from refusal


async def knock(server: Server, token: str | None, **query: str) -> JoinRefused | None:
    """Ask the real server's /rtc for a WebSocket; the refusal with its status and text, or None when it opens."""
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "Z3JlZW5yb29tLXRlc3RzIQ==",
    }
    params = {"protocol": "16", "auto_subscribe": "0", **query}
    if token is not None:
        params["access_token"] = token
    url = server.url + "/rtc"
    async with aiohttp.ClientSession() as http, http.get(url, params=params, headers=headers) as answer:
        if answer.status == 101:
            return None
        return JoinRefused(answer.status, (await answer.text()).strip())


async def listed(server: Server, person: Person, *, signalling_only: bool) -> None:
    """Wait until the server shows this session with its tracks, and data reaches one with media."""
    until = time.monotonic() + ARRIVAL_SECONDS
    wanted = {sid for sid in person.tracks.values() if sid}
    async with api.LiveKitAPI(server.url, server.key, server.secret) as livekit:
        while time.monotonic() < until:
            try:
                found = await livekit.room.get_participant(
                    api.RoomParticipantIdentity(room=person.room, identity=person.identity)
                )
            except api.TwirpError:
                found = api.ParticipantInfo()
            connected = found.state == (State.JOINED if signalling_only else State.ACTIVE)
            if found.sid == person.sid and connected and wanted <= {track.sid for track in found.tracks}:
                if person.is_within_hearing:
                    return
                await livekit.room.send_data(_greeting(person))
            await asyncio.sleep(0.01)
    raise AssertionError(f"{person.identity} joined {person.room}, but the server shows {found}")


def _greeting(person: Person) -> api.SendDataRequest:
    """livekit-server 1.13.5 loses data for people whose data channel is still opening: greet until they hear it."""
    return api.SendDataRequest(room=person.room, topic=GREETING, destination_identities=[person.identity])


async def crowd(server: Server, room: str, count: int, *, prefix: str = "guest", **options: Any) -> list[Person]:
    """``count`` people without media, named guest-0 and up: a large room in seconds. They stay at most a minute."""
    gate = asyncio.Semaphore(CROWD_AT_ONCE)

    async def one(number: int) -> Person:
        identity = f"{prefix}-{number}"
        token = join_token(server, room, identity, **options)
        async with gate:
            return await _connected(server, room, identity, token, signalling_only=True)

    return list(await asyncio.gather(*(one(number) for number in range(count))))
