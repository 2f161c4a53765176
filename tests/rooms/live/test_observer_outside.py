"""An observer that cannot get in: administrators are told why, nobody else is harmed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from tests.servers.fixtures import RTC_MISSING

pytest.importorskip("livekit.rtc", reason=RTC_MISSING)

from rooms.live.outside import WORDS, forget, note, outside
from rooms.live.reader import Reader
from rooms.livekit.observing import observers
from rooms.livekit.snapshots import RoomState
from rooms.models import Project
from tests.fixtures.people import AsUser
from tests.people import join
from tests.rooms.live.conftest import Page
from tests.rooms.live.watching import Enter, comes, enter, eventually, observed, real
from tests.servers import Configuration, Server, Servers

__all__ = ["enter", "observed", "real"]

# Seconds. A try of the library lasts 15 until it gives the media up.
MEDIA = 40.0


async def test_without_media_one_try_fails_and_other_rooms_stay_watched(
    live: Reader, observed: Project, real: Server, enter: Enter, livekit_servers: Servers
) -> None:
    mute = livekit_servers.get("real", Configuration(media=False))
    elsewhere = await Project.objects.acreate(
        slug="far", name="Far", url=mute.url, api_key=mute.key, api_secret=mute.secret, observer=True
    )
    await enter(real, "near", "ava")
    await comes(await live.watch(observed, "near", Page()))
    process = observers().process
    assert process is not None
    pid = process.pid
    far = await join(mute, "far", "ben", signalling_only=True)
    await live.watch(elsewhere, "far", Page())

    async def told() -> bool:
        return outside(elsewhere.pk) is not None

    await eventually(told, within=MEDIA)
    found = outside(elsewhere.pk)
    assert found is not None
    assert found.title == WORDS["media"][0]
    assert outside(observed.pk) is None
    process = observers().process
    assert process is not None
    assert process.pid == pid
    await live.close()
    await far.leave()


async def test_the_settings_say_that_the_simulator_has_no_media(
    live: Reader, bare_project: Project, alice: User, as_user: AsUser, livekit_servers: Servers
) -> None:
    simulator = livekit_servers.get("simulator", Configuration())
    bare_project.url, bare_project.api_key, bare_project.api_secret = simulator.url, simulator.key, simulator.secret
    bare_project.observer = True
    await bare_project.asave()
    settings = reverse("project_settings", args=[bare_project.slug])
    await join(simulator, "stage", "ava")
    page = Page()
    watch = await live.watch(bare_project, "stage", page)

    async def told() -> bool:
        return outside(bare_project.pk) is not None

    await eventually(told, within=MEDIA)
    assert isinstance(watch.state, RoomState)
    assert not any(isinstance(step.new, RoomState) and step.new.watched for step in page.steps)
    html = (await as_user(alice).get(settings)).content.decode()
    assert WORDS["media"][0] in html
    await live.close()
    await forget(bare_project.pk)
    assert WORDS["media"][0] not in (await as_user(alice).get(settings)).content.decode()


async def test_only_what_has_words_is_noted(bare_project: Project) -> None:
    for reason in ("ROOM_CLOSED", "cut", "another room"):
        await note(bare_project.pk, reason)
    assert outside(bare_project.pk) is None


@pytest.mark.parametrize("reason", WORDS)
async def test_each_reason_has_words_and_a_way_out(reason: str, bare_project: Project) -> None:
    await note(bare_project.pk, reason)
    found = outside(bare_project.pk)
    assert found is not None
    assert (found.title, found.remedy) == WORDS[reason]
    await forget(bare_project.pk)
