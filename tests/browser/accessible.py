"""What every page owes: no finding of axe in either scheme or width, one first heading, no sideways scrolling."""

from __future__ import annotations

from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

WIDE = {"width": 1440, "height": 900}
# Colours are looked at where they end, not on their way there.
SETTLED = """() => new Promise((settled) => requestAnimationFrame(() => settled(Promise.all(
  document.getAnimations().filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished.catch(() => {}))).then(() => true))))"""
NARROW = {"width": 390, "height": 844}


def demand_accessible(page: Page) -> None:
    """Fail with axe's report, the width or the headings.

    The page's context should ask for reduced motion: colours on their way count as they are.
    """
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    found: list[str] = []
    for size in (WIDE, NARROW):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        for scheme in schemes if size is WIDE else schemes[:1]:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            results = Axe().run(page)
            if results.violations_count:
                found.append(f"{scheme}, {size['width']} px\n{results.generate_report()}")
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        found.append(f"{width} px wide on a screen of {NARROW['width']} px")
    page.set_viewport_size({"width": WIDE["width"], "height": WIDE["height"]})
    assert not found, f"{page.url}\n" + "\n".join(found)
