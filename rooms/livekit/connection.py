"""Where a LiveKit server is and with which key it is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rooms.livekit.errors import Unreachable, WrongKey

SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}


@dataclass(frozen=True, slots=True)
class Connection:
    """One LiveKit server and a key to it. ``url`` may be ws, wss, http or https, with a path prefix and a final /."""

    url: str
    key: str
    secret: str = field(repr=False)

    @property
    def base(self) -> str:
        """The address that API calls start with: http or https, no final slash.

        Raises Unreachable when ``url`` is no such address, and WrongKey when key or secret is empty: LiveKit's own
        client would then sign with whatever the environment holds, for another server.
        """
        if not self.key or not self.secret:
            raise WrongKey(
                "The project has no key or no secret.",
                title="The project has no key or no secret",
                remedy="Enter both in the project's settings.",
            )
        return base_of(self.url)


def base_of(url: str) -> str:
    """The http or https address of ``url`` without query and final slash. Raises Unreachable with what is wrong."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _not_an_address(f"This is not an address: {error}.") from None
    if parts.scheme not in SCHEMES:
        raise _not_an_address("The address must begin with wss://, ws://, https:// or http://.")
    if not host or port == 0:
        raise _not_an_address("The address names no host.")
    if parts.username is not None or parts.password is not None:
        raise _not_an_address("The address must not hold a user name or a password.")
    return f"{SCHEMES[parts.scheme]}://{parts.netloc}{parts.path}".rstrip("/")


def _not_an_address(words: str) -> Unreachable:
    return Unreachable(words, title="The address is not complete", remedy="For example wss://livekit.example.org.")
