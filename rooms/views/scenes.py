"""What a verb's page knows before anything is done: who, where, and how things stand at LiveKit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse

from rooms.live import reader
from rooms.live.ours import without_ours
from rooms.livekit import client
from rooms.livekit.errors import Gone, LiveKitError
from rooms.livekit.snapshots import Participant, Room, RoomsState, Track
from rooms.models import Ability, Project
from rooms.moderation.access import Standing
from rooms.moderation.actions import abilities
from rooms.moderation.verbs import PATHS, Verb

DIALOG, PANEL = "dialog", "panel"


@dataclass(slots=True)
class Scene:
    """One verb on one object, asked for by one user. ``trouble`` says why LiveKit could not be read.

    ``stands`` is where the form stands, when not the request says so.
    """

    request: HttpRequest
    standing: Standing
    verb: Verb
    room: str
    identity: str = ""
    track_sid: str = ""
    person: Participant | None = None
    room_now: Room | None = None
    people: Mapping[str, Participant] = field(default_factory=dict)
    rooms: Mapping[str, Room] = field(default_factory=dict)
    abilities: Mapping[str, Ability] = field(default_factory=dict)
    trouble: LiveKitError | None = None
    stands: str = ""

    @property
    def project(self) -> Project:
        """The project in which this happens."""
        return self.standing.project

    @property
    def place(self) -> str:
        """Where the form stands: in the panel of a person, or in a dialog or its page."""
        asked = self.stands or self.request.POST.get("place") or self.request.GET.get("place")
        return PANEL if asked == PANEL else DIALOG

    @property
    def track(self) -> Track | None:
        """The track that the verb is about, if it is still there."""
        return self.person.track(self.track_sid) if self.person else None

    @property
    def who(self) -> str:
        """What people call the one it is done to."""
        if self.person is not None:
            return self.person.label
        return self.identity or self.room

    @property
    def what(self) -> str:
        """The track in words."""
        return self.track.label if self.track else "track"

    @property
    def base(self) -> str:
        """The address of the object, with its closing slash."""
        if self.verb.scope == "project":
            return reverse("rooms", args=[self.project.slug])
        if not self.identity:
            return reverse("room", args=[self.project.slug, self.room])
        return reverse("person", args=[self.project.slug, self.room, self.identity])

    @property
    def url(self) -> str:
        """The address of the verb."""
        if self.verb.name == "create_room":
            return reverse("room_create", args=[self.project.slug])
        track = f"tracks/{self.track_sid}/" if self.track_sid else ""
        return f"{self.base}{track}do/{PATHS.get(self.verb.name, self.verb.name)}/"

    @property
    def lacking(self) -> Ability | None:
        """The server's answer that says it cannot do this, if there was one."""
        ability = self.abilities.get(self.verb.ability)
        return ability if ability is not None and not ability.able else None

    @property
    def cloud(self) -> bool:
        """Whether this server revokes tokens."""
        return abilities.is_cloud(self.project.url, self.abilities)

    async def look(self, *, person: bool = True) -> None:
        """Read what the verb's page shows. A failure becomes ``trouble``; what could be read is kept."""
        self.abilities = await abilities.known(self.project)
        try:
            if self.identity and person:
                self.person = await client.get_participant(self.project.connection, self.room, self.identity)
        except LiveKitError as error:
            self.trouble = error
        if self.verb.form == "DestinationForm":
            await self._look_at_rooms()
        elif self.verb.scope == "room":
            await self._look_at_room()

    async def _look_at_rooms(self) -> None:
        seen = await reader.state_for_page(self.project, None)
        if isinstance(seen.state, RoomsState):
            self.rooms = seen.state.rooms

    async def _look_at_room(self) -> None:
        """Not what a page may have seen seconds ago: a dialog says how many people the act hits."""
        connection = self.project.connection
        try:
            self.room_now = (await client.list_rooms(connection, names=[self.room])).get(self.room)
            if self.room_now is None:
                raise Gone("LiveKit does not list this room", title="This room is not open")
            people = await client.list_participants(connection, self.room)
            self.people = without_ours(self.project.pk, self.room, people)
        except LiveKitError as error:
            self.trouble = error
