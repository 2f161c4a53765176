"""Mute and unmute. The track in LiveKit's reply is the truth; a reply without one means that the track is gone."""

import dataclasses

from rooms.livekit import client
from rooms.livekit.errors import Gone, RemoteUnmuteOff, Unverified
from rooms.livekit.snapshots import Participant, Track
from rooms.models import Project
from rooms.moderation.access import Actor
from rooms.moderation.actions.deed import Declined, Deed, Outcome, perform
from rooms.moderation.verbs import VERBS

HOW_TO_ALLOW = (
    "On a self-hosted server: `room: enable_remote_unmute: true` in livekit.yaml. On LiveKit Cloud: the project's "
    "option “Admins can remotely unmute tracks”. Until then, ask the person to unmute."
)


async def mute(
    project: Project, room: str, identity: str, track_sid: str, *, actor: Actor, reason: str = ""
) -> Outcome:
    """Mute a track. It does not hold: the person can unmute at once (livekit.md 3.6)."""
    return await _set_muted(project, "mute", room, identity, track_sid, muted=True, actor=actor, reason=reason)


async def unmute(
    project: Project, room: str, identity: str, track_sid: str, *, actor: Actor, reason: str = ""
) -> Outcome:
    """Ask for a track to be unmuted. Declined where the project's setting says so; a server that refuses (412) is
    remembered, with the way to allow it."""
    return await _set_muted(project, "unmute", room, identity, track_sid, muted=False, actor=actor, reason=reason)


async def _set_muted(
    project: Project,
    verb: str,
    room: str,
    identity: str,
    track_sid: str,
    *,
    muted: bool,
    actor: Actor,
    reason: str,
) -> Outcome:
    async def work(deed: Deed) -> None:
        if not muted and not project.allow_remote_unmute:
            raise Declined(
                "The settings of this project do not allow unmuting from here.",
                remedy="An administrator can allow it in the project's settings.",
            )
        person = await deed.read()
        track = person.track(track_sid)
        deed.what = track.label if track else "track"
        deed.before = {"muted": track.muted} if track else None
        deed.after = {"muted": muted}
        try:
            reply = await deed.send(client.mute_published_track(deed.connection, room, identity, track_sid, muted))
        except RemoteUnmuteOff as error:
            raise RemoteUnmuteOff(error.words, status=error.status, code=error.code, remedy=HOW_TO_ALLOW) from error
        _compare(deed, person, reply, muted=muted)

    deed = Deed(project, VERBS[verb], room, actor, identity=identity, track_sid=track_sid, reason=reason, what="track")
    return await perform(deed, work)


def _compare(deed: Deed, person: Participant, reply: Track | None, *, muted: bool) -> None:
    if reply is None:
        deed.after = None
        raise Gone(
            "LiveKit answered without a track",
            status=200,
            title="That track is gone",
            remedy="It was unpublished, or the person joined again. The page shows what is published now.",
        )
    deed.what = reply.label
    deed.after = {"muted": reply.muted}
    deed.participant = _with_track(person, reply)
    if reply.muted != muted:
        raise Unverified(f"The track is {'muted' if reply.muted else 'not muted'}", status=200)


def _with_track(person: Participant, reply: Track) -> Participant:
    tracks = tuple(reply if track.sid == reply.sid else track for track in person.tracks)
    return dataclasses.replace(person, tracks=tracks)
