"""From a change to the screen: of somebody outside, and of another user of the console."""

from __future__ import annotations

import random
import time

from livekit import api

from bench.figures import heading, line, spread
from bench.screen import Screen
from bench.stage import HOOKED, PLAIN, Stage

ATTRIBUTES, REMOVALS, PROMOTIONS = 40, 25, 40
INTERVAL = 1.0


def measure(stage: Stage) -> None:
    """Print how long changes take."""
    heading("A change at LiveKit, made by another program, until it is on the screen (reading interval 1 s)")
    line("attribute of a person (LiveKit sends no webhook)", spread(attributes(stage)))
    line("person removed, no webhooks set up", spread(removals(stage, PLAIN)))
    line("person removed, webhooks set up", spread(removals(stage, HOOKED)))
    heading("A click in one browser until it is on the screen of another user's browser")
    line("promote to speaker", spread(promotions(stage)))


def attributes(stage: Stage) -> list[float]:
    """Set an attribute through the API at times that have nothing to do with the reader's."""
    stage.people.join(stage.server, "bench-attributes", "guest-0")
    screen = Screen(stage.look(stage.console.room("bench-attributes", PLAIN)))
    took = []
    for number in range(ATTRIBUTES):
        text = f"value-{number}."
        screen.watch('tr[data-identity="guest-0"] .c-attrs', text)
        began = _some_time_later()
        request = api.UpdateParticipantRequest(room="bench-attributes", identity="guest-0", attributes={"bench": text})
        stage.people.do(stage.livekit.room.update_participant(request))
        took.append(screen.seen() - began)
    screen.close()
    return took


def removals(stage: Stage, slug: str) -> list[float]:
    """Remove people through the API, one after the other."""
    room = f"bench-removals-{slug}"
    stage.people.crowd(stage.server, room, REMOVALS)
    screen = Screen(stage.look(stage.console.room(room, slug)))
    took = []
    for number in range(REMOVALS):
        identity = f"guest-{number}"
        screen.watch(f'tr[data-identity="{identity}"]', None)
        began = _some_time_later()
        request = api.RoomParticipantIdentity(room=room, identity=identity)
        stage.people.do(stage.livekit.room.remove_participant(request))
        took.append(screen.seen() - began)
    screen.close()
    return took


def promotions(stage: Stage) -> list[float]:
    """Two browsers on a room: one promotes, the other sees it."""
    stage.people.crowd(stage.server, "bench-promotions", PROMOTIONS, can_publish=False)
    address = stage.console.room("bench-promotions", PLAIN)
    actor, viewer = Screen(stage.look(address)), Screen(stage.look(address))
    took = []
    for number in range(PROMOTIONS):
        row = f'tr[data-identity="guest-{number}"]'
        viewer.watch(f"{row} .c-standing", "On stage")
        began = actor.click(f'{row} button[data-verb="promote"]')
        took.append(viewer.seen() - began)
    actor.close()
    viewer.close()
    return took


def _some_time_later() -> float:
    """Wait for up to an interval, so that changes fall anywhere between two readings; gives the time then."""
    time.sleep(random.uniform(0, INTERVAL))  # noqa: S311  not a secret
    return time.time()
