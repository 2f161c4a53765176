"""How the changes of one person reach the clients of the others in the room (``room.go:broadcastParticipantState``)."""

import asyncio
import time

from .participant import Participant
from .witness import Tell, Witness

BATCH = 3.0  # seconds between the updates of those who publish nothing (``subscriberUpdateInterval``)


class Audience:
    """The clients of a room that are told of the others: those who came in by the control address, with media."""

    def __init__(self, people: dict[str, Participant]) -> None:
        self._people = people
        self._witnesses: dict[str, Witness] = {}
        self._waiting: dict[str, None] = {}
        self._began = time.monotonic()
        self._beat: asyncio.TimerHandle | None = None

    def add(self, person: Participant, tell: Tell) -> None:
        """The client of ``person`` is told from now on; who is there already it has learnt on joining."""
        others = [other for other in self._people.values() if other is not person and not other.permission.hidden]
        self._witnesses[person.identity] = Witness(tell, others)
        self._witnesses[person.identity].reconcile(allowed=person.permission.can_subscribe)

    def remove(self, person: Participant) -> None:
        """The session has ended."""
        self._witnesses.pop(person.identity, None)

    def broadcast(self, person: Participant, *, immediate: bool) -> None:
        """Somebody is different now. Joining and leaving without publishing is told in batches."""
        if not self._witnesses or person.permission.hidden:
            return
        self._waiting[person.identity] = None
        if immediate or person.is_publisher:
            self._send([person.identity])
        elif self._beat is None:
            wait = BATCH - (time.monotonic() - self._began) % BATCH
            self._beat = asyncio.get_running_loop().call_later(wait, self._send_all)

    def want(self, person: Participant, sids: list[str], *, subscribe: bool) -> None:
        """UpdateSubscriptions."""
        witness = self._witnesses.get(person.identity)
        if witness:
            witness.want(sids, subscribe=subscribe)
            witness.reconcile(allowed=person.permission.can_subscribe)

    def close(self) -> None:
        """Nobody is told anything more."""
        if self._beat:
            self._beat.cancel()
        self._witnesses.clear()

    def _send_all(self) -> None:
        self._beat = None
        self._send(list(self._waiting))

    def _send(self, identities: list[str]) -> None:
        for identity in identities:
            self._waiting.pop(identity, None)
        for identity, witness in list(self._witnesses.items()):
            for other in identities:
                if other != identity:
                    self._update(witness, other)
            owner = self._people.get(identity)
            witness.reconcile(allowed=owner is not None and owner.permission.can_subscribe)

    def _update(self, witness: Witness, identity: str) -> None:
        person = self._people.get(identity)
        if person is None:
            witness.loses(identity)
        elif not person.permission.hidden:
            witness.sees(person)
