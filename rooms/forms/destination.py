"""Where to move or to forward somebody: a room that is open, or a new one."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rooms.converters import quote, unquote
from rooms.forms.exact import ExactField, ExactForm
from rooms.forms.participants import REASON_LIMIT
from rooms.livekit.snapshots import Room

SHOWN = 50
NEW = "new"
NAME_LIMIT = 256  # bytes, livekit.md 2.7


class DestinationForm(ExactForm):
    """``destination`` is NEW, or "room:" and a name spelt as in an address, so that any name survives the browser."""

    EXACT = {"new_room": False}

    q = forms.CharField(required=False)
    destination = forms.CharField(required=False)
    new_room = ExactField(required=False)
    new_room_coded = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, max_length=REASON_LIMIT)

    def __init__(self, data: Any = None, *, room: str, rooms: Iterable[Room] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.room = room
        self.rooms = [each for each in rooms if each.name != room]

    @property
    def search(self) -> str:
        """What was typed into the search field."""
        return str(self["q"].value() or "")

    @property
    def found(self) -> list[tuple[str, Room]]:
        """(value of the choice, room), the fullest first, at most SHOWN of those whose name holds the search."""
        wanted = self.search.casefold()
        fitting = [each for each in self.rooms if wanted in each.name.casefold()]
        fitting.sort(key=lambda each: (-each.num_participants, each.name))
        return [(f"room:{quote(each.name)}", each) for each in fitting[:SHOWN]]

    @property
    def more(self) -> int:
        """How many rooms fit the search and are not shown."""
        wanted = self.search.casefold()
        return max(0, sum(wanted in each.name.casefold() for each in self.rooms) - SHOWN)

    def clean(self) -> dict[str, Any]:
        """``room`` is the name of the destination."""
        choice = self.cleaned_data.get("destination") or (NEW if self.cleaned_data.get("new_room") else "")
        name: str | None = None
        if choice == NEW:
            name = self.exact("new_room")
            if not name and not self.errors:
                self.add_error("new_room", "Give the new room a name.")
            elif len(name.encode("utf-8", "surrogatepass")) > NAME_LIMIT:
                self.add_error("new_room", f"LiveKit takes at most {NAME_LIMIT} bytes.")
        elif choice.startswith("room:"):
            try:
                name = unquote(choice.removeprefix("room:"))
            except ValueError:
                self.add_error("destination", "There is no such room.")
        else:
            self.add_error("destination", "Choose a room, or name a new one.")
        if name is not None and name == self.room:
            field = "new_room" if choice == NEW else "destination"
            self.add_error(field, "That is the room the person is in: choose another one.")
        return {**self.cleaned_data, "room": name}
