"""The way from the observer's process to the console."""

from __future__ import annotations

import json
import os
from typing import Any, Protocol


class Say(Protocol):
    """Sends one message about one room."""

    def __call__(self, what: str, **details: Any) -> None:
        """Send ``what`` with its details."""


class Line:
    """JSON lines on what was stdout when the process began."""

    def __init__(self, number: int) -> None:
        self._number = number

    def say(self, what: str, **details: Any) -> None:
        """Send one message; the end of the process when nobody reads any more."""
        try:
            os.write(self._number, json.dumps({"say": what, **details}).encode() + b"\n")
        except BrokenPipeError:
            os._exit(0)
