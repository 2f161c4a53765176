"""What the people in the rooms have been told, kept also after they have left."""

from collections import deque
from collections.abc import Callable
from typing import Any

from .participant import Participant

Experience = dict[str, Any]
Listener = Callable[[str, str, Experience], None]

KEPT = 500  # events per person
KEPT_PEOPLE = 20_000


class Memory:
    """Events per (room, identity), the newest last; listeners hear each as it happens."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], deque[tuple[str, Experience]]] = {}
        self.listeners: list[Listener] = []

    def tell(self, room_name: str, person: Participant, event: str, /, **details: Any) -> None:
        """Record that ``person`` learnt of ``event`` while in that room."""
        experience = {"event": event, **details}
        kept = self._events.setdefault((room_name, person.identity), deque(maxlen=KEPT))
        kept.append((person.sid, experience))
        if len(self._events) > KEPT_PEOPLE:
            del self._events[next(iter(self._events))]
        if person.line:
            person.line.told(event, details)
        for listener in self.listeners:
            listener(room_name, person.identity, experience)

    def events(self, room: str, identity: str, sid: str = "") -> list[Experience]:
        """What an identity was told in a room, in all its sessions or only in that of ``sid``."""
        kept = self._events.get((room, identity), ())
        return [experience for session, experience in kept if not sid or session == sid]

    def clear(self) -> None:
        """Forget everything."""
        self._events.clear()
