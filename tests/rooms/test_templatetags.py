"""The tag library: icons, times, names, sizes, JSON, fields, links."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import lucide
import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from rooms.moderation.verbs import RECORDED, VERBS
from rooms.templatetags import icons, keys, links, when, words

MOMENT = datetime(2026, 11, 20, 12, 4, 11, 250_000, tzinfo=UTC)
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def person(name: str = "", identity: str = "carol") -> SimpleNamespace:
    return SimpleNamespace(name=name, identity=identity)


class TestIcons:
    def test_refers_to_the_sprite(self) -> None:
        assert render('{% load icons %}{% icon "mic" %}') == (
            '<svg class="icon" aria-hidden="true"><use href="#mic"/></svg>'
        )

    def test_unknown_name_stops_the_page(self) -> None:
        with pytest.raises(icons.UnknownIconError, match="no-such-icon"):
            render('{% load icons %}{% icon "no-such-icon" %}')

    def test_sprite_holds_every_icon_once(self) -> None:
        ids = re.findall(r'<symbol id="([^"]+)"', render("{% load icons %}{% sprite %}"))
        assert sorted(ids) == sorted(icons.ICONS)

    def test_lucide_draws_every_icon(self) -> None:
        shape = re.compile(r"<(path|circle|rect|line|polyline|polygon|ellipse) ")
        assert [name for name in icons.ICONS if not shape.search(icons.symbol(name))] == []
        with pytest.raises(lucide.IconDoesNotExist):
            icons.symbol("no-such-icon")

    def test_sprite_carries_no_style(self) -> None:
        assert not re.search(r"\s(style|class|stroke|xmlns)=", "".join(icons.symbol(name) for name in icons.ICONS))

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
    def test_templates_name_known_icons(self, template: Path) -> None:
        assert set(re.findall(r'{% icon "([^"]+)"', template.read_text())) <= icons.ICONS

    def test_nothing_is_printed_that_no_page_uses(self) -> None:
        root = Path(settings.BASE_DIR)
        sources = [*TEMPLATES, *root.glob("rooms/**/*.py"), *root.glob("static/js/**/*.js")]
        text = "".join(source.read_text() for source in sources if source.name != "icons.py")
        assert [name for name in icons.ICONS if not re.search(f"[\"'#]{re.escape(name)}[\"'/]", text)] == []

    def test_verbs_and_records_name_known_icons(self) -> None:
        named = {verb.icon for verb in VERBS.values()} | {drawn for _, drawn in RECORDED.values()}
        assert named <= icons.ICONS


class TestTimes:
    @pytest.mark.parametrize("tag", ["since", "ago", "clock", "day"])
    def test_says_the_moment_in_utc(self, tag: str) -> None:
        moment = MOMENT.astimezone(timezone(timedelta(hours=2)))
        out = render("{% load when %}{% " + tag + " moment %}", moment=moment)
        assert f'datetime="2026-11-20T12:04:11.250Z" data-tick="{tag}"' in out
        assert 'title="20 Nov 2026, 12:04:11 UTC"' in out
        assert "12:04:11</time>" in out

    def test_no_moment(self) -> None:
        assert "not known" in when.since(None)


class TestNames:
    def test_name_stands_alone_in_its_direction(self) -> None:
        assert words.name_of(person("ליאור כהן")) == "<bdi>ליאור כהן</bdi>"

    def test_markup_is_text(self) -> None:
        assert words.name_of(person("<b>Bob</b>")) == "<bdi>&lt;b&gt;Bob&lt;/b&gt;</bdi>"

    def test_missing_names(self) -> None:
        assert "No name" in words.name_of(person(""))
        assert "(no name)" in words.name_of("")
        assert "Name of 3 spaces" in words.name_of("   ")

    def test_plain_name_falls_back_to_the_identity(self) -> None:
        assert words.plain_name(person("", "carol")) == "carol"
        assert words.plain_name(person("Carol", "c")) == "Carol"
        assert words.plain_name(person("", " ")) == "(no name)"
        assert words.plain_name("") == "(no name)"

    @pytest.mark.parametrize(
        ("raw", "shown"),
        [
            ("a\x00b", "a␀b"),
            ("a\nb\tc", "a␊b␉c"),
            ("\x7f", "␡"),
            ("user\u202egnp", "user⟨U+202E⟩gnp"),
            ("\ud800", "⟨U+D800⟩"),
            ("👩‍🚀 می‌خواهم", "👩‍🚀 می‌خواهم"),
        ],
    )
    def test_unseen_characters_are_shown(self, raw: str, shown: str) -> None:
        assert words.visible(raw) == shown

    @given(st.text(alphabet=st.characters(exclude_categories=[])))
    def test_nothing_unseen_is_left(self, raw: str) -> None:
        assert not words.UNSEEN.search(words.visible(raw))
        words.visible(raw).encode()


class TestSizes:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("", "0 bytes"),
            ("a", "1 byte"),
            ("é€", "5 bytes"),
            (1204, "1,204 bytes"),
            (62_500, "61 KiB"),
            (3 << 20, "3.0 MiB"),
        ],
    )
    def test_bytes_of_utf8(self, value: object, shown: str) -> None:
        assert words.bytes_(value) == shown

    def test_beside_a_limit_every_byte_counts(self) -> None:
        assert words.exact_bytes(61_204) == "61,204 bytes"


class TestJson:
    def test_formats_and_keeps_every_token(self) -> None:
        raw = '{"price":1.10,"id":12345678901234567890,"a":[],"a":[1,{"b":"x,y: {z}"}],"u":"\\u00e9"}'
        pretty = words.pretty_json(raw)
        assert pretty.splitlines()[1] == '  "price": 1.10,'
        assert "12345678901234567890" in pretty
        assert pretty.count('"a":') == 2
        assert '"x,y: {z}"' in pretty
        assert '"\\u00e9"' in pretty

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda kids: st.lists(kids) | st.dictionaries(st.text(), kids),
        )
    )
    def test_formatting_changes_only_white_space(self, value: object) -> None:
        raw = json.dumps(value, ensure_ascii=False)
        assert json.loads(words.indent_json(raw)) == value

    @pytest.mark.parametrize("raw", ["", "not JSON", "{'a': 1}", "NaN", "[" * 100_000, '{"a":1'])
    def test_all_else_stays_as_it_is(self, raw: str) -> None:
        assert words.pretty_json(raw) == raw

    def test_shows_nul_and_keeps_lines(self) -> None:
        assert words.pretty_json("a\x00\n\tb") == "a␀\n\tb"

    def test_is_escaped_by_the_engine(self) -> None:
        assert "<script>" not in render("{% load words %}{{ raw|pretty_json }}", raw='{"a":"</pre><script>"}')


class TestGlimpse:
    def test_one_line_and_cut(self) -> None:
        assert words.glimpse("a\n  b\x00", 20) == "a b␀"
        assert words.glimpse("x" * 50, 10) == "x" * 9 + "…"

    @given(st.text(), st.integers(min_value=2, max_value=30))
    def test_never_longer_than_asked_where_all_is_seen(self, raw: str, length: int) -> None:
        shown = words.glimpse("".join(part for part in raw if part.isprintable()), length)
        assert len(words.UNSEEN.sub("", shown)) <= max(length, len(shown) if "⟨" in shown else 0)
        assert "\n" not in shown


class TestBeforeAndAfter:
    @pytest.mark.parametrize(
        ("old", "new", "shown"),
        [
            (False, True, "<del><bdi>no</bdi></del> <ins><bdi>yes</bdi></ins>"),
            ("de", "", "<del><bdi>de</bdi></del> <ins><bdi>empty</bdi></ins>"),
            (None, "en", "<ins><bdi>en</bdi></ins>"),
            (["CAMERA"], [], "<del><bdi>CAMERA</bdi></del> <ins><bdi>none</bdi></ins>"),
            ("<i>", None, "<del><bdi>&lt;i&gt;</bdi></del>"),
        ],
    )
    def test_in_words(self, old: object, new: object, shown: str) -> None:
        assert words.before_after(old, new) == shown


class Sample(forms.Form):
    """A form with one field of each sort that the house draws."""

    name = forms.CharField(help_text="At most 256 bytes.", required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)
    hidden = forms.BooleanField(required=False)
    sources = forms.MultipleChoiceField(
        choices=[("CAMERA", "Camera"), ("MICROPHONE", "Microphone")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    room = forms.CharField()


def draw(source: str, data: dict[str, str] | None = None) -> str:
    return render("{% load fields %}{% field form." + source + " %}", form=Sample(data))


class TestFields:
    def test_label_and_help_belong_to_the_widget(self) -> None:
        drawn = draw("name mono=True")
        assert '<label for="id_name">Name</label>' in drawn
        assert 'class="input mono"' in drawn
        assert 'aria-describedby="id_name_helptext"' in drawn
        assert '<div class="help" id="id_name_helptext">At most 256 bytes.</div>' in drawn

    def test_what_is_wrong_stands_under_the_field_and_is_announced_with_it(self) -> None:
        drawn = draw("room", {"room": ""})
        assert 'aria-invalid="true"' in drawn
        assert re.search(r'aria-describedby="[^"]*id_room_error', drawn)
        assert re.search(r'<div class="wrong" id="id_room_error">.*This field is required', drawn, re.S)

    def test_a_box_stands_before_its_words_and_may_be_a_switch(self) -> None:
        assert re.search(r'<label class="tick"><input[^>]*class="check"[^>]*><span>Hidden</span>', draw("hidden"))
        assert re.search(r'<input[^>]*class="switch"[^>]*role="switch"', draw("hidden switch=True"))

    def test_choices_are_one_group_with_a_legend(self) -> None:
        drawn = draw("sources")
        assert '<legend class="label">Sources</legend>' in drawn
        assert drawn.count('type="checkbox"') == 2

    def test_meter_counts_bytes_of_utf8(self) -> None:
        drawn = draw("note limit=65536 rows=4", {"note": "é€"})
        assert "5 of 65,536 bytes" in drawn
        assert 'data-limit="65536"' in drawn
        assert re.search(r'<meter min="0" max="65536" high="58982" value="5" aria-label="Size of note">', drawn)
        assert 'rows="4"' in drawn

    def test_says_what_may_stay_empty(self) -> None:
        assert '<span class="quiet">optional</span>' in draw("name optional=True")
        assert "optional" not in draw("room optional=True")


class TestLinks:
    def test_get_spells_any_key(self) -> None:
        assert render('{% load links %}{{ parts|get:"a-b" }}', parts={"a-b": 1}) == "1"

    @pytest.mark.parametrize(
        ("name", "section", "said"),
        [
            ("rooms", "rooms", "page"),
            ("person", "rooms", "true"),
            ("room_history", "rooms", "true"),
            ("audit_entry", "audit", "true"),
            ("tokens", "rooms", ""),
        ],
    )
    def test_marks_the_section(self, name: str, section: str, said: str) -> None:
        request = SimpleNamespace(resolver_match=SimpleNamespace(url_name=name))
        assert links.at(Context({"request": request}), section) == (f'aria-current="{said}"' if said else "")

    def test_no_section_without_a_request(self) -> None:
        assert links.at(Context({}), "rooms") == ""


def test_keys_come_from_the_registry() -> None:
    found = {key: (names, words) for key, names, words in keys.verb_keys()}
    assert found["p"] == ("promote return_to_audience", "Bring up or return to audience")
    assert set(found) == {verb.key for verb in VERBS.values() if verb.key}
