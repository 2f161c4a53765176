"""The live regions: for each page its parts and rows, rendered the same for page, fragment and socket.

``room`` and ``rooms`` return a :class:`Region`. The page includes it, the fragment view answers with it, and the
socket sends the difference between two of them. Context builders take plain data: no request, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from rooms.live import people, person_fragments, roomlist
from rooms.live.feed import Entry
from rooms.live.hands import keys_of
from rooms.live.people import PeoplePage, PeopleView, Placed
from rooms.live.roomlist import RoomsView
from rooms.live.rows import Rendered, person_row, room_row, row_id
from rooms.livekit.snapshots import Room, RoomsState, RoomState
from rooms.models import Project
from rooms.moderation.eyes import Eyes

PEOPLE_GROUPS = {
    "stage": ("On stage", "radio", "stage"),
    "hand": ("Hands raised", "hand", "hand"),
    "audience": ("Audience", "users", ""),
    "agents": ("Agents and egress", "waypoints", ""),
}

# Views of one state that are kept: as many as differently filtered pages look at it at once.
MOST_REMEMBERED = 100

_people_rows = Rendered("_participant.html")
_room_rows = Rendered("_room.html")
_feed_lines = Rendered("_feed_entry.html")


@dataclass(frozen=True, slots=True)
class Region:
    """One page's live region: ``parts`` by DOM id, ``rows`` of its table by DOM id and in their order."""

    parts: Mapping[str, SafeString]
    rows: Mapping[str, SafeString]
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def part(self) -> dict[str, SafeString]:
        """The parts by names that a template can say."""
        return {key.replace("-", "_"): html for key, html in self.parts.items()}

    @property
    def table(self) -> SafeString:
        """All rows, for a page that includes them."""
        return SafeString("".join(self.rows.values()))


def room(
    project: Project, name: str, state: RoomState, view: PeopleView, eyes: Eyes, identity: str | None = None
) -> Region:
    """Return the live region of a room page as ``view`` and ``eyes`` ask; with an open person, their parts too."""
    shown = people.page_of(
        state.people.values(), view, keys_of(project.hand_attributes), show_hidden=project.show_hidden
    )
    base = reverse("room", args=[project.slug, name])
    context = {"project": project, "name": name, "room": state.room, "view": view, "page": shown, "url": base}
    context["watched"] = state.watched
    context |= {"eyes": eyes, "filters": people_filters(view, shown)} | _neighbours(view, shown.cut.page)
    parts = {part: render_to_string(template, context) for part, template in ROOM_PARTS.items()}
    digests: dict[str, str] = {}
    person = state.people.get(identity) if identity is not None else None
    if person is not None:
        parts |= person_fragments.parts(project, name, person, eyes)
        digests = person_fragments.digests(person)
    elif identity is not None:
        parts |= person_fragments.gone_parts()
    return Region(parts, _people(shown, view, base, eyes), digests)


ROOM_PARTS = {
    "room-facts": "_room_line.html",
    "people-chips": "_chips.html",
    "people-empty": "_people_empty.html",
    "people-foot": "_shown.html",
}


def _people(shown: PeoplePage, view: PeopleView, base: str, eyes: Eyes) -> dict[str, SafeString]:
    rows: dict[str, SafeString] = {}
    place = ""
    for each in shown.cut.rows:
        if view.sort == "place" and each.place != place:
            place = each.place
            rows[f"g-{place}"] = _group(place, shown.counts[place])
        key = row_id(each.person)
        rows[key] = _person(each, base, eyes)
    return rows


def _person(each: Placed, base: str, eyes: Eyes) -> SafeString:
    seen_as = (base, eyes, each.place, each.hand, each.person.sid)
    return _people_rows.row(seen_as, each.person, lambda: person_row(each, base, eyes))


def _group(place: str, count: int) -> SafeString:
    words, icon, tone = PEOPLE_GROUPS[place]
    context = {"key": f"g-{place}", "words": words, "icon": icon, "tone": tone, "count": count}
    return render_to_string("_people_group.html", context | {"uncounted": place == "agents"})


@dataclass(frozen=True, slots=True)
class Filter:
    """A chip: its words, count and the query that it leads to; the current one leads back to everybody."""

    words: str
    count: int
    query: str
    current: bool
    icon: str = ""
    tone: str = ""


