"""Which rooms the list shows, in which order, and what its chips count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from rooms.live.roomlist import RoomsPage, RoomsView, page_of
from rooms.livekit.snapshots import Room

START = datetime(2026, 11, 20, tzinfo=UTC)


def opened(name: str, people: int, minutes: int, **fields: Any) -> Room:
    return Room(
        sid=f"RM_{name}",
        name=name,
        num_participants=people,
        created_at=START + timedelta(minutes=minutes),
        **fields,
    )


ROOMS = [
    opened("standup", 4, 5),
    opened("Webinar", 212, 1, active_recording=True, metadata='{"title": "Autumn"}'),
    opened("", 0, 9),
    opened("class", 4, 2),
]


def names(**values: Any) -> list[str]:
    return [room.name for room in shown(**values).cut.rows]


def shown(size: int = 100, **values: Any) -> RoomsPage:
    return page_of(ROOMS, RoomsView.of(values), size)


def test_the_fullest_room_comes_first_and_equals_go_by_name() -> None:
    assert names() == ["Webinar", "class", "standup", ""]
    assert names() == [room.name for room in page_of(reversed(ROOMS), RoomsView()).cut.rows]


def test_sorts_by_name_and_by_age() -> None:
    assert names(sort="name") == ["", "class", "standup", "Webinar"]
    assert names(sort="-age") == ["", "standup", "class", "Webinar"]
    assert names(sort="age") == ["Webinar", "class", "standup", ""]


def test_search_looks_into_names_and_metadata() -> None:
    assert names(q="AUTUMN") == ["Webinar"]
    assert names(q="s") == names(q="S")
    assert names(q="RM_class") == ["class"]


def test_chips_count_all_rooms() -> None:
    page = shown(show="recording")
    assert [room.name for room in page.cut.rows] == ["Webinar"]
    assert page.counts == {"busy": 3, "empty": 1, "recording": 1, "all": 4, "people": 220}


def test_pages_are_cut_by_the_server() -> None:
    page = shown(size=3, page="2")
    assert (len(page.cut.rows), page.cut.pages, page.cut.first, page.cut.last, page.cut.found) == (1, 2, 4, 4, 4)


def test_nonsense_in_the_address_falls_back_to_the_default() -> None:
    assert RoomsView.of({"sort": "x", "show": "?", "page": "1e9"}) == RoomsView()
