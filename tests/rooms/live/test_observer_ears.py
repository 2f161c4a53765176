"""How loud somebody is and how well connected: told of those whom the observer may hear, and to those who look."""

from __future__ import annotations

from rooms.live import bus
from rooms.live.bus import Topic
from rooms.live.lease import PROCESS
from rooms.live.reader import Reader
from rooms.models import Project
from tests.rooms.live.conftest import Page
from tests.rooms.live.watching import Enter, comes, enter, eventually, observed, real
from tests.servers import Server

__all__ = ["enter", "observed", "real"]


def levels(page: Page, who: str) -> list[int]:
    """How loud ``who`` was, each time that it changed."""
    return [aside.levels[who] for aside in page.asides if who in aside.levels]


async def test_how_loud_somebody_is_goes_to_the_open_panel(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    observed.observer_listens = True
    ava = await enter(real, "loud", "ava", publish=["microphone"])
    await enter(real, "loud", "ben", publish=["microphone"])
    page = Page(panel="ava")
    watch = await live.watch(observed, "loud", page)
    await comes(watch)

    async def hears(level: bool) -> bool:
        return bool(levels(page, "ava")) and (levels(page, "ava")[-1] > 0) is level

    await eventually(lambda: hears(True))
    assert 6 <= max(levels(page, "ava")) <= 10
    await ava.mute(ava.tracks["microphone"])
    await eventually(lambda: hears(False))
    assert levels(page, "ben") == []
    await live.unwatch(watch, page)
    other = Page(panel="ben")
    await live.watch(observed, "loud", other)

    async def of_ben() -> bool:
        return bool(levels(other, "ben"))

    await eventually(of_ben)
    heard = len(levels(other, "ava"))
    await ava.unmute(ava.tracks["microphone"])
    await other.hears("aside")
    assert len(levels(other, "ava")) == heard


async def test_a_panel_in_another_process_is_served_too(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    observed.observer_listens = True
    await enter(real, "elsewhere", "ava", publish=["microphone"])
    page = Page()
    watch = await live.watch(observed, "elsewhere", page)
    await comes(watch)
    assert levels(page, "ava") == []
    group = Topic(observed.pk, "elsewhere").group
    await bus.publish(group, {"kind": "panels", "who": ["ava"], "seconds": 30.0, "from": f"not {PROCESS}"})

    async def measured() -> bool:
        return bool(levels(page, "ava"))

    await eventually(measured)


async def test_how_well_somebody_is_connected(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    observed.observer_listens = True
    ava = await enter(real, "link", "ava", publish=["microphone"])
    await enter(real, "link", "ben")
    page = Page()
    watch = await live.watch(observed, "link", page)
    await comes(watch)

    async def known() -> bool:
        return watch.quality.get("ava") in {"good", "excellent"}

    async def unknown() -> bool:
        return watch.quality == {}

    await eventually(known)
    assert set(watch.quality) == {"ava"}
    await ava.unpublish(ava.tracks["microphone"])
    await eventually(unknown)


async def test_without_the_switch_nobody_is_measured(
    live: Reader, observed: Project, real: Server, enter: Enter
) -> None:
    ava = await enter(real, "deaf", "ava", publish=["microphone"])
    page = Page(panel="ava")
    await comes(await live.watch(observed, "deaf", page))
    await ava.mute(ava.tracks["microphone"])
    await page.reads("microphone muted")
    assert page.asides == []
