"""The tag library: icons, times, names, sizes, JSON, links."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import lucide
import pytest
from django.conf import settings
from django.http import QueryDict
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
        assert all("<path" in icons.symbol(name) or "<" in icons.symbol(name)[9:] for name in icons.ICONS)
        with pytest.raises(lucide.IconDoesNotExist):
            icons.symbol("no-such-icon")

    def test_sprite_carries_no_style(self) -> None:
        assert not re.search(r"\s(style|class|stroke|xmlns)=", "".join(icons.symbol(name) for name in icons.ICONS))

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
    def test_templates_name_known_icons(self, template: Path) -> None:
        assert set(re.findall(r'{% icon "([^"]+)"', template.read_text())) <= icons.ICONS

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


class TestLinks:
    def test_replaces_one_key_and_returns_to_the_first_page(self) -> None:
        query = QueryDict("q=a%26b&sort=name&page=3")
        assert links.query_with(query, sort="age") == "?q=a%26b&sort=age"
        assert links.query_with(query, page=4) == "?q=a%26b&sort=name&page=4"
        assert links.query_with(query, q=None, sort="") == "?"

    def test_takes_a_mapping_or_a_text(self) -> None:
        assert links.query_with({"q": "é"}, on="stage") == "?q=%C3%A9&on=stage"
        assert links.query_with("?q=1&page=2", q=None) == "?"

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
