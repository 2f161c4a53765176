"""How many calls LiveKit gets, by how many pages are open."""

from __future__ import annotations

import time

from livekit import api
from playwright.sync_api import Page

from bench.figures import heading, line
from bench.stage import COUNTED, Stage

PAGES = (1, 5, 20)
SECONDS = 15


def measure(stage: Stage) -> None:
    """Print calls per minute for each number of pages on the same room, in which something changes every second."""
    heading("Calls that LiveKit gets in a minute while pages show one room in which something changes every second")
    room = "bench-calls"
    stage.people.join(stage.server, room, "guest-0")
    address = stage.console.room(room, COUNTED)
    open_pages: list[Page] = []
    alone = 0.0
    for wanted in PAGES:
        while len(open_pages) < wanted:
            open_pages.append(stage.look(address))
        rate = _rate(stage, room)
        alone = alone or rate
        words = f"{wanted} open page{'s' if wanted > 1 else ''}"
        line(words, f"{rate:>5.0f} calls a minute   {rate / alone:.2f} x those of one page")
    for page in open_pages:
        page.context.close()


def _rate(stage: Stage, room: str) -> float:
    """Calls a minute of the console; the changes themselves do not come through the proxy."""
    stage.proxy.calls.clear()
    began = time.monotonic()
    for number in range(SECONDS):
        attributes = {"bench": str(number)}
        request = api.UpdateParticipantRequest(room=room, identity="guest-0", attributes=attributes)
        stage.people.do(stage.livekit.room.update_participant(request))
        time.sleep(max(0.0, began + number + 1 - time.monotonic()))
    return 60 * stage.proxy.calls.total() / (time.monotonic() - began)
