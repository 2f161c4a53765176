"""What is kept: secrets, names, JSON, the audit."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.models import AppendOnly, AuditEntry, Project
from rooms.models.fields import JSONTextField, NameField

SECRET = "studio-secret-of-32-characters-!"


def stored(project: Project) -> str:
    """The secret as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api_secret FROM rooms_project WHERE id = %s", [project.pk])
        return str(cursor.fetchone()[0])


def test_a_secret_is_encrypted_at_rest(bare_project: Project) -> None:
    assert SECRET not in stored(bare_project)
    assert Project.objects.get().api_secret == SECRET


def test_a_secret_is_not_in_the_connections_repr(bare_project: Project) -> None:
    assert SECRET not in repr(bare_project.connection)


def test_a_secret_cannot_be_searched(bare_project: Project) -> None:
    with pytest.raises(FieldError):
        Project.objects.filter(api_secret=SECRET).exists()


def test_a_wrong_key_shows_as_lost_and_saving_keeps_what_is_stored(bare_project: Project, settings: Any) -> None:
    before = stored(bare_project)
    settings.GREENROOM_KEYS = [Fernet.generate_key().decode()]
    project = Project.objects.get()
    assert project.secret_lost
    assert project.connection.secret == ""
    project.save()
    assert stored(project) == before


def test_rotating_moves_every_secret_to_the_first_key(bare_project: Project, settings: Any) -> None:
    old = list(settings.GREENROOM_KEYS)
    new = Fernet.generate_key().decode()
    settings.GREENROOM_KEYS = [new, *old]
    call_command("rotate_keys")
    settings.GREENROOM_KEYS = [new]
    assert Project.objects.get().api_secret == SECRET


def test_rotating_names_the_projects_whose_secret_is_lost(bare_project: Project, settings: Any) -> None:
    settings.GREENROOM_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="studio"):
        call_command("rotate_keys")


def test_the_previous_secret_still_signs(bare_project: Project) -> None:
    bare_project.previous_api_key, bare_project.previous_api_secret = "oldkey", "old-secret"
    assert bare_project.secrets == {"devkey": SECRET, "oldkey": "old-secret"}


def test_hand_names_are_read_in_order(bare_project: Project) -> None:
    bare_project.hand_attributes = " handRaisedAt,hand ,, raised"
    assert bare_project.hand_names == ("handRaisedAt", "hand", "raised")


@pytest.mark.parametrize(("wanted", "heard"), [(False, ()), (True, ("lk.chat", "lk.transcription"))])
def test_chat_topics_are_heard_only_where_the_chat_is_wanted(wanted: bool, heard: tuple[str, ...]) -> None:
    assert Project(chat_topics="lk.chat, lk.transcription", observer_chat=wanted).heard_topics == heard


@given(st.text())
@example("\x00")
@example("\x1a0\x1a\x1a\x00\x1a")
def test_any_name_survives_its_column_without_nul(name: str) -> None:
    column = NameField()
    spelt = column.get_prep_value(name)
    assert "\x00" not in spelt
    assert column.from_db_value(spelt, None, connection) == name


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


@given(JSON)
@example({"": "\x00"})
def test_any_json_survives_its_column_without_nul(value: object) -> None:
    column = JSONTextField()
    spelt = column.get_prep_value(value)
    assert spelt is None or spelt.isascii()
    assert column.from_db_value(spelt, None, connection) == value


def entry(project: Project) -> AuditEntry:
    """A row with a room's name that PostgreSQL would not take as it is."""
    return AuditEntry.objects.create(project=project, username="mona", verb="mute", room="a\x00b", before={"x": "\x00"})


def test_an_audit_row_is_found_by_its_exact_names(bare_project: Project) -> None:
    entry(bare_project)
    found = AuditEntry.objects.get(room="a\x00b")
    assert (found.room, found.before) == ("a\x00b", {"x": "\x00"})


def test_the_audit_is_append_only(bare_project: Project) -> None:
    row = entry(bare_project)
    row.verb = "unmute"
    for change in (
        row.save,
        row.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="unmute"),
        lambda: AuditEntry.objects.bulk_update([row], ["verb"]),
    ):
        with pytest.raises(AppendOnly):
            change()
    assert AuditEntry.objects.get().verb == "mute"


def test_an_audit_row_outlives_the_account(bare_project: Project, mona: Any) -> None:
    AuditEntry.objects.create(project=bare_project, user=mona, username="mona", verb="mute")
    mona.delete()
    row = AuditEntry.objects.get()
    assert (row.user, row.username) == (None, "mona")
