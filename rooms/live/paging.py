"""Pages of a list that the server cuts, and what an address may say about them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cut(Generic[Row]):
    """One page of ``found`` rows; ``first`` and ``last`` are their places, counted from 1."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int
    first: int

    @property
    def last(self) -> int:
        """The place of the last row in all that was found."""
        return self.first + len(self.rows) - 1 if self.rows else self.first


def cut(found: Sequence[Row], page: int, size: int) -> Cut[Row]:
    """Return page ``page`` (from 1) of ``found`` in pages of ``size``; a page past the end is the last one."""
    pages = max(1, -(-len(found) // size))
    page = min(page, pages)
    start = (page - 1) * size
    return Cut(tuple(found[start : start + size]), len(found), page, pages, start + 1)


def page_number(text: str) -> int:
    """Read a page's number from an address; 1 for anything that is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 6 and int(text) else 1


def query_string(values: Mapping[str, Any], default: Mapping[str, Any]) -> str:
    """Return the query string of what is not as it would be without it."""
    return urlencode({name: value for name, value in values.items() if value and value != default.get(name)})
