"""A person's panel: every field, its forms, what is live in it, and somebody who is gone."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from rooms.live.person_fragments import digests, facts, parts, permission_words, track_line
from rooms.livekit.snapshots import DataTrack, Participant, Permission, Track, VideoLayer
from rooms.models import AuditEntry, FeedEntry, Project
from rooms.moderation.eyes import Eyes
from tests.fixtures.people import AsUser
from tests.rooms.moderation.conftest import Stage

SIDE = {"HX-Request": "true", "HX-Target": "side"}
SHOWN_ELSEWHERE = {"permission", "tracks", "data_tracks", "attributes", "metadata"}


def text(answer: Any) -> str:
    """The answer as text with single spaces."""
    return " ".join(answer.content.decode().split())


async def test_the_panel_has_everything_of_a_person(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join(
        "carol/1",
        name="<i>Carol</i>",
        metadata='{"title":"<script>alert(1)</script>"}',
        attributes={"lang": "de", "": "empty", "nul": "a\x00"},
        publish=["microphone", "camera"],
    )
    person = await stage.now("carol/1")
    answer = await as_user(mona).get(stage.person("carol/1"))
    page = text(answer)
    assert answer.status_code == 200
    assert "<i>Carol" not in page
    assert "<script>alert" not in page
    assert "\x00" not in page
    for part in ("person-head", "person-tracks", "person-facts"):
        assert f'id="{part}"' in page
    for name, digest in digests(person).items():
        assert f'data-form="{name}" data-digest="{digest}"' in page
    for track in person.tracks:
        assert track.sid in page
        assert f"tracks/{track.sid}/do/mute/" in page
    assert person.sid in page
    assert "audio/red" in page or "audio/opus" in page


async def test_a_viewer_sees_values_and_no_forms(stage: Stage, vic: User, as_user: AsUser) -> None:
    await stage.join("carol", attributes={"lang": "de"}, metadata="[1]", publish=["microphone"])
    page = text(await as_user(vic).get(stage.person("carol")))
    assert 'id="person-values"' in page
    assert "do/" not in re.sub(r"/do/lock/", "", page).split('id="side"')[1]
    assert "<bdi>de</bdi>" in page


async def test_a_locked_project_shows_values_and_says_so(stage: Stage, mona: User, as_user: AsUser) -> None:
    stage.project.read_only = True
    await stage.project.asave()
    await stage.join("carol", attributes={"lang": "de"})
    page = text(await as_user(mona).get(stage.person("carol")))
    assert "read only until you unlock it" in page
    assert 'id="person-values"' in page
    assert "data-digest" not in page


async def test_a_script_gets_only_the_panel(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol")
    answer = await as_user(mona).get(stage.person("carol"), headers=SIDE)
    assert answer.status_code == 200
    assert "<!doctype" not in text(answer)
    assert 'id="rows"' not in text(answer)
    assert 'id="person-head"' in text(answer)


async def test_somebody_who_is_gone_is_shown_as_last_known(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("dave")
    await FeedEntry.objects.acreate(
        project=stage.project,
        room=stage.room,
        identity="carol",
        label="Carol",
        kind="left",
        words="left",
        at=timezone.now(),
    )
    await AuditEntry.objects.acreate(
        project=stage.project, room=stage.room, identity="carol", verb="remove", username="mona", target="Carol"
    )
    answer = await as_user(mona).get(stage.person("carol"))
    assert answer.status_code == 404
    assert "Not in this room now." in text(answer)
    assert "<bdi>Carol</bdi>" in text(answer)
    assert "Remove" in text(answer)
    unknown = await as_user(mona).get(stage.person("nobody"), headers=SIDE)
    assert unknown.status_code == 200
    assert "Not in this room now." in text(unknown)
    region = await as_user(mona).get(f"{stage.base}region/?person=carol")
    assert "Not in this room now." in text(region)


async def test_livekit_away_is_not_said_to_be_gone(bare_project: Project, mona: User, as_user: AsUser) -> None:
    answer = await as_user(mona).get("/p/studio/rooms/stage/people/carol/")
    assert answer.status_code == 200
    assert "it is not known whether this person is here" in text(answer)


@pytest.mark.parametrize("name", ["permission", "attributes", "metadata", "name"])
async def test_a_section_answers_for_itself(name: str, stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", name="Carol", metadata="m", attributes={"lang": "de"})
    url, browser = f"{stage.person('carol')}do/{name}/", as_user(mona)
    fresh = await browser.get(f"{url}?place=panel", headers={"HX-Request": "true"})
    assert fresh.status_code == 200
    assert text(fresh).startswith(f'<section class="sect" id="{name}" data-act-place')
    wrong = {"place": "panel", "digest": "old", "base": "null", "name": "", "metadata": ""}
    answer = await browser.post(url, wrong, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert text(answer).startswith(f'<section class="sect" id="{name}" data-act-place')
    assert 'data-digest="old"' in text(answer), "a form that comes back is still based on what it was opened on"


async def test_saving_a_section_brings_it_back_saved(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", name="Carol")
    url = f"{stage.person('carol')}do/name/"
    typed = {"place": "panel", "name": "Caroline", "base": '"Carol"', "digest": "old"}
    answer = await as_user(mona).post(url, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'data-outcome="done"' in text(answer)
    assert 'value="Caroline"' in text(answer)
    assert f'data-digest="{digests(await stage.now("carol"))["name"]}"' in text(answer)
    plain = await as_user(mona).post(url, typed | {"base": '"Caroline"', "name": "Carol"})
    assert plain.headers["Location"] == f"{stage.person('carol')}#name"


def test_every_field_of_participant_info_has_its_place() -> None:
    labels = {fact.label.lower().replace(" ", "_") for fact in facts(Participant("PA_1", "carol"))}
    names = {field.name for field in dataclasses.fields(Participant)} - SHOWN_ELSEWHERE
    renamed = {"joined_at": "joined", "is_publisher": "publisher"}
    assert {renamed.get(name, name) for name in names} <= labels


def test_the_permission_is_told_in_ten_lines() -> None:
    words = dict(permission_words(Permission(can_publish=True, can_publish_sources=("CAMERA",))))
    assert len(words) == len(Permission.FIELDS)
    assert words["May publish from"] == "camera"


def test_a_track_tells_all_of_itself() -> None:
    track = Track(
        "TR_1",
        type="VIDEO",
        source="CAMERA",
        name="front",
        mime_type="video/VP8",
        width=1280,
        height=720,
        encryption="GCM",
        layers=(VideoLayer(width=320, height=180, bitrate=160_000), VideoLayer(quality="HIGH")),
        simulcast=True,
        stereo=True,
        stream="camera",
        mid="3",
        disable_red=True,
        audio_features=("TF_NO_DTX",),
    )
    details = ", ".join(track_line(track, Eyes()).details)
    for words in ("video/VP8", "1280 × 720", "2 layers: 320 × 180 at 160 kbit/s, high", "encrypted (GCM)", "front"):
        assert words in details
    for words in ("simulcast", "stereo", "no dtx", "no RED", "stream camera", "mid 3"):
        assert words in details


@pytest.mark.parametrize("missing", [frozenset(), frozenset({"remote_unmute", "move"})])
def test_what_a_server_lacks_is_dashed_and_says_why(missing: frozenset[str]) -> None:
    person = Participant(
        "PA_1", "carol", tracks=(Track("TR_1", source="MICROPHONE", muted=True),), data_tracks=(DataTrack("DTR_1"),)
    )
    html = parts(Project(slug="studio"), "stage", person, Eyes(may_act=True, missing=missing))
    assert ('aria-disabled="true"' in html["person-tracks"]) is bool(missing)
    assert ('aria-disabled="true"' in html["person-head"]) is bool(missing)
    assert "LiveKit cannot mute data tracks" in html["person-tracks"]
