"""Projects: making one, its settings page, what the server can do, unlocking."""

from __future__ import annotations

from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.urls import reverse

from rooms.live import bus
from rooms.livekit import observing
from rooms.models import Ability, AuditEntry, Membership, Project, Role
from tests.fixtures.people import AsUser
from tests.servers import Server

SETTINGS = reverse("project_settings", args=["studio"])
CONNECTION = reverse("project_connection", args=["studio"])
WRONG_SECRET = "another-secret-of-32-characters!!"


def filled(simulator: Server, **changes: str) -> dict[str, str]:
    """A connection form that fits the simulator, but for ``changes``."""
    form = {"name": "Studio", "url": simulator.url, "api_key": simulator.key, "api_secret": simulator.secret}
    return form | {"do": "save"} | changes


async def page_of(client: Any, address: str = SETTINGS) -> str:
    """The text of a page that answers 200."""
    answer = await client.get(address)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


async def test_only_administrators_see_the_settings(
    alice: User, mona: User, vic: User, nora: User, otto: User, as_user: AsUser
) -> None:
    statuses = [(await as_user(user).get(SETTINGS)).status_code for user in (alice, mona, vic, nora, otto)]
    assert statuses == [200, 403, 403, 404, 404]


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("project_connection", []),
        ("project_group", ["safety"]),
        ("ability_check_again", ["move"]),
        ("member_add", []),
        ("member_role", [1]),
        ("member_remove", [1]),
        ("member_link", [1]),
    ],
)
async def test_changing_them_needs_an_administrator_and_a_post(
    name: str, extra: list[Any], alice: User, mona: User, nora: User, as_user: AsUser
) -> None:
    address = reverse(name, args=["studio", *extra])
    assert (await as_user(mona).post(address)).status_code == 403
    assert (await as_user(nora).post(address)).status_code == 404
    assert (await as_user(alice).get(address)).status_code == 405


async def test_the_secret_is_on_no_page(project: Project, alice: User, as_user: AsUser) -> None:
    assert project.api_secret not in await page_of(as_user(alice))


async def test_a_project_is_made_once_its_server_answers(simulator: Server, alice: User, as_user: AsUser) -> None:
    answer = await as_user(alice).post(reverse("project_create"), filled(simulator, name="Production EU"))
    assert answer.headers["Location"] == "/p/production-eu/rooms/"
    made = await Project.objects.aget(slug="production-eu")
    assert made.api_secret == simulator.secret
    assert await Membership.objects.filter(project=made, user=alice, role=Role.ADMINISTRATOR).aexists()
    assert (await AuditEntry.objects.aget(verb="project_create")).after == {
        "name": "Production EU",
        "url": simulator.url,
        "api_key": simulator.key,
    }


