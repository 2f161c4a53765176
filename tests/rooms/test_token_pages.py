"""Making a token and reading one."""

from __future__ import annotations

import html
import logging
import re
from typing import Any

import jwt
import pytest
from django.contrib.auth.models import User

from rooms.livekit.client import get_participant
from rooms.models import AuditEntry, Project
from tests.fixtures.people import AsUser
from tests.people import join
from tests.servers import Servers
from tests.servers.fixtures import running_server
from tests.servers.server import Kind

MAKE = "/p/studio/tokens/"


SECRET = "studio-secret-of-32-characters-!"


JOIN = {"identity": "carol", "room": "stage", "room_join": "on", "kind": "standard", "ttl": "10", "unit": "minutes"}


HOSTILE = "<script>alert(1)</script>"


async def make(client: Any, **values: Any) -> Any:
    """POST the form with a join token for carol, changed by ``values``; None takes a field away."""
    data = {name: value for name, value in (JOIN | {"do": "make"} | values).items() if value is not None}
    return await client.post(MAKE, data)


def token_in(answer: Any) -> str:
    """The token on the page."""
    found = re.search(r'aria-label="token">([^<]*)<', answer.content.decode())
    assert found, answer.content.decode()
    return html.unescape(found[1])


def claims_in(answer: Any) -> dict[str, Any]:
    """The verified claims of the token on the page."""
    return jwt.decode(token_in(answer), SECRET, algorithms=["HS256"], options={"require": ["exp", "nbf", "iss"]})


async def test_a_moderator_makes_a_join_token(bare_project: Project, mona: User, as_user: AsUser) -> None:
    answer = await make(
        as_user(mona), name="Carol", can_publish="no", can_subscribe="yes", can_publish_data="", metadata='{"a": 1}',
        can_publish_sources=["camera", "microphone"], hidden="on", attribute_key=["lang", "", "empty"],
        attribute_value=["en", "", ""], room_preset="webinar",
    )  # fmt: skip
    assert answer.status_code == 200
    claims = claims_in(answer)
    assert claims["exp"] - claims["nbf"] == 600
    assert claims["iss"] == "devkey"
    assert claims["sub"] == "carol"
    assert claims["name"] == "Carol"
    assert claims["metadata"] == '{"a": 1}'
    assert claims["attributes"] == {"lang": "en", "empty": ""}
    assert claims["roomPreset"] == "webinar"
    assert "kind" not in claims
    assert claims["video"] == {
        "roomJoin": True, "room": "stage", "canPublish": False, "canSubscribe": True,
        "canPublishSources": ["camera", "microphone"], "hidden": True,
    }  # fmt: skip
    page = answer.content.decode()
    assert "may not publish" in page
    assert "ws://127.0.0.1:9" in page
    assert "lk room join" in page
    assert answer["Cache-Control"].count("no-store") == 1


