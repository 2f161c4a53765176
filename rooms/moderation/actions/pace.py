"""LiveKit's advice for people who are written to often: each write goes to everybody in the room."""

import hashlib
import time

from django.core.cache import cache

from rooms.away import AWAY
from rooms.moderation.verbs import Verb

FEW_SECONDS = 5.0  # LiveKit's documentation says "every few seconds"
WRITES = ("name", "metadata", "attributes", "permission", "promote", "return_to_audience")

ADVICE = (
    "This person was written to a moment ago. LiveKit sends each write to everybody in the room and advises against "
    "more than one every few seconds. For what changes often, send data instead."
)


async def advice(project_id: int, room: str, identity: str, verb: Verb) -> list[str]:
    """Note a write to this person and give LiveKit's advice if the last one is less than FEW_SECONDS ago."""
    if verb.name not in WRITES:
        return []
    digest = hashlib.sha256(f"{room}\0{identity}".encode()).hexdigest()[:32]
    key = f"pace:{project_id}:{digest}"
    now = time.time()
    try:
        last = await cache.aget(key)
        await cache.aset(key, now, timeout=FEW_SECONDS)
    except AWAY:
        return []  # advice is no reason to fail
    return [ADVICE] if last is not None and now - last < FEW_SECONDS else []
