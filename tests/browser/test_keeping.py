"""A failing browser test leaves behind what its pages showed, and says where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.browser.console import ROOT

FAILING = """
from tests.browser.conftest import browser, problems


def test_fails(browser, problems):
    show(browser, problems, "mona", "a thought")
    show(browser, problems, "mike", "another")
    assert False


def test_has_a_problem(browser, problems):
    show(browser, problems, "mona", "a thought").evaluate("console.error('a fault')")


def test_passes(browser, problems):
    problems.expect("a fault")
    show(browser, problems, "mona", "a thought").evaluate("console.error('a fault')")


def show(browser, problems, who, words):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    problems.watch(context, who)
    page = context.new_page()
    page.set_content(f"<h1>The page of {who}</h1><script>console.log('{words}')</script>")
    return page
"""
PNG = b"\x89PNG"


def test_pages_of_failing_tests_are_kept(tmp_path: Path) -> None:
    written, kept = tmp_path / "test_failing.py", tmp_path / "kept"
    written.write_text(FAILING)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.browser.keeping",
        "-c",
        str(tmp_path / "pytest.ini"),
        str(written),
    ]
    environment = {**os.environ, "GREENROOM_KEEP": str(kept)}

    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "1 failed, 2 passed, 1 error" in ran.stdout, ran.stdout + ran.stderr
    assert sorted(each.name for each in kept.iterdir()) == ["test_fails", "test_has_a_problem"]
    for name in ("test_fails", "test_has_a_problem"):
        assert f"\n{kept / name}\n" in ran.stdout
    pages = {each.name: each for each in (kept / "test_fails").iterdir()}
    assert set(pages) == {f"{page}.{kind}" for page in ("1-mona", "2-mike") for kind in ("png", "html", "log")}
    assert pages["1-mona.png"].read_bytes().startswith(PNG)
    assert "The page of mike" in pages["2-mike.html"].read_text()
    assert "log: another (" in pages["2-mike.log"].read_text()
    assert "error: a fault" in (kept / "test_has_a_problem" / "1-mona.log").read_text()
