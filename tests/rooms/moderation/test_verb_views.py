"""Verbs over HTTP: who may, what is answered to a script and to a plain browser, and what stays of what was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient

from rooms.livekit import client
from rooms.models import Ability, Project
from rooms.moderation.actions import abilities
from rooms.moderation.digests import digest
from rooms.moderation.verbs import PATHS, VERBS, Verb
from tests.fixtures.people import AsUser
from tests.rooms.moderation.conftest import Stage

HX = {"HX-Request": "true"}
ALL = pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))


def url_of(verb: Verb, stage: Stage | None = None, base: str = "/p/studio/rooms/stage/") -> str:
    """The address of a verb on carol, on one of her tracks, on the room, or of the new room."""
    base = stage.base if stage else base
    if verb.scope == "project":
        return "/p/studio/new-room/"
    if verb.scope == "room":
        return f"{base}do/{PATHS[verb.name]}/"
    track = "tracks/TR_1/" if verb.scope == "track" else ""
    return f"{base}people/carol/{track}do/{verb.name}/"


def text(answer: Any) -> str:
    """The answer as text with single spaces."""
    return " ".join(answer.content.decode().split())


def fields(answer: Any) -> dict[str, str]:
    """The hidden and ticked fields and texts of the answered form, as a browser would send them."""
    page = answer.content.decode()
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        tickable = given.get("type") in ("checkbox", "radio")
        if "name" in given and given["name"] != "csrfmiddlewaretoken" and (not tickable or " checked" in tag):
            found[given["name"]] = unescape(given.get("value", "on"))
    for name, value in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page):
        found[name] = unescape(value)
    return found


def unescape(value: str) -> str:
    """The few entities that Django writes."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        value = value.replace(entity, character)
    return value


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


