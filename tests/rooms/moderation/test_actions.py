"""Each action does what it says, verifies the reply, and leaves a row in the audit whatever happens."""

from __future__ import annotations

import pytest

from rooms.livekit import client
from rooms.livekit.errors import Gone, NotSupported, RemoteUnmuteOff, Unreachable
from rooms.models import Ability, Project
from rooms.moderation.actions import Action, abilities, departures, participants, rooms, tracks
from rooms.moderation.actions.deed import Declined
from rooms.moderation.digests import digest
from tests.rooms.moderation.conftest import ACTOR, NUL, Stage


async def test_mute_and_what_the_server_says_to_unmute(stage: Stage) -> None:
    carol = await stage.join("carol", publish=["microphone"])
    sid = carol.tracks["microphone"]
    muted = await tracks.mute(stage.project, stage.room, "carol", sid, actor=ACTOR)
    assert muted.done
    assert (await stage.now("carol")).tracks[0].muted
    assert (await stage.audit("mute")).after == {"muted": True}
    unmuted = await tracks.unmute(stage.project, stage.room, "carol", sid, actor=ACTOR)
    assert isinstance(unmuted.error, RemoteUnmuteOff)
    assert "enable_remote_unmute: true" in unmuted.error.remedy
    known = await Ability.objects.aget(project=stage.project, name="remote_unmute")
    assert (known.able, known.status) == (False, 412)
    assert (await stage.audit("unmute")).outcome == "refused"


async def test_unmute_works_where_the_server_allows_it(cloud_stage: Stage) -> None:
    carol = await cloud_stage.join("carol", publish=["microphone"])
    sid = carol.tracks["microphone"]
    await tracks.mute(cloud_stage.project, cloud_stage.room, "carol", sid, actor=ACTOR)
    outcome = await tracks.unmute(cloud_stage.project, cloud_stage.room, "carol", sid, actor=ACTOR)
    assert outcome.done
    assert not (await cloud_stage.now("carol")).tracks[0].muted
    assert (await abilities.known(cloud_stage.project))["remote_unmute"].able


async def test_the_project_can_forbid_unmuting(cloud_stage: Stage) -> None:
    carol = await cloud_stage.join("carol", publish=["microphone"])
    cloud_stage.project.allow_remote_unmute = False
    outcome = await tracks.unmute(
        cloud_stage.project, cloud_stage.room, "carol", carol.tracks["microphone"], actor=ACTOR
    )
    assert isinstance(outcome.error, Declined)
    assert not await Ability.objects.filter(project=cloud_stage.project).aexists()


async def test_a_track_that_is_gone_is_said_to_be_gone(stage: Stage) -> None:
    await stage.join("carol")
    outcome = await tracks.mute(stage.project, stage.room, "carol", "TR_nothing", actor=ACTOR)
    assert isinstance(outcome.error, Gone)
    assert outcome.error.title == "That track is gone"


async def test_remove_says_that_the_token_stays_valid(stage: Stage) -> None:
    carol = await stage.join("carol", name="Carol", publish=["microphone"])
    outcome = await departures.remove(stage.project, stage.room, "carol", actor=ACTOR)
    assert outcome.done
    assert departures.STAYS_VALID in outcome.advice
    entry = await stage.audit("remove")
    assert (entry.target, entry.before["tracks"]) == ("Carol", ["microphone"])
    with pytest.raises(Gone):
        await stage.now("carol")
    await stage.join("carol", token=carol.token)


async def test_remove_revokes_on_cloud(cloud_stage: Stage) -> None:
    project = cloud_stage.project
    await abilities.learn(project, "move", able=True, answer="200", status=200)
    await cloud_stage.join("carol")
    outcome = await departures.remove(project, cloud_stage.room, "carol", actor=ACTOR)
    assert outcome.done
    assert departures.STAYS_VALID not in outcome.advice
    assert (await cloud_stage.audit("remove")).after["revoke_token_ts"] > 0


async def test_a_required_reason_is_required(stage: Stage) -> None:
    await stage.join("carol")
    stage.project.reason_required = True
    for reason in ("", "  "):
        outcome = await departures.remove(stage.project, stage.room, "carol", actor=ACTOR, reason=reason)
        assert isinstance(outcome.error, Declined)
    outcome = await rooms.close_room(stage.project, stage.room, actor=ACTOR)
    assert isinstance(outcome.error, Declined)
    assert await stage.now("carol")


@pytest.mark.parametrize("name", ["move", "forward"])
async def test_a_server_that_cannot_is_remembered(stage: Stage, name: str) -> None:
    await stage.join("carol")
    act = {"move": departures.move, "forward": departures.forward}[name]
    outcome = await act(stage.project, stage.room, "carol", f"{stage.room}-2", actor=ACTOR)
    assert isinstance(outcome.error, NotSupported)
    known = (await abilities.known(stage.project))[name]
    assert (known.able, known.status, known.answer) == (False, 500, "not implemented")
    same = await act(stage.project, stage.room, "carol", stage.room, actor=ACTOR)
    assert isinstance(same.error, Declined)
    assert (await stage.audit(name)).before is None


