"""Identifiers in LiveKit's form: a prefix and twelve characters (``protocol:utils/guid``)."""

import random
from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

Thing = TypeVar("Thing")

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_random = random.Random()  # noqa: S311 - names of things, not secrets


def seed(value: int | None) -> None:
    """Make the identifiers that follow repeatable."""
    _random.seed(value)


def new(prefix: str, length: int = 12) -> str:
    """A fresh identifier, for example ``new("PA_")``."""
    return prefix + "".join(_random.choices(_ALPHABET, k=length))


def uuid() -> str:
    """A random UUID, as clients name their own tracks."""
    return str(UUID(int=_random.getrandbits(128), version=4))


def number(bits: int = 32) -> int:
    """A random number such as an SSRC."""
    return _random.getrandbits(bits)


def shuffled(things: Collection[Thing]) -> list[Thing]:
    """The same things in an order that is not stable, as a real server gives rooms, people and tracks."""
    return _random.sample(list(things), len(things)) if len(things) > 1 else list(things)
