"""Series of measurements in few words."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: a value that was measured, not one in between."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spread(seconds: Sequence[float]) -> str:
    """Median and 95th percentile in milliseconds, with how many there were."""
    p50, p95 = (round(1000 * percentile(seconds, percent)) for percent in (50, 95))
    return f"p50 {p50:>5} ms   p95 {p95:>5} ms   ({len(seconds)} times)"


def beside(bare: Sequence[float], ours: Sequence[float]) -> str:
    """Two series that were measured in turns: both medians in milliseconds, and the median of the pairs' ratios."""
    ratio = statistics.median(own / other for own, other in zip(ours, bare, strict=True))
    medians = [1000 * statistics.median(series) for series in (bare, ours)]
    return f"call {medians[0]:>7.1f} ms   page {medians[1]:>7.1f} ms   page / call {ratio:>5.2f}"


def heading(words: str) -> None:
    """Print the title of a group of lines."""
    print(f"\n{words}", flush=True)


def line(words: str, figures: str) -> None:
    """Print one measurement."""
    print(f"  {words:<58}{figures}", flush=True)
