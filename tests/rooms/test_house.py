"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sorted(path for part in ("dashboard", "rooms") for path in (ROOT / part).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


def named(paths: list[Path]) -> list[str]:
    """The paths as they are said."""
    return [str(path.relative_to(ROOT)) for path in paths]


def test_only_the_bus_sends_to_groups() -> None:
    senders = [path for path in PYTHON if re.search(r"\bgroup_send\(", path.read_text())]
    assert named(senders) == ["rooms/live/bus.py"]


def test_no_file_is_longer_than_300_lines() -> None:
    written = [path for path in PYTHON if path.parent.name != "migrations"] + TEMPLATES + SCRIPTS
    assert named([path for path in written if len(path.read_text().splitlines()) > 300]) == []


def test_nothing_is_left_for_later() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert named([path for path in PYTHON + TEMPLATES + SCRIPTS if unfinished.search(path.read_text())]) == []


def test_the_extra_is_imported_so_that_types_hold_without_it() -> None:
    everywhere = [*PYTHON, *sorted((ROOT / "tests").rglob("*.py"))]
    amiss = re.compile(r"^from livekit import .*\brtc\b", re.MULTILINE)
    assert named([path for path in everywhere if amiss.search(path.read_text())]) == []


@pytest.mark.parametrize("template", named(TEMPLATES))
def test_a_template_has_no_inline_script_or_style(template: str) -> None:
    text = (ROOT / template).read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"""\s(style|on[a-z]+)\s*=\s*["']""", text)


def test_there_are_no_catch_alls() -> None:
    assert [path for path in PYTHON if path.stem in {"utils", "helpers", "signals", "misc"}] == []