async def test_the_audit_keeps_what_it_allows_and_never_the_token(
    bare_project: Project, mona: User, as_user: AsUser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await make(as_user(mona), can_publish="yes", attribute_key="lang", attribute_value="de")
    token = token_in(answer)
    made = await AuditEntry.objects.aget()
    assert (made.verb, made.outcome, made.username) == ("token_made", "done", "mona")
    assert (made.room, made.identity) == ("stage", "carol")
    assert made.after["valid_seconds"] == 600
    assert made.after["grants"] == {"roomJoin": True, "room": "stage", "canPublish": True}
    assert made.after["attributes"] == {"lang": "de"}
    kept = " ".join(str(value) for value in (await AuditEntry.objects.values().aget()).values())
    for part in (token, token.split(".")[2], SECRET):
        assert part not in kept
        assert part not in caplog.text
    page = (await as_user(mona).get(f"/p/studio/audit/{made.pk}/")).content.decode()
    assert "canPublish" in page
    assert token.split(".")[2] not in page


async def test_who_may_make(
    bare_project: Project, vic: User, nora: User, otto: User, mona: User, as_user: AsUser, async_client: Any
) -> None:
    assert (await make(async_client)).status_code == 302
    assert (await make(as_user(nora))).status_code == 404
    assert (await make(as_user(otto))).status_code == 404
    assert (await make(as_user(vic))).status_code == 403
    bare_project.read_only = True
    await bare_project.asave()
    assert (await make(as_user(mona))).status_code == 403
    assert "while the project is locked" in (await as_user(mona).get(MAKE)).content.decode()
    assert not await AuditEntry.objects.aexists()
    page = await as_user(vic).get(MAKE)
    assert page.status_code == 200
    assert "Tokens are made by moderators" in page.content.decode()


ADMINISTRATIVE = {
    "room_admin": "roomAdmin", "room_create": "roomCreate", "room_list": "roomList", "room_record": "roomRecord",
    "ingress_admin": "ingressAdmin", "recorder": "recorder", "agent": "agent",
    "can_manage_agent_session": "canManageAgentSession",
}  # fmt: skip


@pytest.mark.parametrize("field", ADMINISTRATIVE)
async def test_administrative_grants_are_for_administrators(
    bare_project: Project, alice: User, mona: User, as_user: AsUser, field: str
) -> None:
    assert claims_in(await make(as_user(alice), **{field: "on"}))["video"][ADMINISTRATIVE[field]] is True
    await _refused(as_user(mona), **{field: "on"})


@pytest.mark.parametrize(
    "values", [{"kind": "agent"}, {"destination_room": "other"}, {"room_join": None}, {"kind": "egress"}]
)
async def test_what_else_is_for_administrators(
    bare_project: Project, alice: User, mona: User, as_user: AsUser, values: dict[str, Any]
) -> None:
    assert (await make(as_user(alice), **values)).status_code == 200
    await _refused(as_user(mona), **values)


async def _refused(client: Any, **values: Any) -> None:
    """The same form of a moderator gives no token, says why, and is kept as refused."""
    answer = await make(client, **values)
    assert answer.status_code == 422
    assert "Only administrators of this project may give this away." in answer.content.decode()
    assert "eyJ" not in answer.content.decode()
    kept = await AuditEntry.objects.filter(username="mona").alatest("pk")
    assert (kept.verb, kept.outcome, kept.identity) == ("token_made", "refused", "carol")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"identity": ""}, "names its identity"),
        ({"room": ""}, "names its room"),
        ({"identity": "é" * 129}, "258 bytes"),
        ({"room": "x" * 257}, "257 bytes"),
        ({"name": "x" * 257}, "257 bytes"),
        ({"ttl": "2", "unit": "days"}, "At most 1 day"),
        ({"ttl": "9" * 400, "unit": "days"}, "At most 1 day"),
        ({"ttl": "5", "unit": "seconds"}, "At least 10 seconds"),
        ({"ttl": "soon"}, "Enter a whole number"),
        ({"kind": "ghost"}, "Select a valid choice"),
        ({"can_publish": "maybe"}, "Select a valid choice"),
        ({"can_publish_sources": ["radio"]}, "Select a valid choice"),
        ({"metadata": "x" * 65_537}, "65,537 bytes"),
        ({"attribute_key": ["a", "a"], "attribute_value": ["1", "2"]}, "is there twice"),
        ({"attribute_key": "a", "attribute_value": "x" * 65_536}, "65,537 bytes"),
    ],
)
async def test_mistakes_are_said_and_nothing_typed_is_lost(
    bare_project: Project, mona: User, as_user: AsUser, values: dict[str, Any], words: str
) -> None:
    answer = await make(as_user(mona), **({"metadata": "keep me", "name": "Kept"} | values))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "name" in values or 'value="Kept"' in page
    assert "metadata" in values or ">\nkeep me</textarea>" in page
    assert not await AuditEntry.objects.aexists()


