"""What the people in the rooms have been told, kept also after they have left."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

Experience = dict[str, Any]
Listener = Callable[[str, str, Experience], None]

KEPT = 500  # events per person


class Memory:
    """Events per (room, identity), the newest last; listeners hear each as it happens."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], deque[Experience]] = {}
        self._claims: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.listeners: list[Listener] = []

    def tell(self, room: str, identity: str, event: str, **details: Any) -> None:
        """Record that ``identity`` learnt of ``event``."""
        experience = {"event": event, **details}
        self._events.setdefault((room, identity), deque(maxlen=KEPT)).append(experience)
        for listener in self.listeners:
            listener(room, identity, experience)

    def keep_claims(self, room: str, identity: str, claims: Mapping[str, Any]) -> None:
        """Keep what the last refresh token of somebody who has left would say."""
        self._claims[room, identity] = claims

    def events(self, room: str, identity: str) -> list[Experience]:
        return list(self._events.get((room, identity), ()))

    def claims(self, room: str, identity: str) -> Mapping[str, Any] | None:
        return self._claims.get((room, identity))

    def clear(self) -> None:
        self._events.clear()
        self._claims.clear()
