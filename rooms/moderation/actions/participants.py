"""Acts on a person who stays: place, permission, name, metadata, attributes, data.

LiveKit's semantics are those of livekit.md 3.1 and 3.2: the permission is replaced as a whole, name and metadata
cannot be cleared, attributes merge key by key. Each function gives an `Outcome` and raises nothing of LiveKit's.
"""

from collections.abc import Mapping
from typing import Any

from rooms.livekit import client
from rooms.livekit.errors import Unverified
from rooms.livekit.snapshots import Participant, Permission
from rooms.models import Project
from rooms.moderation.access import Actor
from rooms.moderation.actions.deed import ConflictError, Declined, Deed, Outcome, perform, person_deed
from rooms.moderation.digests import digest

ALREADY = "It was so before: nothing had to change."


async def promote(project: Project, room: str, identity: str, *, actor: Actor, reason: str = "") -> Outcome:
    """Let a person publish. Everything else in the permission stays as it is."""

    async def work(deed: Deed) -> None:
        now = await deed.read()
        if now.on_stage:
            deed.advice.append(ALREADY)
        await _replace_permission(deed, now, now.permission.overlay(can_publish=True))

    return await perform(person_deed(project, "promote", room, identity, actor, reason), work)


async def return_to_audience(project: Project, room: str, identity: str, *, actor: Actor, reason: str = "") -> Outcome:
    """Take the right to publish away. LiveKit takes the tracks down; giving the right back does not bring them back."""

    async def work(deed: Deed) -> None:
        now = await deed.read()
        if not now.on_stage:
            deed.advice.append(ALREADY)
        await _replace_permission(deed, now, now.permission.overlay(can_publish=False))

    return await perform(person_deed(project, "return_to_audience", room, identity, actor, reason), work)


async def set_permission(
    project: Project,
    room: str,
    identity: str,
    changes: Mapping[str, Any],
    *,
    base: Mapping[str, Any],
    actor: Actor,
    reason: str = "",
) -> Outcome:
    """Change some of the ten fields of the permission; the others, unknown ones too, are kept as they are now.

    ``changes`` and ``base`` are by field name; ``base`` is what the form was opened on. A field that has changed
    underneath to something else than wanted makes a conflict.
    """

    async def work(deed: Deed) -> None:
        now = await deed.read()
        present = {name: getattr(now.permission, name) for name in changes}
        clash = {
            name: value
            for name, value in present.items()
            if not _same(value, base[name]) and not _same(value, changes[name])
        }
        if clash:
            raise ConflictError(clash)
        await _replace_permission(deed, now, now.permission.overlay(**changes))

    return await perform(person_deed(project, "permission", room, identity, actor, reason), work)


async def set_name(
    project: Project, room: str, identity: str, name: str, *, base: str, actor: Actor, reason: str = ""
) -> Outcome:
    """Give a person another name. ``base`` is the name the form was opened on. An empty name is declined: LiveKit
    takes it for "unchanged"."""

    async def work(deed: Deed) -> None:
        if not name:
            raise Declined("LiveKit cannot clear a name: an empty one means unchanged.")
        now = await deed.read()
        if now.name not in (base, name):
            raise ConflictError({"name": now.name})
        deed.before, deed.after = {"name": now.name}, {"name": name}
        after = await _update(deed, name=name)
        deed.after = {"name": after.name}
        if after.name != name:
            raise Unverified(f"The name is “{after.name}”")

    return await perform(person_deed(project, "name", room, identity, actor, reason), work)


async def set_metadata(
    project: Project, room: str, identity: str, metadata: str, *, base: str, actor: Actor, reason: str = ""
) -> Outcome:
    """Replace a person's metadata. ``base`` is the `digest` of what the form was opened on. Empty metadata
    is declined: LiveKit takes it for "unchanged"."""

    async def work(deed: Deed) -> None:
        if not metadata:
            raise Declined("LiveKit cannot clear the metadata of a person: save {} instead.")
        now = await deed.read()
        if now.metadata != metadata and digest(now.metadata) != base:
            raise ConflictError({"metadata": now.metadata})
        deed.before, deed.after = {"metadata": now.metadata}, {"metadata": metadata}
        after = await _update(deed, metadata=metadata)
        deed.after = {"metadata": after.metadata}
        if after.metadata != metadata:
            raise Unverified("The metadata is not what was sent")

    return await perform(person_deed(project, "metadata", room, identity, actor, reason), work)


async def set_attributes(
    project: Project,
    room: str,
    identity: str,
    changes: Mapping[str, str | None],
    *,
    base: Mapping[str, str],
    actor: Actor,
    reason: str = "",
) -> Outcome:
    """Write only the keys of ``changes``; None deletes a key, all other keys stay untouched.

    ``base`` is what the form was opened on; a key that was changed or deleted underneath makes a conflict, with None
    for a key that is not there any more.
    """

    async def work(deed: Deed) -> None:
        now = await deed.read()
        present = {key: now.attributes.get(key) for key in changes}
        clash = {key: value for key, value in present.items() if value not in (base.get(key), changes[key])}
        if clash:
            raise ConflictError(clash)
        deed.before, deed.after = {"attributes": present}, {"attributes": dict(changes)}
        after = await _update(deed, attributes={key: value or "" for key, value in changes.items()})
        written = {key: after.attributes.get(key) for key in changes}
        deed.after = {"attributes": written}
        if any(written[key] != (changes[key] or None) for key in changes):
            raise Unverified("The attributes are not what was sent")

    return await perform(person_deed(project, "attributes", room, identity, actor, reason), work)


async def send_data(
    project: Project,
    room: str,
    identity: str,
    data: bytes,
    *,
    topic: str,
    reliable: bool,
    actor: Actor,
    reason: str = "",
) -> Outcome:
    """Hand ``data`` to one person. LiveKit does not say whether it arrives; a person who is not there is found out
    before sending, because LiveKit accepts any destination."""

    async def work(deed: Deed) -> None:
        await deed.read()
        deed.after = {"topic": topic, "reliable": reliable, "bytes": len(data), "to": [identity]}
        await deed.send(
            client.send_data(
                deed.connection, room, data, topic=topic, reliable=reliable, destination_identities=[identity]
            )
        )

    return await perform(person_deed(project, "send_data", room, identity, actor, reason), work)


async def _replace_permission(deed: Deed, now: Participant, wanted: Permission) -> None:
    """Send all of ``wanted`` and compare the reply, field by field."""
    deed.before, deed.after = _plain(now.permission), _plain(wanted)
    after = await _update(deed, permission=wanted)
    deed.after = _plain(after.permission)
    wrong = [name for name in Permission.FIELDS if not _same(getattr(after.permission, name), getattr(wanted, name))]
    if wrong:
        raise Unverified(f"Not as sent: {', '.join(wrong)}")


async def _update(deed: Deed, **fields: Any) -> Participant:
    deed.participant = await deed.send(client.update_participant(deed.connection, deed.room, deed.identity, **fields))
    deed.label = deed.participant.label
    return deed.participant


def _plain(permission: Permission) -> dict[str, Any]:
    """The ten fields as plain data for the audit."""
    fields = {name: getattr(permission, name) for name in Permission.FIELDS}
    return fields | {"can_publish_sources": list(permission.can_publish_sources)}


def _same(one: Any, other: Any) -> bool:
    """Equal, and for lists of sources equal in any order."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return sorted(one) == sorted(other)
    return bool(one == other)
