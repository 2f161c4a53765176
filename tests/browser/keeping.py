"""What the pages showed when a test failed: a picture, the HTML and the console of each, outside the working tree.

A pytest plugin. The folder is GREENROOM_KEEP, or pytest's own for temporary files; the report of the test names it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.browser.watching import Problems, Watched

PROBLEMS = pytest.StashKey[Problems]()
TEMPORARY = pytest.StashKey[Path]()
KEPT = pytest.StashKey[Path]()
TITLE = "what the pages showed"
# Milliseconds for one picture: a page that hangs must not hide why the test failed.
PATIENCE = 5_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the pages while they are open, also when only their problems will fail the test; tell where."""
    report = yield
    problems = item.stash.get(PROBLEMS, None)
    if problems is not None and call.when != "teardown" and (report.failed or problems.unexpected):
        folder = Path(os.environ.get("GREENROOM_KEEP") or item.stash[TEMPORARY] / "kept")
        item.stash[KEPT] = keep(problems.pages, folder / re.sub(r"[^\w.-]+", "-", item.name).strip("-"))
    if report.failed and KEPT in item.stash:
        report.sections.append((TITLE, str(item.stash[KEPT])))
    return report


def keep(pages: list[Watched], folder: Path) -> Path:
    """Write three files into ``folder`` for each page that is open still; gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, watched in enumerate(pages, start=1):
        if watched.page.is_closed():
            continue
        name = f"{number}-{re.sub(r'[^a-z]+', '-', watched.who)}"
        (folder / f"{name}.log").write_text("\n".join([watched.page.url, *watched.lines, ""]))
        try:
            (folder / f"{name}.html").write_text(watched.page.content())
            watched.page.screenshot(path=folder / f"{name}.png", full_page=True, timeout=PATIENCE)
        except Error as error:
            (folder / f"{name}.missing").write_text(str(error))
    return folder
