"""Reading a JWT as Go's library does for livekit-server 1.13.5: in its order, with its tolerance and its words."""

import base64
import binascii
import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from typing import Any

from .claims import ClaimFault, read_grants, read_registered
from .gojson import Pairs, whole_value

LEEWAY = 60  # seconds, on nbf and exp
ALGORITHM = "HS256"
KNOWN_ALGORITHMS = frozenset(
    ["none", "EdDSA"] + [family + size for family in ("HS", "RS", "ES", "PS") for size in ("256", "384", "512")]
)
_SEGMENT = re.compile(r"[A-Za-z0-9_\r\n-]*")


class TokenFault(Exception):
    """A token that is one but does not hold, in the words of the library."""


@dataclass(frozen=True)
class Token:
    """A token whose signature has not been looked at: its algorithm, registered claims, payload and signature."""

    signed: str
    algorithm: str
    registered: dict[str, Any]
    payload: str
    signature: bytes

    @property
    def issuer(self) -> str:
        """The API key that it says has signed it."""
        return str(self.registered.get("iss") or "")

    def verify(self, secret: str) -> dict[str, Any]:
        """All its claims. Raises TokenFault."""
        try:
            grants = read_grants(self.payload)
        except ClaimFault as fault:
            raise TokenFault(f"token is malformed: could not JSON decode claim: {fault}") from None
        if self.algorithm != ALGORITHM:
            raise TokenFault(f"token signature is invalid: signing method {self.algorithm} is invalid")
        wanted = hmac.digest(secret.encode(), self.signed.encode(), hashlib.sha256)
        if not hmac.compare_digest(wanted, self.signature):
            raise TokenFault("token signature is invalid: signature is invalid")
        faults = self._faults(time.time())
        if faults:
            raise TokenFault("token has invalid claims: " + ", ".join(faults))
        return {**grants, **self.registered}

    def _faults(self, now: float) -> list[str]:
        """What is wrong with its times; ``now`` in seconds, UTC."""
        expires, begins = self.registered.get("exp"), self.registered.get("nbf")
        faults = []
        if expires is not None and now >= expires + LEEWAY:
            faults.append("token is expired")
        if begins is not None and now < begins - LEEWAY:
            faults.append("token is not valid yet")
        return faults


def parse(text: str) -> Token:
    """Read a token without verifying it. Raises ValueError for what is no token at all."""
    header_part, payload_part, signature_part = text.split(".")
    header = whole_value(_text(header_part))
    payload = _text(payload_part)
    algorithm = dict(header).get("alg") if isinstance(header, Pairs) else None
    if not isinstance(algorithm, str) or algorithm not in KNOWN_ALGORITHMS:
        raise ValueError("the algorithm is unknown")
    registered = read_registered(payload)
    return Token(f"{header_part}.{payload_part}", algorithm, registered, payload, _bytes(signature_part))


def _text(segment: str) -> str:
    """A segment's text; bytes that are no UTF-8 are replaced, as in all of Go's JSON."""
    return _bytes(segment).decode("utf-8", "replace")


def _bytes(segment: str) -> bytes:
    """A segment's bytes: URL base64 without padding, in which line ends do not count."""
    if not _SEGMENT.fullmatch(segment):
        raise ValueError("not base64")
    bare = segment.replace("\r", "").replace("\n", "")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from None
