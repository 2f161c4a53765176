"""The calls of the client on the simulator and on a real server."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from rooms.livekit import client, errors
from rooms.livekit.client import Connection
from rooms.livekit.grants import VideoGrants
from rooms.livekit.snapshots import Permission
from rooms.livekit.tokens import TokenSpec, mint
from tests.rooms.livekit.conftest import connection_to
from tests.servers.manager import Servers
from tests.servers.server import Configuration, Server


@pytest.fixture
def room() -> str:
    """A room name that no other test uses, with characters that a URL or a path would break."""
    return f"town/{secrets.token_hex(4)} %2F é"


@pytest.mark.parametrize("name", ["", "a/b", "%2F", "😀 \n\t\u202e", "x" * 256])
async def test_a_room_of_any_name_is_created_listed_changed_and_closed(connection: Connection, name: str) -> None:
    made = await client.create_room(connection, name=name, metadata="m", empty_timeout=60, max_participants=5)
    assert (made.name, made.metadata, made.empty_timeout, made.max_participants) == (name, "m", 60, 5)
    assert made.created_at is not None
    assert abs(made.created_at.timestamp() - time.time()) < 60
    assert (await client.list_rooms(connection))[name].sid == made.sid
    assert list(await client.list_rooms(connection, [name])) == [name]
    assert (await client.update_room_metadata(connection, name, "")).metadata == ""
    assert await client.list_participants(connection, name) == {}
    await client.delete_room(connection, name)
    with pytest.raises(errors.Gone) as gone:
        await client.delete_room(connection, name)
    assert (gone.value.words, gone.value.uncertain) == ("requested room does not exist", False)


async def test_settings_of_a_live_room_are_ignored_and_the_reply_shows_it(connection: Connection, room: str) -> None:
    first = await client.create_room(connection, name=room, metadata="first")
    again = await client.create_room(connection, name=room, metadata="second", max_participants=3)
    assert (again.sid, again.metadata, again.max_participants) == (first.sid, "first", 0)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"max_participants": -1}, "out of range"),
        ({"metadata": "\ud800"}, "surrogates"),
        ({"agents": [{"bogus": 1}]}, "bogus"),
        ({"egress": {"room": 5}}, "egress"),
        ({"name": "x" * 257}, "256"),
    ],
)
async def test_a_value_that_does_not_fit_is_refused(connection: Connection, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(errors.Refused, match=words) as refused:
        await client.create_room(connection, **{"name": "refused", **fields})
    assert "\n" not in refused.value.words


async def test_a_person_is_read_and_changed(server: Server, connection: Connection, room: str, people: Any) -> None:
    await people(server, room, "ann", name="Ann", metadata="m", attributes={"a": "1"}, can_publish=False)
    before = await client.get_participant(connection, room, "ann")
    assert (before.label, before.metadata, dict(before.attributes)) == ("Ann", "m", {"a": "1"})
    assert (before.on_stage, before.permission.can_subscribe, before.kind) == (False, True, "STANDARD")
    wanted = before.permission.overlay(can_publish=True, can_publish_sources=["MICROPHONE"])
    after = await client.update_participant(
        connection, room, "ann", name="Anna", metadata="{}", attributes={"": "x\x00y", "a": ""}, permission=wanted
    )
    assert (after.name, after.metadata, dict(after.attributes)) == ("Anna", "{}", {"": "x\x00y"})
    assert after.permission == wanted
    assert after.sid == before.sid
    assert (await client.list_participants(connection, room))["ann"] == after


async def test_nothing_given_changes_nothing(server: Server, connection: Connection, room: str, people: Any) -> None:
    await people(server, room, "ann", name="Ann", metadata="m", attributes={"a": "1"})
    before = await client.get_participant(connection, room, "ann")
    assert await client.update_participant(connection, room, "ann") == before


async def test_an_unchanged_person_keeps_the_object(
    server: Server, connection: Connection, room: str, people: Any
) -> None:
    await people(server, room, "ann")
    await people(server, room, "bob")
    first = await client.list_participants(connection, room)
    changed = await client.update_participant(connection, room, "bob", metadata="new")
    second = await client.list_participants(connection, room, first)
    assert second["bob"] == changed != first["bob"]
    assert second["ann"] is first["ann"]


async def test_a_track_is_muted_and_not_unmuted(server: Server, connection: Connection, room: str, people: Any) -> None:
    ann = await people(server, room, "ann", publish=["microphone"])
    sid = ann.tracks["microphone"]
    muted = await client.mute_published_track(connection, room, "ann", sid, True)
    assert muted is not None
    assert (muted.sid, muted.muted, muted.source, muted.label) == (sid, True, "MICROPHONE", "microphone")
    with pytest.raises(errors.RemoteUnmuteOff) as refused:
        await client.mute_published_track(connection, room, "ann", sid, False)
    assert (refused.value.status, refused.value.words) == (412, "remote unmute not enabled")
    assert "enable_remote_unmute" in refused.value.remedy


async def test_a_track_is_unmuted_where_the_server_allows_it(unmuting: Server, room: str, people: Any) -> None:
    ann = await people(unmuting, room, "ann", publish=["microphone"])
    allowing, sid = connection_to(unmuting), ann.tracks["microphone"]
    await client.mute_published_track(allowing, room, "ann", sid, True)
    unmuted = await client.mute_published_track(allowing, room, "ann", sid, False)
    assert unmuted is not None
    assert unmuted.muted is False


async def test_a_track_that_is_gone_is_none(server: Server, connection: Connection, room: str, people: Any) -> None:
    await people(server, room, "ann")
    assert await client.mute_published_track(connection, room, "ann", "TR_none", True) is None


async def test_nobody_there(connection: Connection, room: str) -> None:
    await client.create_room(connection, name=room)
    calls: dict[int, list[Coroutine[Any, Any, object]]] = {
        404: [
            client.get_participant(connection, room, "nobody"),
            client.remove_participant(connection, room, "nobody", revoke_token_ts=int(time.time())),
            client.update_participant(connection, room, "nobody", name="x"),
            client.update_room_metadata(connection, room + "?", "m"),
        ],
        503: [
            client.mute_published_track(connection, room, "nobody", "TR_1", True),
            client.update_subscriptions(connection, room, "nobody", ["TR_1"], True),
            client.send_data(connection, room + "?", b"x"),
        ],
    }
    for status, waiting in calls.items():
        for answer in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(answer, errors.Gone)
            assert (answer.status, answer.uncertain) == (status, status == 503)


async def test_a_person_is_removed(server: Server, connection: Connection, room: str, people: Any) -> None:
    ann = await people(server, room, "ann")
    await client.remove_participant(connection, room, "ann")
    await ann.experiences("removed", reason="PARTICIPANT_REMOVED")
    assert await client.list_participants(connection, room) == {}


async def test_data_arrives(server: Server, connection: Connection, room: str, people: Any) -> None:
    ann = await people(server, room, "ann")
    await client.send_data(connection, room, b"\x00all", topic="news")
    await client.send_data(connection, room, b"one", reliable=True, destination_identities=["ann"])
    await ann.experiences("data", data=b"\x00all", topic="news")
    await ann.experiences("data", data=b"one")


async def test_moving_is_not_for_open_source(server: Server, connection: Connection, room: str, people: Any) -> None:
    await people(server, room, "ann")
    for call in (client.move_participant, client.forward_participant):
        with pytest.raises(errors.NotSupported) as refused:
            await call(connection, room, "ann", room + "2")
        assert (refused.value.status, refused.value.words) == (500, "not implemented")
        with pytest.raises(errors.Refused, match="same as source"):
            await call(connection, room, "ann", room)


async def test_moving_and_forwarding_in_the_manner_of_cloud(servers: Servers, room: str, people: Any) -> None:
    cloud = servers.get("simulator", Configuration(cloud=True))
    there = connection_to(cloud)
    await people(cloud, room, "ann")
    await people(cloud, room, "bob")
    await people(cloud, room + "2", "host")
    await client.move_participant(there, room, "ann", room + "2")
    await client.forward_participant(there, room, "bob", room + "2")
    destination = await client.list_participants(there, room + "2")
    assert sorted(destination) == ["ann", "bob", "host"]
    assert (destination["ann"].forwarded, destination["bob"].forwarded) == (False, True)
    assert list(await client.list_participants(there, room)) == ["bob"]


async def test_a_minted_token_opens_the_door(server: Server, connection: Connection, room: str, people: Any) -> None:
    grants = VideoGrants(room_join=True, room=room, can_publish=False, can_subscribe=True, can_publish_data=None)
    spec = TokenSpec(identity="ann", name="Ann", attributes={"a": "1"}, kind="agent", ttl=60, grants=grants)
    await people(server, room, "ann", token=mint(server.key, server.secret, spec))
    seen = await client.get_participant(connection, room, "ann")
    assert (seen.name, dict(seen.attributes), seen.kind, seen.counted) == ("Ann", {"a": "1"}, "AGENT", False)
    # Data follows publish when a token does not say (livekit.md 3.2).
    assert seen.permission == Permission(can_subscribe=True)


@pytest.mark.parametrize("wrong", [{"key": "nobody"}, {"secret": "wrong-secret-of-at-least-32-characters"}])
async def test_a_wrong_key_is_told_without_the_token(server: Server, wrong: dict[str, str]) -> None:
    connection = Connection(**{"url": server.url, "key": server.key, "secret": server.secret} | wrong)
    with pytest.raises(errors.WrongKey) as refused:
        await client.list_rooms(connection)
    shown = f"{refused.value!r} {refused.value.answer} {refused.value.title} {refused.value.remedy} {connection!r}"
    assert "eyJ" not in shown
    assert connection.secret not in shown
    assert refused.value.__suppress_context__


async def test_a_server_that_comes_back_is_read_at_once(kind: Any, servers: Servers) -> None:
    server = servers.start(kind, Configuration())
    try:
        connection = connection_to(server)
        await client.list_rooms(connection)
        server = servers.restart(server)
        assert await client.list_rooms(connection) == {}
        server.kill()
        with pytest.raises(errors.Unreachable):
            await client.list_rooms(connection)
    finally:
        server.stop()
