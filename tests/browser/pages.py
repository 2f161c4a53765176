"""Where things stand on the pages, in one place."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect


def row(page: Page, identity: str) -> Locator:
    """Somebody's row in the list of a room."""
    return page.locator(f'#rows tr[data-identity="{identity}"]')


def room_row(page: Page, name: str) -> Locator:
    """A room's row in the list of rooms."""
    return page.locator("#rows tr").filter(has=page.get_by_role("link", name=name, exact=True))


def place(page: Page, identity: str) -> Locator:
    """Where somebody is: on stage, hand, audience."""
    return row(page, identity).locator(".c-standing")


def dock(page: Page) -> Locator:
    """What came of an act."""
    return page.locator("#results")


def dialog(page: Page) -> Locator:
    """The open dialog of a verb."""
    return page.locator("dialog#dialog[open]")


def feed(page: Page) -> Locator:
    """The lines of the live feed, the newest first."""
    return page.locator("#feed > li")


def said(page: Page, *words: str) -> Locator:
    """The lines of the feed that hold each of these words."""
    lines = feed(page)
    for each in words:
        lines = lines.filter(has_text=each)
    return lines


def wait_until_live(page: Page) -> None:
    """The socket is open and LiveKit was read a moment ago."""
    expect(page.locator("#fresh")).to_have_text("live")


def live(page: Page, address: str) -> Page:
    """Open ``address`` and wait until it is live."""
    page.goto(address)
    wait_until_live(page)
    return page


def choose(page: Page, identity: str, item: str) -> None:
    """Take an entry of the menu of somebody's row."""
    row(page, identity).get_by_role("button", name="Actions for").click()
    menu_item(page, item).click()


def menu_item(page: Page, words: str) -> Locator:
    """An entry of the open menu; "Move…" is not the end of "Remove…"."""
    return page.get_by_role("menuitem", name=re.compile(f"^{re.escape(words)}"))


def section(page: Page, verb: str) -> Locator:
    """The form of a verb in the panel."""
    return page.locator(f'#side form[data-verb="{verb}"]')
