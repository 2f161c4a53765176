"""One test's room: who is in it, and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.browsing import Browsers
from tests.browser.console import Console
from tests.browser.outside import Outside
from tests.browser.pages import wait_until_live
from tests.people.blocking import People
from tests.people.person import Person
from tests.servers.server import Server


@dataclass
class House:
    """A room of a project on ``server``; ``slug`` is the project, ``room`` the room's name."""

    console: Console
    browser_of: Browsers
    people: People
    server: Server
    room: str
    slug: str = "studio"

    @property
    def address(self) -> str:
        """The room's page."""
        return self.console.room(self.room, self.slug)

    @property
    def outside(self) -> Outside:
        """Somebody else who administers the same LiveKit server."""
        return Outside(self.people, self.server)

    def join(self, identity: str, **options: Any) -> Person:
        """Somebody joins the room, with the options of ``tests.people.join``."""
        return self.people.join(self.server, options.pop("room", self.room), identity, **options)

    def person(self, identity: str, **query: str) -> str:
        """The address of somebody's panel."""
        return self.console.person(self.room, identity, self.slug, **query)

    def look(self, name: str, address: str = "", **options: Any) -> Page:
        """A user opens the room's page, or ``address``, which is live when this returns."""
        page = self.browser_of(name, address or self.address, **options)
        wait_until_live(page)
        return page

    def both(self, address: str = "") -> tuple[Page, Page]:
        """mona, who will act, and mike, who will see it: two people in two browsers."""
        return self.look("mona", address), self.look("mike", address)