async def test_move_and_forward_on_cloud(cloud_stage: Stage) -> None:
    project, room = cloud_stage.project, cloud_stage.room
    await cloud_stage.join("carol")
    await cloud_stage.join("host", room=f"{room}-2")
    assert (await departures.forward(project, room, "carol", f"{room}-2", actor=ACTOR)).done
    assert set(await client.list_participants(project.connection, f"{room}-2")) == {"host", "carol"}
    await client.remove_participant(project.connection, f"{room}-2", "carol")
    assert (await departures.move(project, room, "carol", f"{room}-2", actor=ACTOR)).done
    assert set(await client.list_participants(project.connection, f"{room}-2")) == {"host", "carol"}
    assert (await cloud_stage.audit("move")).after == {"room": f"{room}-2"}


async def test_send_data_arrives(stage: Stage) -> None:
    carol, dave = await stage.join("carol"), await stage.join("dave")
    one = await participants.send_data(
        stage.project, stage.room, "carol", b"hello", topic="chat", reliable=True, actor=ACTOR
    )
    assert one.done
    await carol.experiences("data", data=b"hello", topic="chat")
    everybody = await rooms.send_data(stage.project, stage.room, b"all", topic="", reliable=False, actor=ACTOR)
    assert everybody.done
    await dave.experiences("data", data=b"all")
    assert not [each for each in await dave.experienced() if each.details.get("data") == b"hello"]
    assert (await stage.audit("send_room_data")).after["to"] == "everybody"


async def test_rooms_are_made_changed_and_closed(stage: Stage) -> None:
    project, room = stage.project, stage.room
    fields = {"max_participants": 7, "metadata": "{}", "empty_timeout": 77}
    made = await rooms.create_room(project, room, fields, actor=ACTOR)
    assert made.done
    assert made.room_snapshot is not None
    assert (made.room_snapshot.max_participants, made.room_snapshot.empty_timeout) == (7, 77)
    again = await rooms.create_room(project, room, {"max_participants": 9}, actor=ACTOR)
    assert rooms.EXISTED in again.advice
    assert (await stage.audit("create_room")).after["max_participants"] == 7
    changed = await rooms.set_metadata(project, room, NUL, base=digest("{}"), actor=ACTOR)
    assert changed.done
    stale = await rooms.set_metadata(project, room, "", base=digest("{}"), actor=ACTOR)
    assert stale.conflict == {"metadata": NUL}
    cleared = await rooms.set_metadata(project, room, "", base=digest(NUL), actor=ACTOR)
    assert cleared.done
    assert (await rooms.close_room(project, room, actor=ACTOR, reason="over")).done
    assert room not in await client.list_rooms(project.connection, [room])
    assert isinstance((await rooms.close_room(project, room, actor=ACTOR)).error, Gone)


async def test_a_room_without_a_name_can_be_acted_on(stage: Stage) -> None:
    project = stage.project
    await client.create_room(project.connection, name="")
    outcome = await rooms.set_metadata(project, "", "nameless", base=digest(""), actor=ACTOR)
    assert outcome.done
    assert (await rooms.close_room(project, "", actor=ACTOR)).done


@pytest.mark.parametrize("act", [participants.promote, participants.return_to_audience, departures.remove])
async def test_somebody_who_is_gone(stage: Stage, act: Action) -> None:
    await stage.join("somebody-else")
    outcome = await act(stage.project, stage.room, "carol", actor=ACTOR)
    assert isinstance(outcome.error, Gone)
    entry = await stage.audit(outcome.verb.name)
    assert (entry.outcome, entry.target) == ("refused", "carol")
    assert entry.answer.startswith("404 ")


async def test_nobody_answering_for_somebody_who_is_there_is_uncertain(stage: Stage) -> None:
    await stage.join("carol")
    await stage.fault(
        "UpdateParticipant",
        refuse={"status": 503, "code": "unavailable", "msg": "twirp error unknown: no response from servers"},
    )
    outcome = await participants.promote(stage.project, stage.room, "carol", actor=ACTOR)
    assert outcome.outcome == "uncertain"
    assert (await stage.audit("promote")).answer == "503 no response from servers"


async def test_a_server_that_is_away(bare_project: Project) -> None:
    outcome = await participants.promote(bare_project, "stage", "carol", actor=ACTOR)
    assert isinstance(outcome.error, Unreachable)
    entry = await bare_project.audit.aget()
    assert (entry.outcome, entry.verb, entry.room, entry.identity) == ("failed", "promote", "stage", "carol")


async def test_a_wrong_key_never_shows_the_text_of_the_401(stage: Stage) -> None:
    await stage.join("carol")
    stage.project.api_secret = "not-the-secret-of-this-server-000"
    outcome = await participants.promote(stage.project, stage.room, "carol", actor=ACTOR)
    entry = await stage.audit("promote")
    assert outcome.outcome == "failed"
    assert "eyJ" not in entry.answer
    assert entry.answer.startswith("401 ")
