"""The reader: one for each watched topic in the whole deployment, only while somebody looks.

``watch`` and ``unwatch`` are for pages, ``state_for_page`` for views, ``absorb`` for own actions and ``nudge``
for webhooks. A source of hints may be late, doubled or missing: the next reading repairs.
"""

from __future__ import annotations

import asyncio
import weakref
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rooms.live import bus, feed
from rooms.live.bus import Topic
from rooms.live.delta import State
from rooms.live.feed import Act
from rooms.live.hub import hub
from rooms.live.lease import PROCESS, Lease
from rooms.live.reading import Reading
from rooms.live.recent import Recents
from rooms.live.watch import Sink, Trouble, Watch
from rooms.livekit.errors import LiveKitError
from rooms.livekit.observing import observers
from rooms.livekit.packing import pack
from rooms.livekit.snapshots import Participant, Room, RoomState
from rooms.models import Project

# A reload closes the socket and opens it again: the reader stays for this long.
LINGER = 3.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view shows: the state, the name of its version for the page's script, and what is wrong, if anything.

    ``memo`` holds what was made of this very state, by pages and sockets alike.
    """

    state: State | None
    version: str
    trouble: Trouble | None
    read_at: datetime | None
    memo: dict[Any, Any] = field(default_factory=dict)


class Reader:
    """All topics that are looked at in this process. One for each running loop: :func:`reader`."""

    def __init__(self) -> None:
        self._readings: dict[Topic, Reading] = {}
        self._ending: dict[Topic, asyncio.Task[None]] = {}
        self._recents = Recents()

    async def watch(self, project: Project, room: str | None, sink: Sink) -> Watch:
        """Begin to show ``room`` (None: the list) to ``sink``; return the watch, whose state may still be None."""
        topic = Topic(project.pk, room)
        if topic not in self._readings:
            await hub().join(bus.EVERYBODY, self._for_everybody)
            await self._ended(topic)
        # Nothing is awaited from here on until the page is among those that look: another may come meanwhile.
        reading = self._readings.get(topic) or self._begin(topic, project, sink)
        if not sink.patient and not reading.watch.attended:
            # Read for the history alone so far: a person does not wait that long.
            reading.watch.wake.set()
        reading.watch.sinks.add(sink)
        await reading.panels_changed()
        return reading.watch

    def _begin(self, topic: Topic, project: Project, sink: Sink) -> Reading:
        reading = self._readings[topic] = Reading(Watch(topic, project))
        recent = self._recents.take(topic)
        if recent is not None:
            reading.watch.start(recent.state, recent.epoch, 0, recent.memo)
        reading.watch.sinks.add(sink)
        reading.start()
        return reading

    async def _ended(self, topic: Topic) -> None:
        """Wait until the last reading of ``topic`` has given its lease and its place in the channel layer back."""
        while (ending := self._ending.get(topic)) is not None:
            await asyncio.wait({ending})

    async def unwatch(self, watch: Watch, sink: Sink) -> None:
        """Stop showing; the last page to go lets the reader end a little later."""
        watch.sinks.discard(sink)
        if sink.panel is not None and (reading := self._readings.get(watch.topic)) is not None:
            await reading.panels_changed()
        if not watch.attended:
            asyncio.get_running_loop().call_later(LINGER, self._end_if_alone, watch)

    def _end_if_alone(self, watch: Watch) -> None:
        reading = self._readings.get(watch.topic)
        if reading is None or reading.watch is not watch:
            return
        reading.observer.settle(held=reading.lease.held, read=False)
        if not watch.sinks:
            del self._readings[watch.topic]
            self._ending[watch.topic] = asyncio.create_task(self._end(reading))

    async def _end(self, reading: Reading) -> None:
        try:
            await reading.stop()
        finally:
            del self._ending[reading.watch.topic]

    def knows(self, project_id: int, room: str | None) -> bool:
        """Whether somebody looks at the topic here and it has been read."""
        reading = self._readings.get(Topic(project_id, room))
        return reading is not None and reading.watch.state is not None

    async def close(self) -> None:
        """Stop reading altogether; for a process, or a test, that ends."""
        readings = list(self._readings.values())
        self._readings.clear()
        await asyncio.gather(*(reading.stop() for reading in readings), *self._ending.values())
        await observers().close()
        await hub().leave(bus.EVERYBODY)

    async def state_for_page(self, project: Project, room: str | None) -> Seen:
        """Return what is known of ``room`` (None: the list): the reader's state if somebody looks, else one reading.

        Never raises LiveKitError: a failure comes back as ``trouble``, with the last known state if there is one.
        """
        topic = Topic(project.pk, room)
        reading = self._readings.get(topic)
        if reading is not None and reading.watch.state is not None:
            watch = reading.watch
            return Seen(watch.state, watch.version, watch.trouble, watch.read_at, watch.memo)
        try:
            recent = await self._recents.read(project, topic)
        except LiveKitError as error:
            return Seen(None, "", Trouble.of(error), None)
        return Seen(recent.state, f"{recent.epoch}.0", None, recent.state.read_at, recent.memo)

    async def expect(self, project_id: int, act: Act, seconds: float) -> None:
        """Say that ``act`` is on its way to LiveKit, for at most so many seconds; 0: that it is over.

        What a reading sees change meanwhile is then known to be done from here, before the answer is absorbed.
        """
        message = {"kind": "expect", "from": PROCESS, "act": pack(act), "seconds": seconds}
        for topic in (Topic(project_id, act.room), Topic(project_id)):
            reading = self._readings.get(topic)
            if reading is not None and reading.lease.held:
                reading.expect(act, seconds)
                continue
            if await Lease(topic).taken():
                await bus.publish(topic.group, message)

    async def absorb(
        self,
        project: Project,
        room: str,
        act: Act,
        *,
        before: Participant | None = None,
        participant: Participant | None = None,
        gone: str | None = None,
        room_snapshot: Room | None = None,
        closed: bool = False,
    ) -> None:
        """Bring an own action's verified reply to every page at once.

        ``participant`` is the person as LiveKit answered, ``gone`` the identity of one who was removed,
        ``room_snapshot`` the room as LiveKit answered, ``closed`` that it is no more. Where nobody watches the room,
        the difference between ``before`` and the reply still goes into the history.
        """
        topic = Topic(project.pk, room)
        self._recents.outdate(topic)
        if room_snapshot is not None or closed:
            self._recents.outdate(Topic(project.pk))
            await self._absorb(Topic(project.pk), act, gone=room if closed else None, room=room_snapshot)
        if not await self._absorb(topic, act, participant, gone, room_snapshot, closed=closed):
            await self._only_record(project, room, act, before, participant)

    async def _absorb(
        self,
        topic: Topic,
        act: Act,
        participant: Participant | None = None,
        gone: str | None = None,
        room: Room | None = None,
        *,
        closed: bool = False,
    ) -> bool:
        """Return whether somebody reads this topic, here or in another process."""
        reading = self._readings.get(topic)
        if reading is not None and reading.lease.held:
            await reading.absorb(act, participant, gone, room, closed=closed)
            return True
        if not await Lease(topic).taken():
            return False
        message = {
            "kind": "absorb",
            "from": PROCESS,
            "act": pack(act),
            "participant": pack(participant) if participant else None,
            "gone": gone,
            "room": pack(room) if room else None,
            "closed": closed,
        }
        await bus.publish(topic.group, message)
        return True

    async def _only_record(
        self, project: Project, room: str, act: Act, before: Participant | None, after: Participant | None
    ) -> None:
        now = datetime.now(UTC)
        old = RoomState(None, {before.identity: before} if before else {}, now)
        new = RoomState(None, {after.identity: after} if after else {}, now)
        if before is not None:
            await feed.record(project, feed.lines(old, new, project, room, [act]))

    async def nudge(self, project_id: int, room: str | None) -> None:
        """Look at ``room`` (and the list) now: a webhook or an own action says that something happened there."""
        for topic in {Topic(project_id, room), Topic(project_id)}:
            self._recents.outdate(topic)
            reading = self._readings.get(topic)
            if reading is not None and reading.lease.held:
                reading.watch.wake.set()
            elif await Lease(topic).taken():
                await bus.publish(topic.group, {"kind": "nudge", "from": PROCESS})

    async def _for_everybody(self, message: dict[str, Any]) -> None:
        if message["kind"] == "project":
            await self._project_changed(message["project"])
        if message["kind"] == "rights":
            for topic, reading in list(self._readings.items()):
                if message["project"] in (None, topic.project_id):
                    theirs = [sink for sink in reading.watch.sinks if sink.user_id == message["user"]]
                    await reading.watch.tell(theirs, "rights_changed")

    async def _project_changed(self, project_id: int) -> None:
        self._recents.forget(project_id)
        ours = [reading for topic, reading in self._readings.items() if topic.project_id == project_id]
        if not ours:
            return
        project = await Project.objects.filter(pk=project_id).afirst()
        for reading in ours:
            if project is not None:
                reading.watch.project = project
                reading.watch.memo = {}
                reading.watch.wake.set()
            await reading.watch.tell(reading.watch.sinks, "rights_changed")
            await reading.watch.tell(reading.watch.sinks, "refetch")


_readers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Reader] = weakref.WeakKeyDictionary()


def reader() -> Reader:
    """Return the reader of the running event loop (a process has one loop; tests have several)."""
    return _readers.setdefault(asyncio.get_running_loop(), Reader())


async def expect(project_id: int, act: Act, seconds: float) -> None:
    """See :meth:`Reader.expect`."""
    await reader().expect(project_id, act, seconds)


async def absorb(project: Project, room: str, act: Act, **changes: Any) -> None:
    """See :meth:`Reader.absorb`."""
    await reader().absorb(project, room, act, **changes)


async def nudge(project_id: int, room: str | None) -> None:
    """See :meth:`Reader.nudge`."""
    await reader().nudge(project_id, room)


async def state_for_page(project: Project, room: str | None) -> Seen:
    """See :meth:`Reader.state_for_page`."""
    return await reader().state_for_page(project, room)
