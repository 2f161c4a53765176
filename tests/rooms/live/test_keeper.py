"""History while nobody looks: only where the project wants it, and only for as long as it wants it."""

from __future__ import annotations

from rooms.live.keeper import Keeper
from rooms.live.reader import Reader
from rooms.models import FeedEntry, Project
from tests.people import join
from tests.rooms.live.conftest import until
from tests.servers import Server


async def test_a_project_that_keeps_history_is_read_without_anybody_looking(
    live: Reader, project: Project, simulator: Server
) -> None:
    project.keep_history, project.reading_interval = True, 0.2
    await project.asave()
    await join(simulator, "kept", "ava")
    keeper = Keeper()

    async def told() -> bool:
        await keeper.round()
        return await FeedEntry.objects.filter(project=project, room="kept", words="left").aexists()

    async def seen() -> bool:
        await keeper.round()
        return live.knows(project.pk, "kept")

    await until(seen)
    bob = await join(simulator, "kept", "bob")
    await until(lambda: FeedEntry.objects.filter(project=project, identity="bob", words="joined").aexists())
    await bob.leave()
    await until(told)
    await keeper.stop()


async def test_a_project_that_does_not_is_left_alone(live: Reader, project: Project, simulator: Server) -> None:
    await join(simulator, "unkept", "ava")
    keeper = Keeper()
    await keeper.round()
    assert not live.knows(project.pk, None)
    assert not live.knows(project.pk, "unkept")
