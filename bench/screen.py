"""When something stands on a page, by the page's own clock, told in the seconds of time.time()."""

from __future__ import annotations

import time

from playwright.sync_api import Page

NOW = "() => performance.timeOrigin + performance.now()"
# Resolves with the time when the selector's element holds the text, or, for a text of null, when there is no such.
WATCH = """([selector, text]) => {
  const now = () => performance.timeOrigin + performance.now();
  const seen = () => {
    const found = document.querySelector(selector);
    return text === null ? !found : Boolean(found?.textContent.includes(text));
  };
  window.benchSeen = new Promise((resolve, reject) => {
    const look = () => {
      if (!seen()) return;
      observer.disconnect();
      resolve(now());
    };
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true });
    setTimeout(() => reject(new Error(`${selector} did not change`)), 20000);
    look();
  });
}"""
CLICK = """(selector) => {
  const button = document.querySelector(selector);
  const at = performance.timeOrigin + performance.now();
  button.click();
  return at;
}"""
ROUNDS = 9


class Screen:
    """An open page. Its clock is compared with ours once, over the quickest of some questions."""

    def __init__(self, page: Page) -> None:
        self.page = page
        asked = []
        for _ in range(ROUNDS):
            before = time.time()
            there: float = page.evaluate(NOW) / 1000
            after = time.time()
            asked.append((after - before, there - (before + after) / 2))
        self._ahead = min(asked)[1]

    def watch(self, selector: str, text: str | None) -> None:
        """From now on look for ``text`` in the element, or for the element's end."""
        self.page.evaluate(WATCH, [selector, text])

    def seen(self) -> float:
        """Wait for what ``watch`` looks for; gives the time at which it stood there."""
        seen: float = self.page.evaluate("() => window.benchSeen")
        return seen / 1000 - self._ahead

    def click(self, selector: str) -> float:
        """Press a button; gives the time just before."""
        pressed: float = self.page.evaluate(CLICK, selector)
        return pressed / 1000 - self._ahead

    def close(self) -> None:
        """Close the page and its browser context."""
        self.page.context.close()
