"""Ending every session of an account without touching its password."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher, identify_hasher, is_password_usable
from django.contrib.auth.models import User


class StampedHasher(BasePasswordHasher):
    """A password's hash behind a stamp: ``stamped$<stamp>$<the hash of another hasher>``. The password stays the same.

    Django derives a session's proof and a one-time link's token from the stored hash, so a new stamp ends all of them,
    whatever keeps the sessions. It is never the preferred hasher: Django writes the plain hash again at the next
    sign-in. The column takes 128 characters, which leaves room for the hash of every hasher of Django's but scrypt.
    """

    algorithm = "stamped"

    def verify(self, password: str, encoded: str) -> bool:
        """Whether the hash behind the stamp is that of ``password``."""
        stamped = self.decode(encoded)["hash"]
        return bool(identify_hasher(stamped).verify(password, stamped))

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of ``encoded``."""
        algorithm, stamp, stamped = encoded.split("$", 2)
        return {"algorithm": algorithm, "stamp": stamp, "hash": stamped}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: the hasher behind the stamp has done its work in full."""


def end_sessions(user: User) -> None:
    """Give the account's hash a new stamp; not saved yet. Its sessions and one-time links end when it is."""
    if not is_password_usable(user.password):
        user.set_unusable_password()
        return
    hasher = StampedHasher()
    bare = user.password
    if bare.startswith(f"{hasher.algorithm}$"):
        bare = hasher.decode(bare)["hash"]
    user.password = f"{hasher.algorithm}${secrets.token_urlsafe(6)}${bare}"
