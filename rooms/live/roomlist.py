"""Which rooms of a project a page shows, in which order, and the counts on its chips. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rooms.live.paging import Cut, cut, page_number, query_string
from rooms.livekit.snapshots import Room

PAGE_SIZE = 100
SHOWS: dict[str, Callable[[Room], bool]] = {
    "busy": lambda room: room.num_participants > 0,
    "empty": lambda room: room.num_participants == 0,
    "recording": lambda room: room.active_recording,
}
OLDEST = datetime.min.replace(tzinfo=UTC)
ORDERS: dict[str, Callable[[Room], Any]] = {
    "people": lambda room: (room.num_participants, room.num_publishers),
    "publishers": lambda room: room.num_publishers,
    "name": lambda room: room.name.casefold(),
    "age": lambda room: room.created_at or OLDEST,
}
# The busiest first; a name from A, an age from the newest.
DEFAULT_SORT = "-people"
SORTS = frozenset(sign + name for name in ORDERS for sign in ("", "-"))


@dataclass(frozen=True, slots=True)
class RoomsView:
    """What the address of the list asks for. Unknown values fall back to the default, never to an error."""

    q: str = ""
    show: str = ""
    sort: str = DEFAULT_SORT
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> RoomsView:
        """Read the view from a query string's values."""
        show, sort, page = (query.get(name) or "" for name in ("show", "sort", "page"))
        return cls(
            q=(query.get("q") or "").strip()[:256],
            show=show if show in SHOWS else "",
            sort=sort if sort in SORTS else DEFAULT_SORT,
            page=page_number(page),
        )

    def query(self, **changes: Any) -> str:
        """Return the query string of this view with ``changes``; the page starts again at 1 unless it is named."""
        values = {name: getattr(self, name) for name in self.__slots__} | {"page": 1} | changes
        return query_string(values, {"sort": DEFAULT_SORT, "page": 1})

    @property
    def narrowed(self) -> bool:
        """Whether the page shows less than every room."""
        return bool(self.q or self.show)


@dataclass(frozen=True, slots=True)
class RoomsPage:
    """The rooms on one page, and the figures of the whole project."""

    cut: Cut[Room]
    counts: Mapping[str, int]


def page_of(rooms: Iterable[Room], view: RoomsView, size: int = PAGE_SIZE) -> RoomsPage:
    """Return the page that ``view`` asks for; a page past the end is the last one."""
    every = list(rooms)
    q = view.q.casefold()
    found = [
        room
        for room in every
        if (not view.show or SHOWS[view.show](room))
        and (not q or q in room.name.casefold() or q in room.metadata.casefold() or q == room.sid.casefold())
    ]
    found.sort(key=lambda room: (room.name.casefold(), room.sid))
    found.sort(key=ORDERS[view.sort.lstrip("-")], reverse=view.sort.startswith("-"))
    counts = {name: sum(map(shows, every)) for name, shows in SHOWS.items()}
    counts["all"] = len(every)
    counts["people"] = sum(room.num_participants for room in every)
    return RoomsPage(cut(found, view.page, size), counts)
