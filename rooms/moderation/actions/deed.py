"""The road of every act: read, check, send, compare, audit, tell.

An action is a function that fills a `Deed`; `perform` runs it with one deadline for everything, turns each way of
failing into an `Outcome`, writes the audit row for all of them and hands the verified reply to the reader, which shows
it to every viewer at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rooms.live import reader
from rooms.live.feed import Act
from rooms.livekit import client
from rooms.livekit.errors import Gone, LiveKitError, NotSupported, Refused, RemoteUnmuteOff, ServerFailed, TimedOut
from rooms.livekit.snapshots import Participant, Room
from rooms.models import AuditEntry, Project
from rooms.moderation import audit
from rooms.moderation.access import Actor
from rooms.moderation.actions import abilities, pace
from rooms.moderation.verbs import VERBS, Verb

DEADLINE = 10.0  # seconds for the whole act, reading included

Reply = TypeVar("Reply")

_running: set[asyncio.Task["Outcome"]] = set()


class Declined(Refused):
    """Greenroom itself said no; nothing was sent to LiveKit."""

    title = "Not sent"
    remedy = ""


class ConflictError(Exception):
    """What the act would overwrite is no longer what its form was opened on. Nothing was sent."""

    def __init__(self, now: dict[str, Any]) -> None:
        """``now`` holds the present value of each field that clashes, by the form's own names."""
        super().__init__("changed underneath")
        self.now = now


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act. ``outcome`` is "done", "refused", "failed", "uncertain" or "conflict"."""

    verb: Verb
    outcome: str
    label: str
    words: str
    room: str
    what: str = ""
    identity: str = ""
    error: LiveKitError | None = None
    conflict: dict[str, Any] | None = None
    participant: Participant | None = None
    room_snapshot: Room | None = None
    advice: tuple[str, ...] = ()
    audit_id: int | None = None

    @property
    def done(self) -> bool:
        """Whether LiveKit did it and its reply says so."""
        return self.outcome == "done"


@dataclass(slots=True)
class Deed:
    """One act on its way: who does what to whom, and what is known of it so far."""

    project: Project
    verb: Verb
    room: str
    actor: Actor
    identity: str = ""
    track_sid: str = ""
    reason: str = ""
    label: str = ""
    what: str = ""
    before: Any = None
    after: Any = None
    was: Participant | None = None
    participant: Participant | None = None
    gone: str | None = None
    room_snapshot: Room | None = None
    closed: bool = False
    answer: str = ""
    sent: bool = False
    advice: list[str] = field(default_factory=list)

    @property
    def connection(self) -> client.Connection:
        """The project's LiveKit server and key."""
        return self.project.connection

    @property
    def act(self) -> Act:
        """What the feed knows of it."""
        return Act(self.actor.username, self.verb.name, self.room, self.identity)

    async def read(self) -> Participant:
        """The participant as LiveKit has it now. Raises Gone and the other LiveKitErrors, never uncertain ones."""
        try:
            self.was = await client.get_participant(self.connection, self.room, self.identity)
        except LiveKitError as error:
            error.uncertain = False
            raise
        self.label = self.was.label
        return self.was

    async def send(self, call: Awaitable[Reply]) -> Reply:
        """Await ``call``, which changes something, and tell a node that is busy from a person who is gone.

        LiveKit answers 503 after three seconds for both (livekit.md 2.4, 12.1), so the participant is looked up again.
        """
        self.sent = True
        await reader.expect(self.project.pk, self.act, DEADLINE)
        try:
            reply = await call
        except Gone as error:
            if error.status == 503 and self.identity:
                await self._look_again(error)
            raise
        self.answer = "200"
        return reply

    async def _look_again(self, error: Gone) -> None:
        try:
            await client.get_participant(self.connection, self.room, self.identity)
        except Gone:
            error.uncertain = False
            return
        raise ServerFailed(
            error.words,
            status=error.status,
            code=error.code,
            title="The node that holds this room did not answer",
            uncertain=True,
        ) from error


async def perform(deed: Deed, work: Callable[[Deed], Awaitable[None]]) -> Outcome:
    """Run ``work`` on ``deed`` within DEADLINE seconds and say what came of it; LiveKitErrors never come out of here.

    The act runs to its end even if whoever asked for it has closed the browser: a change without an audit row must
    not exist.
    """
    task = asyncio.get_running_loop().create_task(_perform(deed, work))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return await asyncio.shield(task)


