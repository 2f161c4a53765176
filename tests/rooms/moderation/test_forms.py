"""What people type comes through exactly, is measured in bytes, and never overwrites what it was not opened on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from rooms.forms import exact
from rooms.forms.attributes import NEW_ROWS, ROWS_SHOWN, AttributesForm
from rooms.forms.destination import DestinationForm
from rooms.forms.jsontext import DEPTH, problem
from rooms.forms.participants import MetadataForm, NameForm
from rooms.forms.permission import SOURCES, PermissionForm
from rooms.forms.rooms import RoomForm
from rooms.livekit.snapshots import Participant, Permission, Room
from rooms.models import Project
from rooms.templatetags.words import pretty_json

PROJECT = Project(metadata_limit=64, attributes_limit=64)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def posted(form: Any, **changes: str | None) -> QueryDict:
    """What a browser sends for an opened form with ``changes`` typed into it; None unticks."""
    data = QueryDict(mutable=True)
    for field in form:
        value = field.value()
        if value is True:
            data[field.html_name] = "on"
        elif value not in (None, False):
            data[field.html_name] = str(value).replace("\r\n", "\n").replace("\n", "\r\n")
    if isinstance(form, AttributesForm):
        for row in form.rows:
            if not row.new:
                data[f"value-{row.number}"] = row.typed.replace("\n", "\r\n")
                if row.coded:
                    data[f"coded-{row.number}"] = "1"
    for name, value in changes.items():
        data.pop(name, None)
        if value is not None:
            data[name] = value
    return data


@given(TEXT)
def test_a_text_survives_its_field(text: str) -> None:
    coded = exact.needs_code(text)
    through_the_browser = exact.shown(text).replace("\n", "\r\n")
    assert exact.read(through_the_browser if not coded else exact.shown(text), coded=coded) == text
    assert "\x00" not in exact.shown(text)
    assert "\r" not in exact.shown(text)


@given(TEXT)
def test_metadata_that_is_only_looked_at_stays_as_it_is(text: str) -> None:
    form = MetadataForm(project=Project(metadata_limit=10**6), metadata=text, clearable=True)
    again = MetadataForm(posted(form), project=Project(metadata_limit=10**6), clearable=True)
    assert again.is_valid()
    assert again.cleaned_data["metadata"] == text


@given(st.dictionaries(TEXT, TEXT.filter(bool), max_size=5))
def test_attributes_that_are_only_looked_at_change_nothing(attributes: Mapping[str, str]) -> None:
    form = AttributesForm(project=Project(attributes_limit=10**6), attributes=attributes)
    again = AttributesForm(posted(form), project=Project(attributes_limit=10**6))
    assert not again.is_valid()
    assert again.non_field_errors() == ["Nothing is changed."]


def test_attributes_are_added_changed_and_deleted_one_by_one() -> None:
    form = AttributesForm(project=PROJECT, attributes={"a": "1", "b": "2", "c": "3", "nul": "x\x00"})
    data = posted(
        form,
        **{
            "value-0": "one",
            "delete-1": "on",
            "value-2": "",
            "value-3": '"y\\u0000"',
            "new-key-0": '""',
            "new-value-0": '"empty key"',
            "new-key-2": '"k\\u0001"',
            "new-value-2": '"v"',
            "new-coded": "on",
        },
    )
    again = AttributesForm(data, project=PROJECT)
    assert again.is_valid(), again.errors
    assert again.cleaned_data["changes"] == {
        "a": "one",
        "b": None,
        "c": None,
        "nul": "y\x00",
        "": "empty key",
        "k\x01": "v",
    }


def test_attributes_are_measured_together_in_bytes() -> None:
    form = AttributesForm(project=PROJECT, attributes={"a": "1"})
    again = AttributesForm(posted(form, **{"new-key-0": "ä", "new-value-0": "é" * 31}), project=PROJECT)
    assert not again.is_valid()
    assert again.non_field_errors() == ["66 bytes, keys and values together; this project allows 64."]
    assert "é" * 31 in [row.typed for row in again.rows], "what was typed stays"


def test_attributes_over_the_limit_can_be_made_fewer() -> None:
    form = AttributesForm(project=PROJECT, attributes={"a": "x" * 90, "b": "y" * 90})
    again = AttributesForm(posted(form, **{"delete-0": "on"}), project=PROJECT)
    assert again.is_valid(), again.errors


def test_more_keys_than_a_form_can_hold() -> None:
    many = {f"k{number:04}": "x" for number in range(ROWS_SHOWN + 7)}
    project = Project(attributes_limit=10**6)
    form = AttributesForm(project=project, attributes=many)
    assert form.rows_left_out == 7
    assert len(form.rows_shown) == ROWS_SHOWN + NEW_ROWS
    data = QueryDict(mutable=True)
    data["base"], data["value-3"], data["new-key-0"], data["new-value-0"] = form["base"].value(), "y", "new", "z"
    again = AttributesForm(data, project=project)
    assert again.is_valid()
    assert again.cleaned_data["changes"] == {"k0003": "y", "new": "z"}


def test_a_clash_shows_both_and_either_can_be_taken() -> None:
    form = AttributesForm(project=PROJECT, attributes={"lang": "de", "role": "guest"})
    mine = AttributesForm(posted(form, **{"value-0": "en", "value-1": "host"}), project=PROJECT)
    assert mine.is_valid()
    assert mine.clash({"lang": "nb"}) == [("lang", "nb", "en")]
    overwrite = AttributesForm(mine.data, project=PROJECT)
    assert overwrite.is_valid()
    assert overwrite.cleaned_data["changes"] == {"lang": "en", "role": "host"}
    assert overwrite.cleaned_data["base"]["lang"] == "nb"
    assert mine.take_theirs()
    theirs = AttributesForm(mine.data, project=PROJECT)
    assert theirs.is_valid()
    assert theirs.cleaned_data["changes"] == {"role": "host"}


def test_a_clash_about_a_new_key_or_a_deleted_one() -> None:
    form = AttributesForm(project=PROJECT, attributes={"lang": "de"})
    mine = AttributesForm(
        posted(form, **{"value-0": "en", "new-key-1": "role", "new-value-1": "host"}), project=PROJECT
    )
    assert mine.is_valid()
    mine.clash({"lang": None, "role": "guest"})
    overwrite = AttributesForm(mine.data, project=PROJECT)
    assert overwrite.is_valid()
    assert overwrite.cleaned_data["changes"] == {"lang": "en", "role": "host"}
    assert overwrite.cleaned_data["base"] == {"role": "guest"}


@pytest.mark.parametrize("base", ["", "null", "[]", "{", '{"a": 1}'])
def test_a_base_that_was_tampered_with(base: str) -> None:
    form = AttributesForm(QueryDict(f"base={base}&new-key-0=a&new-value-0=b"), project=PROJECT)
    assert not form.is_valid()
    assert form.rows


def test_permission_that_is_only_looked_at_changes_nothing() -> None:
    opened = PermissionForm(permission=Permission(can_publish=True, can_publish_sources=("CAMERA", "7")))
    form = PermissionForm(posted(opened))
    assert not form.is_valid()
    assert form.non_field_errors() == ["Nothing is changed."]


@given(
    st.builds(Permission, *[st.booleans()] * 3, st.lists(st.sampled_from(SOURCES), unique=True).map(tuple)),
    st.sampled_from(["can_subscribe", "hidden", "agent"]),
)
def test_permission_changes_only_what_was_ticked(permission: Permission, name: str) -> None:
    opened = PermissionForm(permission=permission)
    form = PermissionForm(posted(opened, **{name: None if getattr(permission, name) else "on"}))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["changes"] == {name: not getattr(permission, name)}


def test_no_source_is_refused_and_a_foreign_one_is_kept() -> None:
    opened = PermissionForm(permission=Permission(can_publish=True, can_publish_sources=("CAMERA",)))
    form = PermissionForm(posted(opened, CAMERA=None))
    assert not form.is_valid()
    assert "every_source" in form.errors
    opened = PermissionForm(permission=Permission(can_publish=True, can_publish_sources=("CAMERA", "7")))
    form = PermissionForm(posted(opened, MICROPHONE="on"))
    assert form.is_valid()
    assert form.cleaned_data["changes"] == {"can_publish_sources": ["MICROPHONE", "CAMERA", "7"]}


def test_unticking_one_of_every_source_narrows() -> None:
    opened = PermissionForm(permission=Permission(can_publish=True))
    form = PermissionForm(posted(opened, CAMERA=None))
    assert form.is_valid()
    assert form.cleaned_data["changes"] == {"can_publish_sources": [each for each in SOURCES if each != "CAMERA"]}
    opened = PermissionForm(permission=Permission(can_publish=True, can_publish_sources=("CAMERA",)))
    form = PermissionForm(posted(opened, every_source="on"))
    assert form.is_valid()
    assert form.cleaned_data["changes"] == {"can_publish_sources": []}


def test_all_ten_fields_have_a_line() -> None:
    labels = [line.field.name for line in PermissionForm(permission=Permission()).lines()]
    assert {*Permission.FIELDS} - {"can_publish_sources"} <= set(labels)
    assert {"every_source", *SOURCES} <= set(labels)


def test_names_and_metadata_cannot_be_empty_and_have_limits() -> None:
    person = Participant("PA_1", "carol", name="Carol")
    assert "name" in NameForm(posted(NameForm(participant=person), name="")).errors
    assert "name" in NameForm(posted(NameForm(participant=person), name="é" * 129)).errors
    opened = MetadataForm(project=PROJECT, metadata="old")
    assert "{}" in str(MetadataForm(posted(opened, metadata=""), project=PROJECT).errors["metadata"])
    assert "66 bytes" in str(MetadataForm(posted(opened, metadata="é" * 33), project=PROJECT).errors["metadata"])
    assert MetadataForm(posted(opened, metadata="é" * 32), project=PROJECT).is_valid()


def test_json_is_formatted_on_request_and_every_token_stays() -> None:
    text = '{"a":1.10,"a":[1e400,{}],"big":123456789012345678901234567890}'
    project = Project(metadata_limit=10**4)
    form = MetadataForm(QueryDict(urlencode({"metadata": text, "format": "1"})), project=project)
    assert form.wants_format
    form.is_valid()
    form.format()
    shown = str(form["metadata"].value())
    assert "".join(shown.split()) == text
    assert shown.count("\n") > 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1"),
        ('{"a": }', "line 1, column 7"),
        ("[NaN]", "NaN"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 10_000, "too many digits"),
    ],
)
def test_what_is_wrong_with_json_is_said(text: str, words: str) -> None:
    assert words in problem(text)


def test_deep_json_is_left_as_it_is() -> None:
    text = "[" * (DEPTH + 1) + "]" * (DEPTH + 1)
    form = MetadataForm(QueryDict(urlencode({"metadata": text, "format": "1"})), project=Project(metadata_limit=10**4))
    form.is_valid()
    form.format()
    assert form["metadata"].value() == text
    assert "metadata" not in form.errors


def test_deep_json_of_a_stranger_does_not_fill_the_page() -> None:
    text = "[" * 900 + "1," * 10_000 + "1" + "]" * 900
    assert len(pretty_json(text)) < 50 * len(text)


def test_a_destination_may_have_any_name_but_ones_own() -> None:
    rooms = [Room("RM_1", "here"), Room("RM_2", "a/b %\n\x00", num_participants=3), Room("RM_3", "")]
    form = DestinationForm(None, room="here", rooms=rooms)
    values = {room.name: value for value, room in form.found}
    assert list(values) == ["a/b %\n\x00", ""]
    for name, value in values.items():
        chosen = DestinationForm({"destination": value}, room="here")
        assert chosen.is_valid()
        assert chosen.cleaned_data["room"] == name
    for data in ({}, {"destination": "new"}, {"new_room": "here"}, {"destination": "room:here"}, {"destination": "x"}):
        assert not DestinationForm(data, room="here").is_valid(), data
    assert DestinationForm({"new_room": "there"}, room="here").is_valid()


def test_a_new_room_takes_every_field_of_create_room_request() -> None:
    data = {
        "name": "town hall",
        "metadata": "{}",
        "max_participants": "7",
        "empty_timeout": "60",
        "departure_timeout": "5",
        "room_preset": "p",
        "min_playout_delay": "1",
        "max_playout_delay": "2",
        "sync_streams": "on",
        "replay_enabled": "on",
        "node_id": "ND_1",
        "tags": json.dumps({"a": "b"}),
        "agents": json.dumps([{"agent_name": "helper"}]),
        "egress": json.dumps({"tracks": {"filepath": "x"}}),
    }
    form = RoomForm(data, project=PROJECT)
    assert form.is_valid(), form.errors
    assert set(form.cleaned_data["fields"]) == set(data) - {"name"}
    wrong = RoomForm(data | {"name": "", "max_participants": "many", "tags": "[]", "agents": "{"}, project=PROJECT)
    assert set(wrong.errors) == {"name", "max_participants", "tags", "agents"}
