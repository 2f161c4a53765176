"""What README says, for the tests that hold it to its words."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def table(header: str) -> list[tuple[str, str]]:
    """The rows of the table with two columns whose first header is ``header``."""
    lines = README.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows: list[tuple[str, str]] = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        left, right = (cell.strip() for cell in line.strip("|").split("|"))
        rows.append((left, right))
    return rows


def block(language: str, containing: str) -> str:
    """The one fenced block of ``language`` that contains these words, without its fence."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    (only,) = [text for text in found if containing in text]
    return only
