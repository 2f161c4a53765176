"""Permission is replaced whole, and takes tracks down (livekit.md 3.2, 3.3)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import jwt
import pytest
from livekit.protocol import models

from tests.contract.under_test import UnderTest, eventually
from tests.people import Person

FIELDS = [field.name for field in models.ParticipantPermission.DESCRIPTOR.fields]
FLAGS = [
    "can_subscribe",
    "can_publish",
    "can_publish_data",
    "hidden",
    "recorder",
    "can_update_metadata",
    "agent",
    "can_subscribe_metrics",
    "can_manage_agent_session",
]
CAMERA, MICROPHONE = models.CAMERA, models.MICROPHONE
SHARE, SHARE_AUDIO = models.SCREEN_SHARE, models.SCREEN_SHARE_AUDIO


def permission(**flags: object) -> models.ParticipantPermission:
    return models.ParticipantPermission(**flags)  # type: ignore[arg-type]


def listener(**flags: object) -> models.ParticipantPermission:
    return permission(**{"can_subscribe": True, "can_publish_data": True, **flags})


def sources(participant: models.ParticipantInfo) -> set[int]:
    return {track.source for track in participant.tracks}


async def settles(livekit: UnderTest, wanted: Iterable[int]) -> models.ParticipantInfo:
    """Wait until alice publishes exactly these sources."""
    return await eventually(lambda: livekit.get("alice"), lambda alice: sources(alice) == set(wanted))


def test_there_are_ten_fields() -> None:
    assert set(FIELDS) == {*FLAGS, "can_publish_sources"}


@pytest.mark.parametrize("flag", FLAGS)
async def test_every_field_left_out_becomes_false(livekit: UnderTest, flag: str) -> None:
    await livekit.join("alice", can_update_own_metadata=True, can_subscribe_metrics=True, can_manage_agent_session=True)
    lone = permission(**{flag: True})
    assert (await livekit.update("alice", permission=lone)).permission == lone
    assert (await livekit.get("alice")).permission == lone


async def test_an_empty_permission_takes_everything(livekit: UnderTest) -> None:
    await livekit.join("alice")
    assert (await livekit.update("alice", permission=permission())).permission == permission()


async def test_kind_and_identity_stay(livekit: UnderTest) -> None:
    await livekit.join("alice", kind="sip")
    after = await livekit.update("alice", permission=permission(agent=True, hidden=True))
    assert (after.identity, after.kind) == ("alice", models.ParticipantInfo.Kind.SIP)


async def test_the_order_of_sources_counts_as_a_change(livekit: UnderTest) -> None:
    await livekit.join("alice")
    wanted = listener(can_publish=True, can_publish_sources=[CAMERA, MICROPHONE])
    first = await livekit.update("alice", permission=wanted)
    same = await livekit.update("alice", permission=first.permission)
    assert same.version == first.version
    turned = listener(can_publish=True, can_publish_sources=[MICROPHONE, CAMERA])
    after = await livekit.update("alice", permission=turned)
    assert list(after.permission.can_publish_sources) == [MICROPHONE, CAMERA]
    assert after.version > first.version


async def test_unknown_is_a_legal_source(livekit: UnderTest) -> None:
    await livekit.join("alice")
    wanted = listener(can_publish=True, can_publish_sources=[models.UNKNOWN, MICROPHONE])
    assert (await livekit.update("alice", permission=wanted)).permission == wanted


async def test_a_source_that_does_not_exist_reads_back_as_unknown_and_allows_nothing(livekit: UnderTest) -> None:
    await livekit.join("alice", publish=["microphone"])
    wanted = permission(can_publish=True)
    wanted.can_publish_sources.append(9)  # type: ignore[arg-type]
    after = await livekit.update("alice", permission=wanted)
    assert list(after.permission.can_publish_sources) == [models.UNKNOWN]
    await settles(livekit, [])


async def everything(livekit: UnderTest) -> Person:
    return await livekit.join("alice", publish=["microphone", "camera", "screen_share", "screen_share_audio"])


async def test_narrowing_the_sources_takes_the_others_down(livekit: UnderTest) -> None:
    alice = await everything(livekit)
    await livekit.update("alice", permission=listener(can_publish=True, can_publish_sources=[MICROPHONE]))
    left = await settles(livekit, [MICROPHONE])
    assert [track.sid for track in left.tracks] == [alice.tracks["microphone"]]
    assert left.is_publisher


async def test_a_screen_share_is_taken_down_while_the_camera_stays(livekit: UnderTest) -> None:
    await everything(livekit)
    await livekit.update("alice", permission=listener(can_publish=True, can_publish_sources=[CAMERA, MICROPHONE]))
    await settles(livekit, [CAMERA, MICROPHONE])
    await livekit.update("alice", permission=listener(can_publish=True))
    assert sources(await livekit.get("alice")) == {CAMERA, MICROPHONE}


async def test_an_empty_list_of_sources_allows_every_source(livekit: UnderTest) -> None:
    await everything(livekit)
    after = await livekit.update("alice", permission=listener(can_publish=True, can_publish_sources=[]))
    assert sources(after) == {CAMERA, MICROPHONE, SHARE, SHARE_AUDIO}


async def test_without_can_publish_the_sources_allow_nothing(livekit: UnderTest) -> None:
    await livekit.join("alice", publish=["microphone"])
    await livekit.update("alice", permission=listener(can_publish_sources=[MICROPHONE]))
    await settles(livekit, [])


async def test_revoking_takes_everything_down_and_granting_again_brings_nothing_back(livekit: UnderTest) -> None:
    alice = await livekit.join("alice", publish=["microphone", "camera"])
    await livekit.update("alice", permission=listener())
    await alice.experiences("permission_changed", can_publish=False)
    down = await settles(livekit, [])
    assert not down.is_publisher
    again = await livekit.update("alice", permission=listener(can_publish=True))
    assert sources(again) == set()


async def test_somebody_promoted_can_publish(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", can_publish=False)
    assert not (await livekit_once.get("alice")).permission.can_publish
    await livekit_once.update("alice", permission=listener(can_publish=True))
    await alice.experiences("permission_changed", can_publish=True)
    await alice.publish("microphone")
    await settles(livekit_once, [MICROPHONE])


async def test_somebody_without_the_right_cannot_publish(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", can_publish=False)
    await alice.publish("microphone")
    assert alice.refused == ["NOT_ALLOWED"]
    assert sources(await livekit_once.get("alice")) == set()


async def test_only_the_allowed_source_can_be_published(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", can_publish_sources=["microphone"])
    assert list((await livekit_once.get("alice")).permission.can_publish_sources) == [MICROPHONE]
    await alice.publish("camera")
    assert alice.refused == ["NOT_ALLOWED"]
    await alice.publish("microphone")
    await settles(livekit_once, [MICROPHONE])


async def test_data_of_somebody_without_the_right_is_dropped(livekit_once: UnderTest) -> None:
    alice, bob = await asyncio.gather(livekit_once.join("alice"), livekit_once.join("bob"))
    await alice.send_data(b"before")
    await bob.experiences("data", data=b"before")
    await livekit_once.update("alice", permission=permission(can_subscribe=True, can_publish=True))
    await alice.experiences("permission_changed", can_publish_data=False)
    await alice.send_data(b"after")
    await livekit_once.call("SendData", room=livekit_once.room, data=b"the end")
    await bob.experiences("data", data=b"the end")
    assert b"after" not in {each.details.get("data") for each in await bob.experienced()}


async def test_a_new_token_follows_a_change_of_permission(livekit_once: UnderTest) -> None:
    alice = await livekit_once.join("alice", metadata="kept")
    await livekit_once.update("alice", permission=permission(can_subscribe=True), attributes={"a": "1"})

    def follows(token: str) -> bool:
        claims = jwt.decode(token, options={"verify_signature": False})
        video = claims["video"]
        return video.get("canPublish") is False and video.get("canPublishData") is False

    token = await eventually(alice.newest_token, follows)
    claims = jwt.decode(token, livekit_once.server.secret, algorithms=["HS256"], options={"verify_nbf": False})
    assert (claims["sub"], claims["metadata"], claims["attributes"]) == ("alice", "kept", {"a": "1"})
    assert (claims["video"]["room"], claims["video"]["roomJoin"]) == (livekit_once.room, True)
