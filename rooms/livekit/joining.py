"""How a token is used: what to paste where. Text only, nothing is called."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from urllib.parse import quote

from rooms.livekit.tokens import TokenSpec


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to join: its name, the text to copy, and what to know about it."""

    name: str
    text: str
    hint: str = ""


def recipes(url: str, token: str, spec: TokenSpec) -> list[Recipe]:
    """Return the ways to join the room of ``spec`` at ``url`` with ``token``; none for a token that does not join."""
    if not spec.grants.room_join:
        return []
    socket = socket_url(url)
    found = [
        Recipe("LiveKit’s client SDKs", f"await room.connect({json.dumps(socket)}, {json.dumps(token)})"),
        Recipe(
            "LiveKit Meet, in a browser",
            f"https://meet.livekit.io/custom?liveKitUrl={quote(socket, safe='')}&token={token}",
            "The token goes to that site. It must be able to reach the server.",
        ),
    ]
    command = lk_join(url, spec)
    if command:
        hint = "lk takes no token here: it makes its own from LIVEKIT_API_KEY and LIVEKIT_API_SECRET."
        found.append(Recipe("lk, with the same identity", command, hint))
    return found


def lk_join(url: str, spec: TokenSpec) -> str:
    """Return ``lk room join`` for the identity, room and attributes of ``spec``; "" where a shell cannot say them."""
    words = ["lk", "room", "join", "--url", http_url(url), "--identity", spec.identity]
    for key, value in spec.attributes.items():
        words += ["--attribute", f"{key}={value}"]
    words += ["--", spec.grants.room] if spec.grants.room.startswith("-") else [spec.grants.room]
    return "" if any("\x00" in word for word in words) else shlex.join(words)


def socket_url(url: str) -> str:
    """Return the address as the SDKs document it: ws or wss."""
    return url.replace("http", "ws", 1) if url.startswith("http") else url


def http_url(url: str) -> str:
    """Return the address as ``lk`` takes it: http or https."""
    return url.replace("ws", "http", 1) if url.startswith("ws") else url
