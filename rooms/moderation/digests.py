"""Short names for values, so that a form can say on what it was opened and a page can see that it changed."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping

from rooms.livekit.snapshots import Permission


def digest(value: str | Mapping[str, str] | Permission) -> str:
    """Equal for equal values, whatever the order of keys and of sources; 24 hexadecimal digits."""
    if isinstance(value, Permission):
        sources = tuple(sorted(value.can_publish_sources))
        text = repr(dataclasses.astuple(dataclasses.replace(value, can_publish_sources=sources)))
    else:
        text = json.dumps(value if isinstance(value, str) else sorted(value.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
