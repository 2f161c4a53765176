"""What participants say on the project's chat topics: in the feed where the project wants it, and nowhere else."""

from __future__ import annotations

import asyncio

import pytest

from rooms.live import feed, fragments
from rooms.live.reader import Reader
from rooms.livekit import client
from rooms.models import FeedEntry, Project
from tests.rooms.live.conftest import Page
from tests.rooms.live.watching import Enter, comes, enter, eventually, observed, real
from tests.servers import Server

__all__ = ["enter", "observed", "real"]


@pytest.fixture
def chatting(observed: Project) -> Project:
    """Its administrators want what is said on two topics."""
    observed.observer_chat, observed.chat_topics = True, "lk.chat, support"
    return observed


async def hears(page: Page, *texts: str) -> None:
    """Wait until the page was told that each of ``texts`` was said."""

    async def told() -> bool:
        return set(texts) <= {line.new for line in page.said}

    await eventually(told)


async def test_what_is_said_to_everybody_is_in_the_feed(
    live: Reader, chatting: Project, real: Server, enter: Enter
) -> None:
    ava = await enter(real, "chat", "ava", name="Ava")
    await enter(real, "chat", "ben")
    page = Page()
    await comes(await live.watch(chatting, "chat", page))
    await ava.say("Hello, everybody")
    await ava.say("Only for Ben", to=["ben"])
    await ava.say("Another program’s topic", topic="telemetry")
    await ava.send_data(b"Can you hear me?", topic="support")
    await ava.send_data(b"raw", topic="other")
    await ava.send_data(b'{"id": "1", "timestamp": 5, "message": "as older clients write"}', topic="lk.chat")
    await hears(page, "Hello, everybody", "Can you hear me?", "as older clients write")
    told = {(line.label, line.identity, line.kind, line.field, line.new) for line in page.said}
    assert told == {
        ("Ava", "ava", feed.SAID, "lk.chat", "Hello, everybody"),
        ("Ava", "ava", feed.SAID, "support", "Can you hear me?"),
        ("Ava", "ava", feed.SAID, "lk.chat", "as older clients write"),
    }
    kept = FeedEntry.objects.filter(project=chatting, room="chat", kind=feed.SAID)
    assert {row.new async for row in kept} == {line.new for line in page.said}


async def test_what_the_server_sends_has_no_sender(live: Reader, chatting: Project, real: Server, enter: Enter) -> None:
    await enter(real, "told", "ava")
    page = Page()
    await comes(await live.watch(chatting, "told", page))
    await client.send_data(chatting.connection, "told", b"We start in five minutes", topic="support")
    await hears(page, "We start in five minutes")
    line = page.said[0]
    assert (line.identity, line.words) == ("", "was sent “We start in five minutes”")


async def test_what_strangers_write_stays_text_and_is_cut(
    live: Reader, chatting: Project, real: Server, enter: Enter
) -> None:
    ava = await enter(real, "hostile", "ava")
    page = Page()
    await comes(await live.watch(chatting, "hostile", page))
    markup, long = "<img src=x onerror=alert(1)>\x00\u202e", "x" * 100_000
    await ava.say(markup)
    await ava.say(long)
    await ava.send_data(b"\xff\xfe" + b"y" * 10_000, topic="support")

    async def all_three() -> bool:
        return len(page.said) == 3

    await eventually(all_three)
    by_start = {str(line.new)[:1]: line for line in page.said}
    html = str(fragments.feed(chatting, [by_start["<"]])[0])
    assert "<img" not in html
    assert "&lt;img" in html
    assert "\u202e" not in html
    assert len(by_start["x"].new) == len(by_start["\ufffd"].new) == 2_001
    assert len(str(fragments.feed(chatting, [by_start["x"]])[0])) < 2_000


async def test_a_flood_is_counted_and_not_shown(live: Reader, chatting: Project, real: Server, enter: Enter) -> None:
    ava = await enter(real, "flood", "ava")
    page = Page()
    await comes(await live.watch(chatting, "flood", page))
    await asyncio.gather(*(ava.send_data(f"{number}".encode(), topic="support") for number in range(200)))

    async def counted() -> bool:
        return any("came too fast" in line.words for line in page.said)

    await eventually(counted)
    shown = [line for line in page.said if line.new is not None]
    (missed,) = [line for line in page.said if line.new is None]
    assert 30 <= len(shown) < 60
    assert missed.words.startswith(f"{200 - len(shown)} more")


async def test_without_the_switch_nothing_is_told(live: Reader, observed: Project, real: Server, enter: Enter) -> None:
    observed.chat_topics = "lk.chat"
    ava = await enter(real, "silent", "ava")
    page = Page()
    await comes(await live.watch(observed, "silent", page))
    await ava.say("nobody wants to know")
    await client.update_participant(observed.connection, "silent", "ava", attributes={"later": "1"})
    await page.reads("later set to 1")
    assert page.said == []
    observed.observer_chat = True
    await live.nudge(observed.pk, "silent")

    async def heard() -> bool:
        await ava.say("now they do")
        return "now they do" in {line.new for line in page.said}

    await eventually(heard)
    assert "nobody wants to know" not in {line.new for line in page.said}


async def test_hidden_people_are_left_out_where_the_project_hides_them(
    live: Reader, chatting: Project, real: Server, enter: Enter
) -> None:
    chatting.show_hidden = False
    ava = await enter(real, "shown", "ava")
    ghost = await enter(real, "shown", "ghost", hidden=True)
    page = Page()
    await comes(await live.watch(chatting, "shown", page))
    await ghost.say("boo")
    await ava.say("who was that?")
    await hears(page, "who was that?")
    assert [line.identity for line in page.said if line.identity] == ["ava"]
