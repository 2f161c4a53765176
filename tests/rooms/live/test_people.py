"""Which people a page shows, in which order, and what its chips count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict

from rooms.live.people import PeoplePage, PeopleView, page_of
from rooms.livekit.snapshots import Participant, Permission, Track

KEYS = ("handRaisedAt", "hand")
SPEAKER = Permission(can_subscribe=True, can_publish=True)
LISTENER = Permission(can_subscribe=True)


def person(identity: str, **fields: Any) -> Participant:
    return Participant(sid=f"PA_{identity}", identity=identity, **({"permission": LISTENER} | fields))


def audio(sid: str, *, muted: bool = False) -> Track:
    return Track(sid=sid, source="MICROPHONE", muted=muted)


ROOM = [
    person("zoe", name="Zoe", permission=SPEAKER, tracks=(audio("TR_1", muted=True),), is_publisher=True),
    person("ava", name="Ava", permission=SPEAKER, tracks=(audio("TR_2"),), is_publisher=True),
    person("late", name="Late hand", attributes={"handRaisedAt": "2026-11-20T12:05:00Z"}),
    person("early", name="Early hand", attributes={"handRaisedAt": "2026-11-20T12:01:00Z"}),
    person("unclear", name="A hand without a time", attributes={"hand": "true"}),
    person("bob", name="Bob", attributes={"lang": "de"}, joined_at=datetime(2026, 11, 20, tzinfo=UTC)),
    person("desk", permission=LISTENER.overlay(hidden=True)),
    person("bot", name="Captions", kind="AGENT", permission=SPEAKER),
    person("sip_49", name="+49 30", kind="SIP"),
]


def shown(query: str = "", **options: Any) -> PeoplePage:
    options = {"show_hidden": True} | options
    return page_of(ROOM, PeopleView.of(QueryDict(query).dict()), KEYS, **options)


def identities(query: str = "", **options: Any) -> list[str]:
    return [each.person.identity for each in shown(query, **options).cut.rows]


def test_the_stage_comes_first_then_hands_in_order_of_asking_then_audience_then_agents() -> None:
    assert identities() == ["ava", "zoe", "early", "late", "unclear", "sip_49", "bob", "desk", "bot"]


def test_the_order_of_livekits_reply_does_not_matter() -> None:
    turned = page_of(reversed(ROOM), PeopleView(), KEYS, show_hidden=True)
    assert [each.person.identity for each in turned.cut.rows] == identities()


def test_chips_count_the_whole_room_whatever_the_filter() -> None:
    counts = shown("on=hand").counts
    assert counts == {
        "all": 9,
        "stage": 2,
        "hand": 3,
        "audience": 3,
        "agents": 1,
        "muted": 1,
        "hidden": 1,
        "people": 8,
        "publishers": 2,
    }


def test_filters_narrow_and_combine() -> None:
    assert identities("on=stage&muted=mic") == ["zoe"]
    assert identities("kind=SIP") == ["sip_49"]
    assert identities("hidden=1") == ["desk"]
    assert identities("q=LANG%3Dde") == ["bob"]
    assert identities("q=late") == ["late"]


def test_hidden_people_are_left_out_where_the_project_hides_them() -> None:
    page = shown(show_hidden=False)
    assert "desk" not in [each.person.identity for each in page.cut.rows]
    assert page.counts["hidden"] == 0


def test_a_page_past_the_end_is_the_last_one() -> None:
    page = shown("page=99", size=4)
    assert (page.cut.page, page.cut.pages, page.cut.first, page.cut.last) == (3, 3, 9, 9)


def test_nonsense_in_the_address_falls_back_to_the_default() -> None:
    view = PeopleView.of(QueryDict("on=moon&sort=';drop&page=-3&muted=1&kind=%00&hidden=yes").dict())
    assert view == PeopleView(kind="\0")


def test_a_query_keeps_what_it_does_not_change_and_goes_back_to_the_first_page() -> None:
    view = PeopleView.of(QueryDict("q=a+b&on=stage&page=3&sort=-name").dict())
    assert QueryDict(view.query(on="hand")).dict() == {"q": "a b", "on": "hand", "sort": "-name"}
    assert PeopleView.of(QueryDict(view.query(page=4)).dict()).page == 4


def test_two_people_of_one_name_keep_one_order() -> None:
    twins = [person("b", name="Twin"), person("a", name="Twin")]
    page = page_of(twins, PeopleView(), KEYS, show_hidden=True)
    assert [each.person.identity for each in page.cut.rows] == ["a", "b"]
