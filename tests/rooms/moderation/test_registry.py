"""Each verb of the registry is whole: it has an action, a form, an icon, words, and a place where it is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rooms.forms.data import DataForm
from rooms.forms.exact import BasedForm, ExactForm
from rooms.forms.jsontext import JSONTextMixin
from rooms.moderation.access import Right
from rooms.moderation.actions import ACTIONS
from rooms.moderation.verbs import PATHS, RECORDED, ROOM_PATHS, VERBS, Verb, verb_icon, verb_words, verbs_of
from rooms.templatetags.icons import ICONS
from rooms.templatetags.verbs import WHY_NOT, verb_button
from rooms.views.doing import DOINGS

ALL = pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
FORMS = {"ReasonForm", *(each.__name__ for each in BasedForm.__subclasses__() + JSONTextMixin.__subclasses__())}
FORMS |= {each.__name__ for each in ExactForm.__subclasses__() + DataForm.__subclasses__()}
TEMPLATES = Path(__file__).parents[3] / "templates"


@ALL
def test_a_verb_has_an_action_a_form_an_icon_and_words(verb: Verb) -> None:
    assert verb.name in ACTIONS
    assert (TEMPLATES / DOINGS[verb.name].fields).is_file()
    assert verb.icon in ICONS
    assert verb.label
    assert verb.act
    assert verb.done
    assert verb.right is Right.ACT
    assert bool(verb.form) == verb.asks
    assert not verb.form or verb.form in FORMS
    assert verb.undo is True or verb.undo_words


@ALL
def test_words_only_name_who_and_what(verb: Verb) -> None:
    for pattern in (verb.act, verb.done):
        assert set(re.findall(r"{(\w+)}", pattern)) <= {"who", "what"}


@ALL
def test_a_button_leads_to_the_verb(verb: Verb) -> None:
    html = verb_button(verb, "/p/studio/rooms/a/", {verb.ability} if verb.ability else ())
    assert f'data-verb="{verb.name}"' in html
    assert f'formaction="/p/studio/rooms/a/do/{PATHS.get(verb.name, verb.name)}/"' in html
    assert ('aria-disabled="true"' in html) is bool(verb.ability)
    assert ('form="ask"' in html) is (verb.asks or bool(verb.ability))


def test_there_is_nothing_without_a_verb() -> None:
    assert set(ACTIONS) == set(VERBS) == set(DOINGS)
    assert {verb.ability for verb in VERBS.values() if verb.ability} == set(WHY_NOT)
    assert set(ROOM_PATHS.values()) == {verb.name for verb in verbs_of("room")}


def test_recorded_events_have_words_and_icons() -> None:
    for name, (words, icon) in RECORDED.items():
        assert name not in VERBS
        assert verb_words(name) == words
        assert verb_icon(name) == icon
        assert icon in ICONS
    assert verb_words("of a later release") == "of a later release"
    assert verb_icon("of a later release") in ICONS