async def test_names_of_any_kind(bare_project: Project, mona: User, as_user: AsUser) -> None:
    answer = await make(
        as_user(mona), identity=f" {HOSTILE}\x00 ", room="a/../%2F 🎤'\"$(x)", name="-rf", metadata="a\r\nb",
        attribute_key=["", "k"], attribute_value=["empty key", "x\x00"],
    )  # fmt: skip
    claims = claims_in(answer)
    assert claims["sub"] == f" {HOSTILE}\x00 "
    assert claims["video"]["room"] == "a/../%2F 🎤'\"$(x)"
    assert claims["metadata"] == "a\nb"
    assert claims["attributes"] == {"": "empty key", "k": "x\x00"}
    assert HOSTILE not in answer.content.decode()


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("audience", {"can_publish": "no", "can_subscribe": "yes"}),
        ("speaker", {"can_publish": "yes", "can_publish_data": "yes"}),
        ("observer", {"can_publish": "no", "hidden": True}),
        ("defaults", {"can_publish": "", "can_subscribe": ""}),
    ],
)
async def test_presets_fill_the_grants_and_keep_the_rest(
    bare_project: Project, mona: User, as_user: AsUser, preset: str, said: dict[str, Any]
) -> None:
    typed = {"preset": preset, "do": None, "name": "Kept", "attribute_key": "k", "attribute_value": "v", "ttl": "7"}
    answer = await make(as_user(mona), **typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    form = answer.context["form"]
    assert {field: form[field].value() for field in said} == said
    assert [form[field].value() for field in ("name", "identity", "ttl", "unit")] == ["Kept", "carol", "7", "minutes"]
    assert 'name="attribute_value" value="v"' in page
    assert not await AuditEntry.objects.aexists()
    assert (await as_user(mona).get(f"{MAKE}?preset={preset}")).context["form"]["can_publish"].value() == said[
        "can_publish"
    ]


async def test_formatting_changes_only_the_layout(bare_project: Project, mona: User, as_user: AsUser) -> None:
    answer = await make(as_user(mona), do="format", metadata='{"n":1.10,"a":[]}')
    assert answer.context["form"]["metadata"].value() == '{\n  "n": 1.10,\n  "a": []\n}'
    answer = await make(as_user(mona), do="format", metadata="{'no': 1}", name="Kept")
    assert "Not JSON" in answer.content.decode()
    assert answer.context["form"]["metadata"].value() == "{'no': 1}"
    assert answer.context["form"]["name"].value() == "Kept"


async def test_a_fresh_form_is_short_lived_and_takes_names_from_the_address(
    bare_project: Project, mona: User, as_user: AsUser
) -> None:
    form = (await as_user(mona).get(f"{MAKE}?room=a%2Fb&identity=carol")).context["form"]
    assert [form[field].value() for field in ("room", "identity", "ttl", "unit")] == ["a/b", "carol", 10, "minutes"]


async def test_a_project_whose_secret_is_lost_makes_none(bare_project: Project, mona: User, as_user: AsUser) -> None:
    await Project.objects.filter(pk=bare_project.pk).aupdate(api_secret="")
    answer = await make(as_user(mona))
    assert answer.status_code == 422
    assert "nothing can be signed" in answer.content.decode()


@pytest.mark.parametrize("kind", ["simulator", "real"])
async def test_a_token_made_here_joins_a_room(
    bare_project: Project, mona: User, as_user: AsUser, livekit_servers: Servers, kind: Kind
) -> None:
    server = running_server(livekit_servers, kind)
    bare_project.url, bare_project.api_key, bare_project.api_secret = server.url, server.key, server.secret
    await bare_project.asave()
    answer = await make(
        as_user(mona), room="made-here", can_publish="no", hidden="on", attribute_key="lang", attribute_value="de"
    )
    person = await join(server, "made-here", "carol", token=token_in(answer), signalling_only=True)
    found = await get_participant(bare_project.connection, "made-here", "carol")
    assert found.permission.hidden
    assert not found.permission.can_publish
    assert found.permission.can_subscribe
    assert dict(found.attributes) == {"lang": "de"}
    await person.leave()
