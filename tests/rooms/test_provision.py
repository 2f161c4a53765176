"""Projects that appear by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from rooms.models import FirstRunCode, Project
from rooms.models.provision import DEMO_PEOPLE, demo_password, demo_project, project_from_environment


@pytest.fixture
def variables(settings: Any, transactional_db: None) -> Any:
    """The three variables, set."""
    settings.LIVEKIT_URL, settings.LIVEKIT_API_KEY = "wss://livekit.example.com", "key"
    settings.LIVEKIT_API_SECRET = "secret"
    return settings


def test_the_environments_project_appears_once(variables: Any) -> None:
    first = project_from_environment()
    assert first is not None
    assert (first.slug, first.name, first.from_environment) == ("livekit", "livekit.example.com", True)
    set_at = Project.objects.get().secret_set_at
    project_from_environment()
    assert Project.objects.get().secret_set_at == set_at


def test_it_follows_the_variables_and_keeps_the_old_key_for_webhooks(variables: Any) -> None:
    project_from_environment()
    variables.LIVEKIT_URL, variables.LIVEKIT_API_KEY, variables.LIVEKIT_API_SECRET = "ws://new", "new", "newer"
    project_from_environment()
    project = Project.objects.get()
    assert project.url == "ws://new"
    assert project.secrets == {"new": "newer", "key": "secret"}


def test_it_becomes_an_ordinary_project_when_the_variables_go(variables: Any) -> None:
    project_from_environment()
    variables.LIVEKIT_URL = ""
    assert project_from_environment() is None
    assert not Project.objects.get().from_environment


def test_it_takes_no_other_projects_place(variables: Any) -> None:
    Project.objects.create(slug="livekit", name="Mine", url="ws://mine", api_key="k", api_secret="s")
    made = project_from_environment()
    assert made is not None
    assert made.slug != "livekit"
    assert Project.objects.get(slug="livekit").url == "ws://mine"


def test_prepare_shows_a_code_only_while_there_is_nobody(variables: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare")
    assert "livekit.example.com" in (said := capsys.readouterr().out)
    assert "give the code" in said
    assert FirstRunCode.objects.count() == 1
    User.objects.create_user("ada")
    call_command("prepare")
    assert "code" not in capsys.readouterr().out


def test_the_demo_has_an_account_for_each_role_and_keeps_changed_passwords(transactional_db: None) -> None:
    demo_project("http://127.0.0.1:7880", "k", "s")
    for name, role in DEMO_PEOPLE.items():
        user = User.objects.get(username=name)
        assert user.check_password(demo_password(name))
        assert user.memberships.get().role == role
    demo_project("http://127.0.0.1:7881", "k", "s")
    assert Project.objects.get().url == "http://127.0.0.1:7881"
    assert User.objects.count() == len(DEMO_PEOPLE)
