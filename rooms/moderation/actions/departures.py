"""Acts after which a person is elsewhere: remove, move, forward."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from rooms.livekit import client
from rooms.livekit.errors import NotSupported
from rooms.livekit.snapshots import Participant
from rooms.models import Project
from rooms.moderation.access import Actor
from rooms.moderation.actions import abilities
from rooms.moderation.actions.deed import Declined, Deed, Outcome, perform, person_deed

REVOKE_AHEAD = timedelta(minutes=1)  # what LiveKit Cloud itself takes when no time is given (livekit.md 5.6)
MOVE_PROTOCOL = 16  # the oldest client protocol that LiveKit Cloud moves (livekit.md 2.6)

STAYS_VALID = (
    "The token stays valid until it expires: this server does not revoke tokens. To keep the person out, stop issuing "
    "tokens in your app and give the ones you issue a short life."
)


async def remove(project: Project, room: str, identity: str, *, actor: Actor, reason: str = "") -> Outcome:
    """Disconnect a person. On LiveKit Cloud the tokens issued until a minute from now are revoked as well; elsewhere
    the outcome says that the token stays valid (livekit.md 5.6)."""

    async def work(deed: Deed) -> None:
        _ask_reason(deed)
        now = await deed.read()
        deed.before = _glimpse(now)
        cloud = abilities.is_cloud(project.url, await abilities.known(project))
        until = int((timezone.now() + REVOKE_AHEAD).timestamp()) if cloud else 0
        await deed.send(client.remove_participant(deed.connection, room, identity, revoke_token_ts=until))
        deed.gone = identity
        deed.after = {"revoke_token_ts": until} if cloud else {}
        deed.advice.append(
            "Tokens issued until one minute from now no longer open this room." if cloud else STAYS_VALID
        )

    return await perform(person_deed(project, "remove", room, identity, actor, reason), work)


async def move(
    project: Project, room: str, identity: str, destination: str, *, actor: Actor, reason: str = ""
) -> Outcome:
    """Take a person into another room; LiveKit opens it if there is none of this name. Cloud only."""

    async def work(deed: Deed) -> None:
        _elsewhere(deed, destination)
        await deed.read()
        deed.before, deed.after = {"room": room}, {"room": destination}
        try:
            await deed.send(client.move_participant(deed.connection, room, identity, destination))
        except NotSupported as error:
            raise _not_here(error) from error
        deed.gone = identity

    return await perform(person_deed(project, "move", room, identity, actor, reason), work)


async def forward(
    project: Project, room: str, identity: str, destination: str, *, actor: Actor, reason: str = ""
) -> Outcome:
    """Show a person in another room as well; they stay in this one. Cloud only."""

    async def work(deed: Deed) -> None:
        _elsewhere(deed, destination)
        await deed.read()
        deed.before, deed.after = {"rooms": [room]}, {"rooms": [room, destination]}
        try:
            await deed.send(client.forward_participant(deed.connection, room, identity, destination))
        except NotSupported as error:
            raise _not_here(error) from error

    return await perform(person_deed(project, "forward", room, identity, actor, reason), work)


def _ask_reason(deed: Deed) -> None:
    if deed.project.reason_required and not deed.reason.strip():
        raise Declined("This project asks for a reason before removing somebody or closing a room.")


def _elsewhere(deed: Deed, destination: str) -> None:
    if destination == deed.room:
        raise Declined("The destination is the room that the person is in.")


def _not_here(error: NotSupported) -> NotSupported:
    return NotSupported(
        error.words,
        status=error.status,
        code=error.code,
        title="This server cannot move or forward people",
        remedy="Both are LiveKit Cloud features. Greenroom remembers this answer; “Check again” asks once more.",
    )


def _glimpse(person: Participant) -> dict[str, Any]:
    """What is worth keeping of somebody who is removed."""
    return {
        "name": person.name,
        "sid": person.sid,
        "kind": person.kind,
        "joined_at": person.joined_at.isoformat() if person.joined_at else None,
        "may publish": person.permission.can_publish,
        "tracks": [track.label for track in person.tracks],
    }