async def _perform(deed: Deed, work: Callable[[Deed], Awaitable[None]]) -> Outcome:
    started = time.monotonic()
    error: LiveKitError | None = None
    try:
        async with asyncio.timeout(DEADLINE):
            await work(deed)
    except ConflictError as conflict:
        return _outcome(deed, "conflict", conflict=conflict.now)
    except TimeoutError:
        error = TimedOut(f"No answer within {DEADLINE:.0f} seconds", uncertain=deed.sent)
    except LiveKitError as caught:
        error = caught
    except Exception:
        # A mistake of Greenroom's own. What was sent may have happened, so it is written down before the mistake shows.
        if deed.sent:
            await _record(deed, "uncertain", deed.answer or "Greenroom failed before it knew the answer", started)
        raise
    outcome = _judge(error)
    entry = await _record(deed, outcome, error.answer if error else deed.answer, started)
    await _learn(deed, error)
    await _tell(deed, error)
    if error is None:
        deed.advice.extend(await pace.advice(deed.project.pk, deed.room, deed.identity, deed.verb))
    return _outcome(deed, outcome, error=error, audit_id=entry.pk)


async def _record(deed: Deed, outcome: str, answer: str, started: float) -> AuditEntry:
    """The row of the audit. ``started`` is the monotonic clock's seconds when the act began."""
    return await audit.record(
        deed.project,
        deed.actor,
        deed.verb.name,
        room=deed.room,
        identity=deed.identity,
        track_sid=deed.track_sid,
        target=deed.label or deed.identity,
        before=deed.before,
        after=deed.after,
        reason=deed.reason,
        answer=answer,
        outcome=outcome,
        duration_ms=round((time.monotonic() - started) * 1000),
    )


def _judge(error: LiveKitError | None) -> str:
    if error is None:
        return "done"
    if error.uncertain:
        return "uncertain"
    return "refused" if isinstance(error, (Refused, Gone, NotSupported)) else "failed"


async def _learn(deed: Deed, error: LiveKitError | None) -> None:
    """Remember what this server can do, from its own answer."""
    if not deed.verb.ability or not deed.sent:
        return
    if error is None:
        await abilities.learn(deed.project, deed.verb.ability, able=True, answer="200", status=200)
    elif isinstance(error, (RemoteUnmuteOff, NotSupported)):
        await abilities.learn(deed.project, deed.verb.ability, able=False, answer=error.words, status=error.status or 0)


async def _tell(deed: Deed, error: LiveKitError | None) -> None:
    """Show the reply to every viewer, or have the room read again when the reply does not say how things stand."""
    answered = deed.participant is not None or deed.gone is not None or deed.room_snapshot is not None
    if answered or deed.closed:
        await reader.absorb(
            deed.project,
            deed.room,
            deed.act,
            before=deed.was,
            participant=deed.participant,
            gone=deed.gone,
            room_snapshot=deed.room_snapshot,
            closed=deed.closed,
        )
    elif deed.sent or isinstance(error, Gone):
        await reader.nudge(deed.project.pk, deed.room)
    if deed.sent:
        await reader.expect(deed.project.pk, deed.act, 0)


def _outcome(
    deed: Deed,
    outcome: str,
    *,
    error: LiveKitError | None = None,
    conflict: dict[str, Any] | None = None,
    audit_id: int | None = None,
) -> Outcome:
    who = deed.label or deed.identity
    what = deed.what[:1].upper() + deed.what[1:]
    return Outcome(
        verb=deed.verb,
        outcome=outcome,
        label=who,
        words=deed.verb.done.format(who=who, what=what),
        room=deed.room,
        what=what,
        identity=deed.identity,
        error=error,
        conflict=conflict,
        participant=deed.participant,
        room_snapshot=deed.room_snapshot,
        advice=tuple(deed.advice),
        audit_id=audit_id,
    )


def person_deed(project: Project, verb: str, room: str, identity: str, actor: Actor, reason: str) -> Deed:
    """A deed on one person."""
    return Deed(project, VERBS[verb], room, actor, identity=identity, reason=reason)


def room_deed(project: Project, verb: str, room: str, actor: Actor, reason: str) -> Deed:
    """A deed on a room."""
    return Deed(project, VERBS[verb], room, actor, label=room, reason=reason)
