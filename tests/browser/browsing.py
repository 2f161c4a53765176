"""Browsers: which one, and people who are signed in with one of their own."""

from __future__ import annotations

import os
import shutil
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.browser.console import Console
from tests.browser.seed import PASSWORD
from tests.browser.watching import Problems

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
# Milliseconds. Generous: a page is right as soon as it is, and a slow machine is no failure.
PATIENCE = 10_000


def find_chromium() -> str:
    """The executable of CHROMIUM or on PATH; empty when there is none."""
    return next(
        (found for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name and (found := shutil.which(name))), ""
    )


class Browsers:
    """Opens a browser of their own for each person; all are closed when the test ends."""

    def __init__(self, browser: Browser, console: Console, problems: Problems, states: dict[str, StorageState]) -> None:
        self.browser = browser
        self.console = console
        self.problems = problems
        self._states = states
        self._open: list[BrowserContext] = []

    def __call__(self, name: str, address: str = "", **options: Any) -> Page:
        """A page of somebody who is signed in, at ``address``. ``options`` are Playwright's of a context."""
        if name not in self._states:
            self._states[name] = self._sign_in(name)
        page = self.stranger(name, storage_state=self._states[name], **options)
        if address:
            page.goto(address)
        return page

    def stranger(self, who: str = "a stranger", **options: Any) -> Page:
        """A page of somebody who is not signed in."""
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = self.browser.new_context(base_url=self.console.url, **options)
        context.set_default_timeout(PATIENCE)
        self.problems.watch(context, who)
        self._open.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close every browser of this test."""
        for context in self._open:
            context.close()

    def _sign_in(self, name: str) -> StorageState:
        page = self.stranger(name)
        page.goto("/login/")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        return page.context.storage_state()
