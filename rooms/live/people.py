"""Which people of a room a page shows, in which order, and the counts on its chips. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from rooms.live.hands import Hand, hand_of
from rooms.live.paging import Cut, cut, page_number, query_string
from rooms.livekit.snapshots import Participant, Track

PAGE_SIZE = 100
PLACES = ("stage", "hand", "audience", "agents")
SORTS = ("place", "name", "-name", "since", "-since")
MUTED = {"mic": "MICROPHONE", "cam": "CAMERA"}
ORDER_OF_PLACES = {place: number for number, place in enumerate(PLACES)}
LATEST = datetime.max.replace(tzinfo=UTC)
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class PeopleView:
    """What the address of a room page asks for. Unknown values fall back to the default, never to an error."""

    q: str = ""
    on: str = ""
    kind: str = ""
    muted: str = ""
    hidden: bool = False
    sort: str = "place"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> PeopleView:
        """Read the view from a query string's values."""
        on, muted, sort, page = (query.get(name) or "" for name in ("on", "muted", "sort", "page"))
        return cls(
            q=(query.get("q") or "").strip()[:200],
            on=on if on in PLACES else "",
            kind=(query.get("kind") or "").upper()[:20],
            muted=muted if muted in MUTED else "",
            hidden=query.get("hidden") == "1",
            sort=sort if sort in SORTS else "place",
            page=page_number(page),
        )

    def query(self, **changes: Any) -> str:
        """Return the query string of this view with ``changes``; the page starts again at 1 unless it is named."""
        values = {name: getattr(self, name) for name in self.__slots__} | {"page": 1} | changes
        values["hidden"] = "1" if values["hidden"] else ""
        return query_string(values, {"sort": "place", "page": 1})

    @property
    def narrowed(self) -> bool:
        """Whether the page shows less than everybody."""
        return bool(self.q or self.on or self.kind or self.muted or self.hidden)


class Placed(NamedTuple):
    """A person with the place in the room that the page gives them."""

    person: Participant
    place: str
    hand: Hand | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The people on one page, and the figures of the whole room."""

    cut: Cut[Placed]
    counts: Mapping[str, int]
    kinds: Mapping[str, int]


def place_of(person: Participant, hand: Hand | None) -> str:
    """Return "stage", "hand", "audience", or "agents" for those that LiveKit does not count."""
    if person.dependent:
        return "agents"
    if person.on_stage:
        return "stage"
    return "hand" if hand else "audience"


def track_of(person: Participant, source: str) -> Track | None:
    """Return the person's track of ``source``; of several the one with the lowest sid."""
    return next((track for track in person.tracks if track.source == source), None)


def is_muted(person: Participant, source: str = "MICROPHONE") -> bool:
    """Whether the person publishes ``source`` and it is muted."""
    track = track_of(person, source)
    return track is not None and track.muted


def page_of(
    people: Iterable[Participant],
    view: PeopleView,
    hand_keys: tuple[str, ...],
    *,
    show_hidden: bool,
    size: int = PAGE_SIZE,
) -> PeoplePage:
    """Return the page that ``view`` asks for; a page past the end is the last one."""
    placed = [_place(person, hand_keys) for person in people if show_hidden or not person.permission.hidden]
    found = [each for each in placed if _shown(each, view)] if view.narrowed else list(placed)
    found.sort(key=ORDERS[view.sort.lstrip("-")], reverse=view.sort.startswith("-"))
    return PeoplePage(cut(found, view.page, size), *_figures(placed))


def _figures(placed: list[Placed]) -> tuple[dict[str, int], dict[str, int]]:
    places = dict.fromkeys(PLACES, 0) | Counter(each.place for each in placed)
    counts = {
        "all": len(placed),
        **places,
        "muted": sum(is_muted(each.person) for each in placed if each.person.tracks),
        "hidden": sum(each.person.permission.hidden for each in placed),
        # LiveKit counts everybody but agents and egress.
        "people": len(placed) - places["agents"],
        "publishers": sum(each.person.is_publisher for each in placed),
    }
    return counts, dict(sorted(Counter(each.person.kind for each in placed).items()))


def _place(person: Participant, hand_keys: tuple[str, ...]) -> Placed:
    hand = hand_of(person.attributes, hand_keys) if person.attributes else None
    return Placed(person, place_of(person, hand), hand)


def _shown(each: Placed, view: PeopleView) -> bool:
    person = each.person
    return (
        (not view.on or each.place == view.on)
        and (not view.kind or person.kind == view.kind)
        and (not view.muted or is_muted(person, MUTED[view.muted]))
        and (not view.hidden or person.hidden)
        and (not view.q or _matches(person, view.q.casefold()))
    )


def _matches(person: Participant, q: str) -> bool:
    """Whether name, identity, sid or an attribute ("lang", "lang=de", "de") holds the words that were typed."""
    if q in person.name.casefold() or q in person.identity.casefold() or q == person.sid.casefold():
        return True
    return any(q in f"{key}={value}".casefold() for key, value in person.attributes.items())


def _by_place(each: Placed) -> tuple[Any, ...]:
    asked = each.hand.since.timestamp() if each.hand and each.hand.since and each.place == "hand" else NEVER
    return (ORDER_OF_PLACES[each.place], asked, each.person.label.casefold(), each.person.identity)


def _by_name(each: Placed) -> tuple[Any, ...]:
    return (each.person.label.casefold(), each.person.identity)


def _by_since(each: Placed) -> tuple[Any, ...]:
    return (each.person.joined_at or LATEST, each.person.identity)


ORDERS: dict[str, Callable[[Placed], tuple[Any, ...]]] = {"place": _by_place, "name": _by_name, "since": _by_since}
