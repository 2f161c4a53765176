"""The reader on the running simulator: one reading for any number of pages, own acts at once, trouble out loud."""

from __future__ import annotations

from rooms.live import bus
from rooms.live.feed import Act
from rooms.live.reader import Reader
from rooms.livekit import client
from rooms.livekit.snapshots import RoomState
from rooms.models import FeedEntry, Project
from tests.people import join
from tests.rooms.live.conftest import Page, control
from tests.servers import Server


def people_of(state: object) -> set[str]:
    assert isinstance(state, RoomState)
    return set(state.people)


async def test_a_newcomer_is_told_without_anybody_asking(live: Reader, project: Project, simulator: Server) -> None:
    await join(simulator, "told", "ava", name="Ava")
    page = Page()
    await live.watch(project, "told", page)
    await page.hears("refetch")
    await join(simulator, "told", "bob", name="Bob", can_publish=False)
    await page.reads("joined")
    assert people_of(page.steps[-1].new) == {"ava", "bob"}
    stored = [entry async for entry in FeedEntry.objects.filter(project=project, room="told")]
    assert [(entry.identity, entry.words, entry.by) for entry in stored] == [("bob", "joined", "")]


async def test_twenty_pages_cost_what_one_costs(live: Reader, patient: Project, own: Server) -> None:
    await join(own, "shared", "ava")
    await control(own, "DELETE", "calls")
    seen = await live.state_for_page(patient, "shared")
    pages = [Page() for _ in range(20)]
    for page in pages:
        watch = await live.watch(patient, "shared", page)
    assert (watch.version, people_of(watch.state)) == (seen.version, {"ava"})
    await pages[0].hears("beat")
    calls = await control(own, "GET", "calls")
    assert calls["ListParticipants"] <= 2


async def test_an_own_act_reaches_every_page_at_once_and_says_who(live: Reader, patient: Project, own: Server) -> None:
    await join(own, "acted", "ava", name="Ava", can_publish=False)
    pages = [Page(), Page()]
    for page in pages:
        await live.watch(patient, "acted", page)
    await pages[0].hears("refetch")
    before = await client.get_participant(patient.connection, "acted", "ava")
    after = await client.update_participant(
        patient.connection, "acted", "ava", permission=before.permission.overlay(can_publish=True)
    )
    await live.absorb(patient, "acted", Act("mona", "promote", "acted", "ava"), before=before, participant=after)
    for page in pages:
        await page.reads("may publish: no → yes")
        assert page.lines == [("Ava", "may publish: no → yes", "mona")]


async def test_an_act_in_a_room_that_nobody_watches_goes_into_the_history(
    live: Reader, patient: Project, own: Server
) -> None:
    await join(own, "unwatched", "ava", name="Ava")
    before = await client.get_participant(patient.connection, "unwatched", "ava")
    after = await client.update_participant(patient.connection, "unwatched", "ava", name="Ava Lindqvist")
    await live.absorb(patient, "unwatched", Act("mona", "name", "unwatched", "ava"), before=before, participant=after)
    entry = await FeedEntry.objects.aget(project=patient, room="unwatched")
    assert (entry.kind, entry.old, entry.new, entry.by) == ("name", "Ava", "Ava Lindqvist", "mona")


async def test_a_webhook_makes_it_look_now(live: Reader, patient: Project, own: Server) -> None:
    page = Page()
    await live.watch(patient, "nudged", page)
    await page.hears("refetch")
    await join(own, "nudged", "ava")
    await live.nudge(patient.pk, "nudged")
    await page.reads("joined")


async def test_livekit_away_is_said_and_heals_by_itself(live: Reader, bare_project: Project, own: Server) -> None:
    bare_project.url, bare_project.api_key, bare_project.api_secret = own.url, own.key, own.secret
    bare_project.reading_interval = 0.2
    await bare_project.asave()
    await join(own, "cut", "ava")
    page = Page()
    watch = await live.watch(bare_project, "cut", page)
    await page.hears("refetch")
    await control(own, "POST", "away", {"away": True})
    await page.hears("stale")
    assert page.troubles[0].title
    assert people_of(watch.state) == {"ava"}
    seen = await live.state_for_page(bare_project, "cut")
    assert seen.trouble is not None
    await control(own, "POST", "away", {"away": False})
    page.heard.clear()
    await page.hears("beat")
    assert watch.trouble is None


async def test_a_page_of_an_absent_livekit_gets_words_not_an_exception(live: Reader, bare_project: Project) -> None:
    seen = await live.state_for_page(bare_project, "anything")
    assert seen.state is None
    assert seen.trouble is not None
    assert "127.0.0.1" in seen.trouble.words or seen.trouble.title


async def test_rights_taken_away_are_told_to_that_users_pages_only(live: Reader, patient: Project, own: Server) -> None:
    theirs, anothers = Page(user_id=7), Page(user_id=8)
    await live.watch(patient, "rights", theirs)
    await live.watch(patient, "rights", anothers)
    await bus.publish_rights(patient.pk, 7)
    await theirs.hears("rights")
    assert "rights" not in anothers.heard


async def test_hidden_people_do_not_enter_the_feed_where_the_project_hides_them(
    live: Reader, patient: Project, own: Server
) -> None:
    patient.show_hidden = False
    await patient.asave()
    page = Page()
    await live.watch(patient, "veiled", page)
    await page.hears("refetch")
    await join(own, "veiled", "desk", hidden=True)
    await join(own, "veiled", "ava")
    await live.nudge(patient.pk, "veiled")
    await page.reads("joined")
    assert [label for label, words, _ in page.lines if words == "joined"] == ["ava"]


async def test_closing_a_room_is_told_as_done_from_here(live: Reader, patient: Project, own: Server) -> None:
    await join(own, "closing", "ava", name="Ava")
    page = Page()
    await live.watch(patient, "closing", page)
    await page.hears("refetch")
    await client.delete_room(patient.connection, "closing")
    await live.absorb(patient, "closing", Act("mona", "close_room", "closing"), closed=True)
    await page.reads("left", "closed")
    assert {by for _, _, by in page.lines} == {"mona"}


async def test_changing_a_rooms_metadata_is_told_as_done_from_here(live: Reader, patient: Project, own: Server) -> None:
    await join(own, "renamed", "ava")
    page = Page()
    await live.watch(patient, "renamed", page)
    await page.hears("refetch")
    room = await client.update_room_metadata(patient.connection, "renamed", "{}")
    await live.absorb(patient, "renamed", Act("mona", "room_metadata", "renamed"), room_snapshot=room)
    await page.hears("step")
    assert [by for _, _, by in page.lines] == ["mona"]


async def test_a_room_that_closes_is_told_once_though_list_and_room_are_watched(
    live: Reader, patient: Project, own: Server
) -> None:
    await join(own, "once", "ava")
    inside, outside = Page(), Page()
    await live.watch(patient, "once", inside)
    await live.watch(patient, None, outside)
    await inside.hears("refetch")
    await outside.hears("refetch")
    await client.delete_room(patient.connection, "once")
    await live.absorb(patient, "once", Act("mona", "close_room", "once"), closed=True)
    await inside.reads("closed")
    await outside.hears("step")
    assert await FeedEntry.objects.filter(project=patient, room="once", words="closed").acount() == 1
