"""How the changes of one person reach the clients of the others in the room (``room.go:broadcastParticipantState``)."""

import asyncio
import time

from .participant import Participant
from .witness import Tell, Witness

BATCH = 3.0  # seconds between the updates of those who publish nothing (``subscriberUpdateInterval``)


class Audience:
    """The clients of a room that are told of the others: with media by the control address, or by a socket."""

    def __init__(self, people: dict[str, Participant]) -> None:
        self._people = people
        self._witnesses: dict[str, Witness] = {}
        self._connected: dict[str, Participant] = {}
        self._waiting: dict[str, Participant] = {}
        self._began = time.monotonic()
        self._beat: asyncio.TimerHandle | None = None

    def add(self, person: Participant, tell: Tell) -> None:
        """The client of ``person`` is told from now on; who is there already it has learnt on joining."""
        others = [other for other in self._people.values() if other is not person and not other.permission.hidden]
        self._witnesses[person.identity] = Witness(tell, others)
        self._witnesses[person.identity].reconcile(allowed=person.permission.can_subscribe)

    def connect(self, person: Participant) -> None:
        """The client of ``person`` is told by its ``line`` from now on."""
        self._connected[person.identity] = person

    def remove(self, person: Participant) -> None:
        """The session has ended."""
        self._connected.pop(person.identity, None)
        self._witnesses.pop(person.identity, None)

    def broadcast(self, person: Participant, *, immediate: bool) -> None:
        """Somebody is different now. Joining and leaving without publishing is told in batches."""
        here = self._people.get(person.identity) is person
        if person.line and here:
            person.line.updated([person.info()])
        if person.permission.hidden or not (self._witnesses or self._connected):
            return
        self._waiting[person.identity] = person
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
        self._connected.clear()

    def _send_all(self) -> None:
        self._beat = None
        self._send(list(self._waiting))

    def _send(self, identities: list[str]) -> None:
        changed = [self._waiting.pop(identity) for identity in identities if identity in self._waiting]
        for person in self._connected.values():
            others = [other.info() for other in changed if other.identity != person.identity]
            if person.line and others:
                person.line.updated(others)
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
