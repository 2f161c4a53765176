"""What every page owes: no finding of axe in either scheme or width, one first heading, no sideways scrolling."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

# Colours are looked at where they end, not on their way there.
SETTLED = """() => new Promise((settled) => requestAnimationFrame(() => settled(Promise.all(
  document.getAnimations().filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished.catch(() => {}))).then(() => true))))"""
SIZES = ((1440, 900), (390, 844))
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
# All that a scheme changes is colours.
COLOURS = {**EVERYTHING, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def demand_accessible(page: Page) -> None:
    """Fail with axe's report, the width or the headings; the page is wide and light again when this returns.

    The page's context should ask for reduced motion: colours on their way count as they are.
    """
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light")
        found += findings(page, f"light, {width} px", EVERYTHING)
        page.emulate_media(color_scheme="dark")
        found += findings(page, f"dark, {width} px", COLOURS)
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            found.append(f"{needed} px wide on a screen of {width} px")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    assert not found, f"{page.url}\n" + "\n".join(found)


def findings(page: Page, title: str, options: dict[str, Any]) -> list[str]:
    """axe's report under ``title`` when it finds something."""
    page.evaluate(SETTLED)
    results = AxeResults(page.evaluate("(options) => axe.run(options)", options))
    return [f"{title}\n{results.generate_report()}"] if results.violations_count else []