async def test_two_projects_of_one_name_have_addresses_of_their_own(
    simulator: Server, alice: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(reverse("project_create"), filled(simulator))
    assert answer.headers["Location"] == "/p/studio-2/rooms/"


async def test_only_administrators_make_projects(simulator: Server, mona: User, as_user: AsUser) -> None:
    answer = await as_user(mona).post(reverse("project_create"), filled(simulator))
    assert answer.status_code == 403
    assert await Project.objects.acount() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"api_secret": WRONG_SECRET}, "the secret is not the one that belongs to it"),
        ({"api_key": "nobodys"}, "does not know this API key"),
        ({"url": "http://127.0.0.1:9"}, "refused"),
        ({"url": "http://no-such-host.invalid"}, "host"),
    ],
)
async def test_it_says_exactly_why_a_project_is_not_saved(
    changes: dict[str, str], says: str, simulator: Server, alice: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(reverse("project_create"), filled(simulator, name="New", **changes))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Not saved:" in text
    assert says in text.lower() or says in text
    assert 'value="New"' in text
    assert WRONG_SECRET not in text
    assert not await Project.objects.filter(name="New").aexists()


async def test_it_can_be_saved_anyway(simulator: Server, alice: User, as_user: AsUser) -> None:
    form = filled(simulator, name="Later", url="http://127.0.0.1:9", do="anyway")
    assert (await as_user(alice).post(reverse("project_create"), form)).status_code == 302
    assert await Project.objects.filter(name="Later").aexists()


async def test_testing_saves_nothing(simulator: Server, alice: User, as_user: AsUser) -> None:
    answer = await as_user(alice).post(CONNECTION, filled(simulator, name="Renamed", do="test"))
    assert answer.status_code == 200
    assert "LiveKit answers" in answer.content.decode()
    assert (await Project.objects.aget()).name == "Studio"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("livekit.example.com", "wss://"),
        ("ftp://livekit.example.com", "wss://"),
        ("https://", "no host"),
        ("https://user:word@livekit.example.com", "user name"),
        ("https://livekit.example.com/?a=b", "from ?"),
    ],
)
async def test_a_wrong_address_is_named_beside_its_field(
    url: str, says: str, simulator: Server, alice: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(reverse("project_create"), filled(simulator, url=url))
    assert answer.status_code == 422
    assert says in answer.content.decode()


async def test_an_empty_secret_keeps_the_one_that_is_there(
    project: Project, simulator: Server, alice: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(CONNECTION, filled(simulator, name="Renamed", api_secret=""))
    assert answer.status_code == 302
    saved = await Project.objects.aget()
    assert (saved.name, saved.api_secret, saved.secret_set_at) == ("Renamed", simulator.secret, None)


async def test_a_new_secret_is_kept_beside_the_old_and_dated(
    bare_project: Project, simulator: Server, alice: User, as_user: AsUser
) -> None:
    old = bare_project.api_secret
    await as_user(alice).post(CONNECTION, filled(simulator))
    saved = await Project.objects.aget()
    assert saved.secrets == {"devkey": old, simulator.key: simulator.secret}
    assert saved.secret_set_by == "alice"
    assert (await AuditEntry.objects.aget(verb="project_connection")).after["api_secret"] == "replaced"
    assert simulator.secret not in await page_of(as_user(alice))


async def test_a_stored_secret_never_goes_to_a_new_address(
    project: Project, simulator: Server, alice: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(CONNECTION, filled(simulator, url="http://127.0.0.1:9", api_secret=""))
    assert answer.status_code == 422
    assert "A new address needs the secret again." in answer.content.decode()


async def test_the_environments_connection_is_not_edited(
    project: Project, simulator: Server, alice: User, as_user: AsUser
) -> None:
    project.from_environment = True
    await project.asave()
    form = filled(simulator, name="Mine", url="http://127.0.0.1:9", api_key="x", api_secret="y")
    assert (await as_user(alice).post(CONNECTION, form)).status_code == 302
    saved = await Project.objects.aget()
    assert (saved.name, saved.url, saved.api_key) == ("Mine", simulator.url, simulator.key)


async def test_a_lost_secret_is_told_in_words(project: Project, alice: User, as_user: AsUser, settings: Any) -> None:
    settings.GREENROOM_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    assert "cannot be decrypted" in await page_of(as_user(alice))


async def test_switches_hold_at_once_and_tell_the_readers(project: Project, alice: User, as_user: AsUser) -> None:
    layer = get_channel_layer()
    await layer.group_add(bus.EVERYBODY, "test-listener")
    address = reverse("project_group", args=["studio", "safety"])
    answer = await as_user(alice).post(address, {"read_only": "on", "show_hidden": "on"})
    assert answer.headers["Location"].endswith("#safety")
    saved = await Project.objects.aget()
    assert (saved.allow_remote_unmute, saved.read_only, saved.reason_required, saved.show_hidden) == (
        False,
        True,
        False,
        True,
    )
    row = await AuditEntry.objects.aget(verb="project_settings")
    assert row.before == {"allow_remote_unmute": True, "read_only": False}
    assert row.after == {"allow_remote_unmute": False, "read_only": True}
    told = await layer.receive("test-listener")
    assert told["body"] == {"kind": "project", "project": project.pk}
    await layer.group_discard(bus.EVERYBODY, "test-listener")


@pytest.mark.parametrize(
    ("group", "form", "says"),
    [
        ("live", {"reading_interval": "0", "history_days": "7"}, "greater than or equal to 0.2"),
        ("live", {"reading_interval": "soon", "history_days": "7"}, "Enter a number"),
        ("hands", {"hand_attributes": "hand raised"}, "has a blank in it"),
        ("limits", {"metadata_limit": "0", "attributes_limit": "1"}, "greater than or equal to 1"),
    ],
)
async def test_a_wrong_setting_is_named_and_keeps_what_was_typed(
    group: str, form: dict[str, str], says: str, alice: User, as_user: AsUser
) -> None:
    answer = await as_user(alice).post(reverse("project_group", args=["studio", group]), form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert f'value="{next(iter(form.values()))}"' in text


async def test_there_are_no_other_groups(alice: User, as_user: AsUser) -> None:
    assert (await as_user(alice).post(reverse("project_group", args=["studio", "secrets"]))).status_code == 404


async def test_an_answer_is_forgotten_on_demand(bare_project: Project, alice: User, as_user: AsUser) -> None:
    await Ability.objects.acreate(project=bare_project, name="move", able=False, answer="not implemented", status=500)
    assert "500 not implemented" in await page_of(as_user(alice))
    await as_user(alice).post(reverse("ability_check_again", args=["studio", "move"]))
    assert not await Ability.objects.aexists()
    assert (await AuditEntry.objects.aget(verb="ability_forgotten")).target == "move"


async def test_the_page_has_the_lines_for_webhooks(bare_project: Project, alice: User, as_user: AsUser) -> None:
    text = await page_of(as_user(alice))
    assert "http://testserver/hooks/studio/" in text
    assert "api_key: devkey" in text
    assert "No webhook has arrived yet" in text


async def test_unlocking_is_for_who_may_act(bare_project: Project, mona: User, vic: User, as_user: AsUser) -> None:
    bare_project.read_only = True
    await bare_project.asave()
    address = reverse("project_unlock", args=["studio"])
    assert (await as_user(vic).post(address)).status_code == 403
    client = as_user(mona)
    assert (await client.post(address, {"next": "/account/"})).headers["Location"] == "/account/"
    assert (await client.post(address, {"next": "https://evil.example/"})).headers["Location"] == "/p/studio/rooms/"
    session = await client.asession()
    assert await session.aget(f"unlocked:{bare_project.pk}")
    await client.post(reverse("project_lock", args=["studio"]))
    assert await AuditEntry.objects.filter(verb="project_unlock", username="mona").acount() == 2


async def test_the_start_leads_into_the_only_project(mona: User, as_user: AsUser) -> None:
    client = as_user(mona)
    assert (await client.get("/")).headers["Location"] == "/p/studio/rooms/"
    assert "Studio" in await page_of(client, "/?all=1")


async def test_the_start_tells_somebody_without_a_project_what_to_wait_for(nora: User, as_user: AsUser) -> None:
    assert "as soon as one of its administrators gives you a role" in await page_of(as_user(nora), "/")


async def test_the_observer_is_off_until_an_administrator_switches_it_on(
    project: Project, alice: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observing, "installed", lambda: True)
    assert not project.observer
    page = await page_of(as_user(alice))
    assert "Watch from inside the room" in page
    assert "Who can see it" in page
    await as_user(alice).post(reverse("project_group", args=["studio", "observer"]), {"observer": "on"})
    assert (await Project.objects.aget()).observer


async def test_without_the_extra_the_page_says_how_to_get_it(
    project: Project, alice: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observing, "installed", lambda: False)
    page = await page_of(as_user(alice))
    assert "make observer" in page
    assert "Watch from inside the room" not in page