def people_filters(view: PeopleView, shown: PeoplePage) -> list[Filter]:
    """Return the chips of a room: the room's figures, each the way to those people. Empty ones are left out."""
    counts = shown.counts
    every = view.query(on="", muted="", hidden=False, kind="")
    chips = [Filter("All", counts["all"], every, not (view.on or view.muted or view.hidden or view.kind))]
    for place, (words, icon, tone) in PEOPLE_GROUPS.items():
        short = {"hand": "Hands", "agents": "Agents"}.get(place, words)
        query = view.query(on="" if view.on == place else place)
        chips.append(Filter(short, counts[place], query, view.on == place, icon if tone else "", tone))
    chips.append(
        Filter("Muted", counts["muted"], view.query(muted="" if view.muted else "mic"), bool(view.muted), "mic-off")
    )
    hidden = view.query(hidden=not view.hidden)
    chips.append(Filter("Hidden", counts["hidden"], hidden, view.hidden, "eye-off", "hidden"))
    for kind, count in shown.kinds.items():
        if kind not in ("STANDARD", "AGENT", "EGRESS") or kind == view.kind:
            label = "SIP" if kind == "SIP" else kind.capitalize()
            chips.append(Filter(label, count, view.query(kind="" if view.kind == kind else kind), view.kind == kind))
    return [chip for chip in chips if chip.count or chip.current or chip.words in ("All", "On stage", "Hands")]


def rooms(project: Project, state: RoomsState, view: RoomsView, eyes: Eyes) -> Region:
    """Return the live region of a project's list of rooms as ``view`` and ``eyes`` ask."""
    shown = roomlist.page_of(state.rooms.values(), view)
    base = reverse("rooms", args=[project.slug])
    context = {"project": project, "view": view, "page": shown, "eyes": eyes} | _neighbours(view, shown.cut.page)
    context["filters"] = room_filters(view, shown.counts)
    parts = {part: render_to_string(template, context) for part, template in ROOMS_PARTS.items()}
    return Region(parts, {f"r-{each.sid}": _room(each, base, eyes) for each in shown.cut.rows})


def _room(each: Room, base: str, eyes: Eyes) -> SafeString:
    return _room_rows.row((base, eyes, each.sid), each, lambda: room_row(each, base, eyes))


ROOMS_PARTS = {
    "rooms-chips": "_chips.html",
    "rooms-empty": "_rooms_empty.html",
    "rooms-foot": "_shown.html",
}


def room_filters(view: RoomsView, counts: Mapping[str, int]) -> list[Filter]:
    """Return the chips of the list: the project's figures, each the way to those rooms."""
    labels = {
        "": ("All", ""),
        "busy": ("With people", "users"),
        "empty": ("Empty", ""),
        "recording": ("Recording", "disc"),
    }
    chips = []
    for show, (words, icon) in labels.items():
        query = view.query(show="" if view.show == show else show)
        chips.append(Filter(words, counts[show or "all"], query, view.show == show, icon))
    return chips


def _neighbours(view: PeopleView | RoomsView, page: int) -> dict[str, str]:
    return {"before": view.query(page=page - 1), "after": view.query(page=page + 1)}


def remembered(memo: dict[Any, Any], project: Project, shows: Any, make: Callable[[], Region]) -> Region:
    """Return the region that ``shows`` names of the state that ``memo`` belongs to, made once for pages and sockets."""
    key = (shows, project.hand_attributes, project.show_hidden)
    if len(memo) >= MOST_REMEMBERED:
        memo.clear()
    if key not in memo:
        memo[key] = make()
    return memo[key]  # type: ignore[no-any-return]


def feed(project: Project, entries: Iterable[Entry]) -> list[SafeString]:
    """Return the feed's lines as HTML, in the order given; who did it is named, the page says "you" itself."""
    return [_line(entry, project.slug) for entry in entries]


def _line(entry: Entry, slug: str) -> SafeString:
    return _feed_lines.row((slug, entry.key), entry, lambda: {"entry": entry, "slug": slug})


def frame(old: Region, new: Region) -> dict[str, Any]:
    """Return what a page that shows ``old`` must change to show ``new``: differing parts and rows, and the order."""
    changed: dict[str, Any] = {
        "parts": {key: html for key, html in new.parts.items() if old.parts.get(key) != html},
        "rows": {key: html for key, html in new.rows.items() if old.rows.get(key) != html},
    }
    if list(old.rows) != list(new.rows):
        changed["order"] = list(new.rows)
    if old.digests != new.digests:
        changed["digests"] = dict(new.digests)
    return changed
