"""The loop that keeps one watched topic true: read if the lease is ours, else follow the process whose it is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from rooms.away import AWAY
from rooms.live import bus, feed, sources
from rooms.live.bus import Topic
from rooms.live.delta import State, apply, delta
from rooms.live.feed import Act, Entry
from rooms.live.heard import unpacked
from rooms.live.hub import hub
from rooms.live.lease import PROCESS, Lease
from rooms.live.observer import RoomObserver
from rooms.live.watch import Trouble, Watch
from rooms.livekit.errors import LiveKitError
from rooms.livekit.packing import from_ms, pack, to_ms, unpack
from rooms.livekit.snapshots import Participant, Room, RoomsState, RoomState

logger = logging.getLogger(__name__)

# Pages say "live" while they hear of a reading at least this often; in between silence is cheaper.
BEAT_EVERY = 3.0
# A right taken away is announced; this is the repair for an announcement that was lost.
RIGHTS_EVERY = 30.0
LEASE_TURNS = 3.0


class Reading:
    """A watch with its loop. Started by the reader when somebody looks, cancelled when nobody does."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.lease = Lease(watch.topic)
        self._joined = False
        self._absorbed = 0
        # Own actions that are on their way to LiveKit, and until when at most.
        self._underway: dict[Act, float] = {}
        self._failures = 0
        self._lately: deque[float] = deque(maxlen=sources.CLOSE_READINGS)
        self.observer = RoomObserver(watch, self._publish)
        self._beat_at = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin reading in the running loop."""
        self._task = asyncio.create_task(self._run(), name=f"greenroom reader {self.watch.topic.group}")

    async def stop(self) -> None:
        """End the loop and give the lease to whoever wants it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.observer.end()
        await hub().leave(self.watch.topic.group)
        if self.lease.held:
            await self.lease.release()
            await self._publish({"kind": "nudge"})

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        rights_at = clock() + RIGHTS_EVERY
        self.watch.changed_at = clock()
        while True:
            self.watch.wake.clear()
            hinted, version, started = self.observer.take_hint(), self.watch.version, clock()
            try:
                await self._join()
                seconds = await self._turn()
            except Exception:
                # A fault of ours must not silence the page for ever: it is logged, and the next turn reads again.
                logger.exception("A reading of %s failed.", self.watch.topic.group)
                self._failures += 1
                seconds = self._pause(0.0)
            if clock() >= rights_at:
                rights_at = clock() + RIGHTS_EVERY
                await self.watch.tell(self.watch.sinks, "rights_changed")
            if hinted and self.watch.version == version:
                seconds = min(seconds, sources.LOOK_AGAIN)
            gap = min(seconds, self._gap(clock(), clock() - started))
            await asyncio.sleep(gap)
            try:
                async with asyncio.timeout(seconds - gap):
                    await self.watch.wake.wait()
            except TimeoutError:
                continue

    async def _join(self) -> None:
        """Hear the other processes from now on; while Redis is away it is tried again each turn."""
        if not self._joined:
            with contextlib.suppress(*AWAY):
                await hub().join(self.watch.topic.group, self.receive)
                self._joined = True

    def _gap(self, now: float, took: float) -> float:
        """Count a reading that ended ``now`` and took so long; return the seconds before the next one."""
        self._lately.append(now)
        return sources.gap(sum(now - each < 1.0 for each in self._lately), took)

    async def _turn(self) -> float:
        """Read if it is ours to read; return the seconds until the next turn."""
        clock = asyncio.get_running_loop().time
        started = clock()
        watch = self.watch
        read = False
        ours = await self.lease.hold(LEASE_TURNS * self._pause(0.0))
        if ours or watch.state is None:
            absorbed = self._absorbed
            try:
                state = await sources.read(watch.project, watch.topic, watch.state)
            except LiveKitError as error:
                self._failures += 1
                await self._fail(error)
                self.observer.settle(held=ours, read=False)
                return self._pause(clock() - started)
            async with watch.lock:
                if absorbed != self._absorbed:
                    # An own action was confirmed while LiveKit answered: that answer may be older. Ask again.
                    return 0.0
                await self._take(state, None)
            read = True
        self._failures = 0
        self.observer.settle(held=ours, read=read)
        if not ours:
            await self.panels_changed()
        return self._pause(clock() - started)

    def _pause(self, took: float) -> float:
        quiet = asyncio.get_running_loop().time() - self.watch.changed_at
        watch = self.watch
        return sources.pause(watch.project, watch.topic, quiet, took, self._failures, attended=watch.attended)

    async def _take(self, state: State, act: Act | None) -> None:
        """Make ``state`` the current one: tell the pages, the other processes and the history what changed."""
        watch = self.watch
        if watch.state is None:
            watch.start(state, secrets.token_hex(4), 0)
            await watch.tell(watch.sinks, "refetch")
            return
        message = delta(watch.state, state)
        if message is None:
            watch.state = state
            await self._beat(state.read_at)
            return
        lines = feed.lines(watch.state, state, watch.project, watch.topic.room, [act] if act else self._acts())
        if watch.topic.room is None:
            lines = [line for line in lines if not await self._told_elsewhere(line)]
        lines = await feed.record(watch.project, lines)
        number = watch.number + 1
        entries = [pack(line) for line in lines]
        await watch.advance(state, watch.epoch, number, lines)
        head = {"kind": "delta", "epoch": watch.epoch, "number": number, "at": to_ms(state.read_at)}
        await self._publish(head | {"entries": entries} | message)

    def expect(self, act: Act, seconds: float) -> None:
        """Take what ``act`` changes as done from here for so long; 0: it is over.

        LiveKit has changed something before it answers, and a webhook or an observer is often sooner than the answer.
        """
        if seconds:
            self._underway[act] = asyncio.get_running_loop().time() + seconds
        else:
            self._underway.pop(act, None)

    def _acts(self) -> list[Act]:
        now = asyncio.get_running_loop().time()
        self._underway = {act: until for act, until in self._underway.items() if until > now}
        return list(self._underway)

    async def _told_elsewhere(self, line: Entry) -> bool:
        """Whether the room of this line is watched itself, so that its own reader tells it."""
        return await Lease(Topic(self.watch.topic.project_id, line.room)).taken()

    async def absorb(
        self,
        act: Act,
        participant: Participant | None = None,
        gone: str | None = None,
        room: Room | None = None,
        *,
        closed: bool = False,
    ) -> None:
        """Take an own action's verified reply into the state at once, without another reading."""
        async with self.watch.lock:
            state = self.watch.state
            self._absorbed += 1
            if isinstance(state, RoomState) and closed:
                await self._take(RoomState(None, {}, datetime.now(UTC)), act)
            elif isinstance(state, RoomState):
                people = dict(state.people)
                if participant is not None:
                    known = people.get(participant.identity)
                    if known is None or known.sid != participant.sid or known.version <= participant.version:
                        people[participant.identity] = participant
                if gone is not None:
                    people.pop(gone, None)
                now = datetime.now(UTC)
                await self._take(replace(state, room=room or state.room, people=people, read_at=now), act)
            elif isinstance(state, RoomsState):
                rooms = dict(state.rooms)
                if room is not None:
                    rooms[room.name] = room
                if gone is not None:
                    rooms.pop(gone, None)
                await self._take(replace(state, rooms=rooms, read_at=datetime.now(UTC)), act)
        self.watch.wake.set()

    async def _fail(self, error: LiveKitError) -> None:
        since = self.watch.trouble.since if self.watch.trouble else None
        trouble = Trouble.of(error, since)
        if self.watch.trouble is None or self.watch.trouble.words != trouble.words:
            await self._publish({"kind": "stale", "trouble": pack(trouble)})
        await self.watch.fail(trouble)

    async def _beat(self, at: datetime) -> None:
        self.watch.read_at = at
        now = asyncio.get_running_loop().time()
        if now - self._beat_at < BEAT_EVERY and self.watch.trouble is None:
            return
        self._beat_at = now
        await self.watch.beat(at)
        await self._publish({"kind": "beat", "epoch": self.watch.epoch, "number": self.watch.number, "at": to_ms(at)})

    async def panels_changed(self) -> None:
        """Let the observer measure how loud those are whose panel is open here, wherever it is kept."""
        if self.lease.held:
            self.observer.meter()
        elif self.watch.project.observer_listens and self.watch.panels:
            seconds = LEASE_TURNS * self._pause(0.0)
            await self._publish({"kind": "panels", "who": sorted(self.watch.panels), "seconds": seconds})

    async def _publish(self, message: dict[str, Any]) -> None:
        await bus.publish(self.watch.topic.group, message | {"from": PROCESS})

    async def receive(self, message: dict[str, Any]) -> None:
        """Handle what another process says about this topic."""
        if message["from"] == PROCESS:
            return
        match message["kind"]:
            case "nudge":
                self.watch.wake.set()
            case "absorb" if self.lease.held:
                await self.absorb(
                    unpack(Act, message["act"]),
                    participant=message["participant"] and unpack(Participant, message["participant"]),
                    gone=message["gone"],
                    room=message["room"] and unpack(Room, message["room"]),
                    closed=message["closed"],
                )
            case "expect" if self.lease.held:
                self.expect(unpack(Act, message["act"]), message["seconds"])
            case "heard":
                await self.watch.hear(unpacked(message))
            case "panels" if self.lease.held:
                self.observer.ask(message["who"], message["seconds"])
            case "stale":
                await self.watch.fail(unpack(Trouble, message["trouble"]))
            case "beat" | "delta":
                async with self.watch.lock:
                    await self._follow(message)

    async def _follow(self, message: dict[str, Any]) -> None:
        watch = self.watch
        if watch.state is None:
            return
        at = from_ms(message["at"])
        here = (watch.epoch, watch.number)
        there = (message["epoch"], message["number"])
        if message["kind"] == "beat" and here == there:
            await watch.beat(at)
        elif message["kind"] == "delta" and here == (there[0], there[1] - 1) and not message["large"]:
            lines = [unpack(Entry, entry) for entry in message["entries"]]
            await watch.advance(apply(watch.state, message, at), *there, lines)
        else:
            await self._catch_up(*there)

    async def _catch_up(self, epoch: str, number: int) -> None:
        """Something was missed: read once, take the number of the process that reads, and let the pages fetch."""
        try:
            state = await sources.read(self.watch.project, self.watch.topic, self.watch.state)
        except LiveKitError as error:
            await self._fail(error)
            return
        self.watch.start(state, epoch, number)
        await self.watch.tell(self.watch.sinks, "refetch")
