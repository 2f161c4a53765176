"""What is typed into the forms of verbs: mistakes, conflicts, odd characters, and what is kept."""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib.auth.models import User

from rooms.livekit import client
from rooms.moderation.digests import digest
from tests.fixtures.people import AsUser
from tests.rooms.moderation.answers import HX, fields, text
from tests.rooms.moderation.conftest import Stage


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
    changes: dict[str, Any] = {"metadata": '{"now": 1}', "name": "Now"}
    for verb, now in changes.items():
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
