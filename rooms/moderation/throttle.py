"""How fast passwords may be guessed, beside django-axes' five for one name from one address.

Two counters in the cache, of wrong passwords in a fixed span of time: one for each address (a list of names is tried
from one place) and one for each name (one name is tried from many places). A span that is used up refuses until it
ends, and never longer: nothing that is refused is counted, so nobody can make a wait grow.

A counter of the name alone is a lever in a stranger's hand: whoever keeps it full keeps its owner out. So neither
counter holds somebody who comes from where they have signed in within thirty days; there only the five of django-axes
count, which a stranger cannot use up from elsewhere. In a new place the owner is one among the guessers until the
minute is over. What is left then is a one-time link: to set a password by it counts as having signed in from there.

The address limit leaves room for an office behind one address, where people mistype each morning. Without Redis the
counters are one process's own and end with it, and so is what is remembered of places.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
from time import time

from django.core.cache import cache

from rooms.away import AWAY
from rooms.moderation.addresses import neighbourhood

# Wrong passwords, and the seconds in which they are counted.
ADDRESS_TRIES, ADDRESS_SPAN = 50, 300
NAME_TRIES, NAME_SPAN = 10, 60
# Seconds for which a place is remembered after a sign-in.
KNOWN_FOR = 30 * 24 * 3600


class Uncounted(Exception):
    """Wrong passwords cannot be counted: Redis is away. Nobody may guess uncounted."""


def wait(username: str, address: str) -> int:
    """Seconds until ``username`` may be tried from ``address``; 0 is now, and then the try is counted at once.

    It is counted before the password is looked at, so that many tries at the same moment do not all pass;
    ``signed_in`` takes it back. Raises Uncounted.
    """
    try:
        return _wait(username, address)
    except AWAY as error:
        raise Uncounted from error


def _wait(username: str, address: str) -> int:
    if cache.get(_place(username, address)):
        return 0
    now = time()
    spans = _spans(username, address)
    full = [_left(span, now) for key, tries, span in spans if (cache.get(_now(key, span, now)) or 0) >= tries]
    if full:
        return max(full)
    return max(_left(span, now) if _count(_now(key, span, now), span) > tries else 0 for key, tries, span in spans)


def signed_in(username: str, address: str) -> None:
    """The password was right, or a one-time link was: the try was none, and the place is known from now on."""
    with contextlib.suppress(*AWAY):
        _signed_in(username, address)


def _signed_in(username: str, address: str) -> None:
    if not cache.get(_place(username, address)):
        now = time()
        for key, _, span in _spans(username, address):
            counter = _now(key, span, now)
            if cache.get(counter):
                cache.decr(counter)
    cache.set(_place(username, address), True, KNOWN_FOR)


def in_words(seconds: int) -> str:
    """A wait as the page says it: "40 seconds", "4 minutes"."""
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{math.ceil(seconds / 60)} minutes"


def _spans(username: str, address: str) -> list[tuple[str, int, int]]:
    """What is counted: key, wrong passwords, seconds. Names that no account has are counted alike."""
    return [
        (_key("address", neighbourhood(address)), ADDRESS_TRIES, ADDRESS_SPAN),
        (_key("name", username.casefold()), NAME_TRIES, NAME_SPAN),
    ]


def _place(username: str, address: str) -> str:
    return _key("place", f"{username.casefold()}\n{neighbourhood(address)}")


def _key(sort: str, what: str) -> str:
    """A cache key that any cache takes: what people type is hashed."""
    return f"sign-in:{sort}:{hashlib.sha256(what.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def _now(key: str, span: int, now: float) -> str:
    return f"{key}:{int(now // span)}"


def _left(span: int, now: float) -> int:
    return math.ceil(span - now % span)


def _count(counter: str, span: int) -> int:
    cache.add(counter, 0, span * 2)
    return int(cache.incr(counter))