async def test_narrowing_the_sources_asks_before_tracks_go(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", publish=["microphone", "camera"])
    url, browser = f"{stage.person('carol')}do/permission/", as_user(mona)
    opened = fields(await browser.get(url, headers=HX))
    opened.pop("every_source")
    opened.pop("CAMERA")
    asked = await browser.post(url, opened, headers=HX)
    assert asked.status_code == 422
    assert "Saving takes down 1 track: camera." in text(asked)
    assert len((await stage.now("carol")).tracks) == 2
    saved = await browser.post(url, fields(asked), headers=HX)
    assert saved.status_code == 200
    after = await stage.now("carol")
    assert set(after.permission.can_publish_sources) == {"MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO", "UNKNOWN"}
    assert [track.source for track in after.tracks] == ["MICROPHONE"]


async def test_a_wrong_form_comes_back_with_what_was_typed(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", metadata="old")
    url = f"{stage.person('carol')}do/metadata/"
    long = "<script>x</script>" * 5000
    for headers in ({}, HX):
        answer = await as_user(mona).post(url, {"metadata": long, "base": digest("old")}, headers=headers)
        assert answer.status_code == 422
        assert fields(answer)["metadata"] == long
        assert "90,000 bytes; this project allows 65,536." in text(answer)
        assert "<script>x" not in answer.content.decode()


async def test_a_conflict_shows_both_and_lets_one_decide(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", attributes={"lang": "de", "role": "guest"})
    url, browser = f"{stage.person('carol')}do/attributes/", as_user(mona)
    typed = fields(await browser.get(url)) | {"value-0": "en", "value-1": "host"}
    connection = stage.project.connection
    await client.update_participant(connection, stage.room, "carol", attributes={"lang": "nb"})
    clash = await browser.post(url, typed)
    assert clash.status_code == 409
    assert "Changed since this form was opened." in text(clash)
    assert "nb" in text(clash)
    assert fields(clash)["value-0"] == "en"
    theirs = await browser.post(url, fields(clash) | {"take": "1"})
    assert (fields(theirs)["value-0"], fields(theirs)["value-1"]) == ("nb", "host")
    overwritten = await browser.post(url, fields(clash))
    assert overwritten.status_code == 302
    assert dict((await stage.now("carol")).attributes) == {"lang": "en", "role": "host"}


async def test_a_conflict_of_metadata_and_of_a_name(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", metadata="old", name="Carol")
    browser, connection = as_user(mona), stage.project.connection
    for verb, now in (("metadata", '{"now": 1}'), ("name", "Now")):
        url = f"{stage.person('carol')}do/{verb}/"
        typed = fields(await browser.get(url)) | {verb: "mine"}
        await client.update_participant(connection, stage.room, "carol", **{verb: now})
        clash = await browser.post(url, typed, headers=HX)
        assert clash.status_code == 422, "to the page's script, the form again"
        assert fields(clash)[verb] == "mine"
        theirs = await browser.post(url, fields(clash) | {"take": "1"})
        assert fields(theirs)[verb] == now
        assert (await browser.post(url, fields(clash), headers=HX)).status_code == 200
    after = await stage.now("carol")
    assert (after.metadata, after.name) == ("mine", "mine")


async def test_nul_and_an_empty_key_through_the_browser(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", attributes={"nul": "a\x00b", "": "empty"}, metadata="m\x00")
    browser = as_user(mona)
    url = f"{stage.person('carol')}do/attributes/"
    opened = await browser.get(url)
    assert b"\x00" not in opened.content
    assert "a\\u0000b" in text(opened)
    saved = await browser.post(url, fields(opened) | {"value-0": "changed", "value-1": '"c\\u0000d"'}, headers=HX)
    assert saved.status_code == 200, text(saved)
    assert dict((await stage.now("carol")).attributes) == {"": "changed", "nul": "c\x00d"}
    url = f"{stage.person('carol')}do/metadata/"
    opened = await browser.get(url)
    typed = fields(opened) | {"metadata": json.dumps("n\x00\x01"), "metadata_coded": "on"}
    assert (await browser.post(url, typed, headers=HX)).status_code == 200
    assert (await stage.now("carol")).metadata == "n\x00\x01"


async def test_json_is_formatted_only_when_asked(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", metadata='{"a":1}')
    url, browser = f"{stage.person('carol')}do/metadata/", as_user(mona)
    opened = fields(await browser.get(url))
    formatted = await browser.post(url, opened | {"format": "1"})
    assert fields(formatted)["metadata"] == '{\n  "a": 1\n}'
    wrong = await browser.post(url, opened | {"metadata": '{"a":', "format": "1"})
    assert "Not JSON" in text(wrong)
    assert fields(wrong)["metadata"] == '{"a":'
    assert (await stage.now("carol")).metadata == '{"a":1}'


async def test_remove_asks_for_a_reason_where_the_project_does(stage: Stage, mona: User, as_user: AsUser) -> None:
    stage.project.reason_required = True
    await stage.project.asave()
    await stage.join("carol")
    url, browser = f"{stage.person('carol')}do/remove/", as_user(mona)
    refused = await browser.post(url, {"reason": " "}, headers=HX)
    assert refused.status_code == 422
    assert "This project asks for a reason." in text(refused)
    done = await browser.post(url, {"reason": "spam"}, follow=True)
    assert done.redirect_chain[-1][0] == stage.base
    assert "was removed" in text(done)
    assert (await stage.audit("remove")).reason == "spam"


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


async def test_data_for_chosen_people(stage: Stage, mona: User, as_user: AsUser) -> None:
    carol, dave = await stage.join("carol/ 1"), await stage.join("dave")
    url, browser = f"{stage.base}do/send_data/", as_user(mona)
    opened = text(await browser.get(url, headers=HX))
    (value,) = re.findall(r'name="who" value="(carol[^"]+)"', opened)
    typed = {"data_text": "hello", "kind": "lossy", "topic": "t", "to": "chosen"}
    nobody = await browser.post(url, typed, headers=HX)
    assert nobody.status_code == 422
    assert "Choose somebody" in text(nobody)
    assert (await browser.post(url, typed | {"who": value}, headers=HX)).status_code == 200
    await carol.experiences("data", data=b"hello", topic="t")
    assert not [each for each in await dave.experienced() if each.event == "data"]
    large = await browser.post(url, typed | {"to": "everybody", "data_text": "x" * 1400}, headers=HX)
    assert large.status_code == 200
    assert "1,400 bytes: LiveKit advises at most 1,300 for lossy data." in text(large)


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


async def test_room_metadata_can_be_cleared(stage: Stage, mona: User, as_user: AsUser) -> None:
    await client.create_room(stage.project.connection, name=stage.room, metadata='{"a": 1}')
    url, browser = f"{stage.base}do/metadata/", as_user(mona)
    facts = text(await browser.get(f"{stage.base}facts/"))
    assert "&quot;a&quot;: 1" in facts
    assert "turn" not in facts.lower().replace("return", "")
    opened = fields(await browser.get(url, headers=HX))
    assert opened["metadata"] == '{"a": 1}'
    assert (await browser.post(url, opened | {"metadata": ""}, headers=HX)).status_code == 200
    rooms = await client.list_rooms(stage.project.connection, [stage.room])
    assert rooms[stage.room].metadata == ""


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


async def test_a_refusal_keeps_the_form(stage: Stage, mona: User, as_user: AsUser) -> None:
    await stage.join("carol", name="Carol")
    url, browser = f"{stage.person('carol')}do/name/", as_user(mona)
    typed = fields(await browser.get(url)) | {"name": "Caroline"}
    words = "twirp error unknown: name size exceeds limits"
    await stage.fault("UpdateParticipant", refuse={"status": 400, "code": "invalid_argument", "msg": words})
    answer = await browser.post(url, typed)
    assert answer.status_code == 502
    assert "400 name size exceeds limits" in text(answer)
    assert fields(answer)["name"] == "Caroline"


def test_every_address_has_been_thought_of() -> None:
    made: Callable[[Verb], str] = url_of
    assert len({made(verb) for verb in VERBS.values()}) == len(VERBS)
