"""Which of a room's participants is this deployment's own observer, and no person of the room.

The identity holds a keyed hash of project, room and a random part. A stranger who chooses a name like it stays listed:
hiding from this page takes SECRET_KEY, and kind and permission that only LiveKit's key gives.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from rooms.livekit.snapshots import Participant

PREFIX = "greenroom-observer-"
SALT = "rooms.live.ours"
SEAL_LENGTH = 32


def identity_for(project_id: int, room: str) -> str:
    """Return a new identity for an observer of ``room``."""
    chance = secrets.token_hex(4)
    return f"{PREFIX}{chance}-{_seal(project_id, room, chance, settings.SECRET_KEY)}"


def is_ours(project_id: int, room: str, person: Participant) -> bool:
    """Whether ``person`` is an observer that some process of this deployment sent into ``room``."""
    if not (person.identity.startswith(PREFIX) and person.kind == "AGENT" and person.hidden):
        return False
    chance, _, seal = person.identity.removeprefix(PREFIX).partition("-")
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(seal, _seal(project_id, room, chance, key)) for key in keys)


def without_ours(project_id: int, room: str, people: Mapping[str, Participant]) -> dict[str, Participant]:
    """Return the people of ``room`` without this deployment's observers."""
    return {identity: person for identity, person in people.items() if not is_ours(project_id, room, person)}


def _seal(project_id: int, room: str, chance: str, key: str) -> str:
    value = f"{project_id}\0{chance}\0{room}"
    return salted_hmac(SALT, value, secret=key, algorithm="sha256").hexdigest()[:SEAL_LENGTH]
