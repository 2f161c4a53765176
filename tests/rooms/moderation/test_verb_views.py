"""Verbs over HTTP: who may, what is answered to a script and to a plain browser, and what stays of what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from rooms.livekit import client
from rooms.models import Ability, Project
from rooms.moderation.actions import abilities
from rooms.moderation.verbs import VERBS, Verb
from tests.fixtures.people import AsUser
from tests.rooms.moderation.answers import HX, text, url_of
from tests.rooms.moderation.conftest import Stage

ALL = pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))


@ALL
async def test_nobody_without_the_right_gets_near_a_verb(
    verb: Verb, bare_project: Project, vic: User, nora: User, otto: User, as_user: AsUser, async_client: AsyncClient
) -> None:
    url = url_of(verb)
    for method in ("get", "post"):
        assert (await getattr(async_client, method)(url)).status_code == 302
        assert (await getattr(as_user(vic), method)(url)).status_code == 403
        for stranger in (nora, otto):
            assert (await getattr(as_user(stranger), method)(url)).status_code == 404
    assert not await bare_project.audit.aexists()


async def test_a_locked_project_lets_nobody_act(
    bare_project: Project, alice: User, mona: User, as_user: AsUser
) -> None:
    bare_project.read_only = True
    await bare_project.asave()
    for user in (alice, mona):
        assert (await as_user(user).post(url_of(VERBS["promote"]))).status_code == 403


async def test_unknown_verbs_are_not_found(bare_project: Project, mona: User, as_user: AsUser) -> None:
    base = "/p/studio/rooms/stage/"
    for path in ("do/promote/", "people/carol/do/close/", "people/carol/do/mute/", "do/nothing/", "do/create/"):
        assert (await as_user(mona).get(base + path)).status_code == 404


@ALL
async def test_every_verb_opens_as_dialog_and_as_page(verb: Verb, stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", name="<b>Carol</b>", publish=["microphone"])
    browser = as_user(mona)
    page = await browser.get(url_of(verb, stage))
    fragment = await browser.get(url_of(verb, stage), headers=HX)
    for answer in (page, fragment):
        assert answer.status_code == 200
        assert 'method="post"' in text(answer)
        assert "<b>Carol" not in text(answer)
    assert "<!doctype" in page.content.decode()
    assert "<!doctype" not in fragment.content.decode()


async def test_a_quick_verb_answers_with_a_note(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", name="Carol", can_publish=False)
    answer = await as_user(mona).post(f"{stage.person('carol')}do/promote/", headers=HX)
    assert answer.status_code == 200
    assert 'data-outcome="done"' in text(answer)
    assert "<bdi>Carol</bdi> may publish now." in text(answer)
    assert (await stage.now("carol")).on_stage


async def test_without_a_script_a_verb_leads_back_with_a_message(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", name="Carol", can_publish=False)
    answer = await as_user(mona).post(f"{stage.person('carol')}do/promote/", follow=True)
    assert answer.redirect_chain[-1][0] == stage.person("carol")
    assert "Carol may publish now." in text(answer)


async def test_mute_by_its_address(stage: Stage, mona: User, as_user: AsUser) -> None:
    carol = await stage.join("carol", publish=["microphone"])
    base = f"{stage.person('carol')}tracks/{carol.tracks['microphone']}/"
    answer = await as_user(mona).post(f"{base}do/mute/", headers=HX)
    assert "Microphone of <bdi>carol</bdi> is muted" in text(answer)
    refused = await as_user(mona).post(f"{base}do/unmute/", headers=HX)
    assert refused.status_code == 502
    assert "412 remote unmute not enabled" in text(refused)
    assert "<code>room: enable_remote_unmute: true</code>" in text(refused)
    assert "Admins can remotely unmute tracks" in text(refused)


async def test_the_dialog_names_what_is_taken_down(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", publish=["microphone", "camera"])
    answer = await as_user(mona).get(f"{stage.person('carol')}do/return_to_audience/", headers=HX)
    assert "2 tracks: camera, microphone" in text(answer)
    answer = await as_user(mona).get(f"{stage.person('carol')}do/remove/", headers=HX)
    assert "2 tracks: camera, microphone" in text(answer)
    assert "The token stays valid" in text(answer)


async def test_move_where_it_cannot_be_done(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol")
    await stage.join("host", room=f"{stage.room}-2")
    url, browser = f"{stage.person('carol')}do/move/", as_user(mona)
    opened = text(await browser.get(f"{url}?q={stage.room}", headers=HX))
    assert f"room:{stage.room}-2" in opened
    same = await browser.post(url, {"destination": f"room:{stage.room}"}, headers=HX)
    assert same.status_code == 422
    refused = await browser.post(url, {"destination": f"room:{stage.room}-2"}, headers=HX)
    assert refused.status_code == 502
    assert "500 not implemented" in text(refused)
    opened = text(await browser.get(url, headers=HX))
    assert "This server cannot move people." in opened
    assert "Check again" in opened
    panel = text(await browser.get(stage.person("carol")))
    assert re.search(r'<button[^>]*data-verb="move" aria-disabled="true"', panel)
    again = text(await browser.post(url, {"check_again": "1"}, headers=HX))
    assert "This server cannot move people." not in again
    assert not await Ability.objects.filter(project=stage.project, name="move").aexists()


async def test_move_to_a_new_room_on_cloud(cloud_stage: Stage, mona: User, as_user: AsUser) -> None:
    await cloud_stage.join("carol")
    new = f"{cloud_stage.room} / new"
    answer = await as_user(mona).post(
        f"{cloud_stage.person('carol')}do/move/", {"destination": "new", "new_room": new}, headers=HX
    )
    assert answer.status_code == 200
    assert set(await client.list_participants(cloud_stage.project.connection, new)) == {"carol"}
    assert (await abilities.known(cloud_stage.project))["move"].able


async def test_a_room_is_created_and_closed_by_its_pages(stage: Stage, mona: User, as_user: AsUser) -> None:
    browser = as_user(mona)
    made = await browser.post("/p/studio/new-room/", {"name": stage.room, "max_participants": "3"}, headers=HX)
    assert made.headers["HX-Redirect"] == stage.base
    again = await browser.post("/p/studio/new-room/", {"name": stage.room, "max_participants": "4"}, follow=True)
    assert again.redirect_chain[-1][0] == stage.base
    assert "was open already" in text(again)
    await stage.join("carol")
    assert "1 person is disconnected." in text(await browser.get(f"{stage.base}do/close/", headers=HX))
    closed = await browser.post(f"{stage.base}do/close/", follow=True)
    assert closed.redirect_chain[-1][0] == "/p/studio/rooms/"
    assert stage.room not in await client.list_rooms(stage.project.connection, [stage.room])


@pytest.mark.parametrize("verb", ["promote", "remove", "name", "send_data", "permission", "move"])
async def test_somebody_who_is_gone(verb: str, stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("dave")
    url, browser = f"{stage.person('carol')}do/{verb}/", as_user(mona)
    for headers in ({}, HX):
        asked = await browser.get(url, headers=headers)
        assert asked.status_code == 404
        assert "Not there any more" in text(asked)
    if verb in ("promote", "remove"):
        done = await browser.post(url, headers=HX)
        assert done.status_code == 502
        assert "404 participant does not exist" in text(done)


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "script"])
async def test_a_server_that_is_away(
    headers: dict[str, str], bare_project: Project, mona: User, as_user: AsUser
) -> None:
    browser = as_user(mona)
    for verb in VERBS.values():
        answer = await browser.get(url_of(verb), headers=headers)
        assert answer.status_code in (200, 502), verb.name
        if verb.scope != "project":
            assert "Nothing answers at this address" in text(answer), verb.name
    answer = await browser.post(url_of(VERBS["promote"]), headers=headers)
    assert answer.status_code == 502
    assert "Nothing answers at this address" in text(answer)
    assert "Try again" in text(answer) or "Bring" in text(answer)
    answer = await browser.post(url_of(VERBS["create_room"]), {"name": "stage"}, headers=headers)
    assert answer.status_code == 502


def test_every_address_has_been_thought_of() -> None:
    made: Callable[[Verb], str] = url_of
    assert len({made(verb) for verb in VERBS.values()}) == len(VERBS)
