"""Faults on demand: slow answers, refusals, going away; and the count of calls that arrived."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

from .errors import PlainRefusal, TwirpError

ANY_METHOD = "*"


@dataclass(eq=False)
class Fault:
    """What happens to the next ``times`` calls of a method (None: until cleared). ``delay`` is in seconds."""

    method: str = ANY_METHOD
    delay: float = 0.0
    refusal: TwirpError | PlainRefusal | None = None
    times: int | None = None

    def meets(self, method: str) -> bool:
        return self.method in (ANY_METHOD, method)


class Faults:
    """The faults in force, and whether the server is away."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._faults: list[Fault] = []
        self._away_until = 0.0  # on the monotonic clock

    @property
    def away(self) -> bool:
        """Whether connections are closed without an answer."""
        return time.monotonic() < self._away_until

    def go_away(self, away: bool, seconds: float | None = None) -> None:
        """Go away, for some seconds or until told otherwise, or come back."""
        rest = float("inf") if seconds is None else seconds
        self._away_until = time.monotonic() + rest if away else 0.0

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        """No faults and not away."""
        self._faults.clear()
        self._away_until = 0.0

    async def strike(self, method: str) -> None:
        """Let every fault that meets this call do its worst. Raises the refusal of the first that refuses."""
        for fault in [fault for fault in self._faults if fault.meets(method)]:
            if fault not in self._faults:
                continue  # used up or cleared while this call was delayed
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
            if fault.delay:
                await asyncio.sleep(fault.delay)
            if fault.refusal:
                raise fault.refusal
