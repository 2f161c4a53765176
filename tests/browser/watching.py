"""Nothing goes wrong unseen: what a page logs, throws, or is forbidden by the content security policy."""

from __future__ import annotations

import dataclasses
import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page

TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective, sourceFile, lineNumber }) =>
  console.error(`CSP: ${effectiveDirective} forbade ${blockedURI} at ${sourceFile}:${lineNumber}`));
"""


@dataclasses.dataclass
class Watched:
    """A page, whose it is, and every line that it logged."""

    who: str
    page: Page
    lines: list[str] = dataclasses.field(default_factory=list)


class Problems:
    """What went wrong on the pages of one test, and what of it the test expects. ``pages`` are all that were opened."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.pages: list[Watched] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, *patterns: str) -> None:
        """Let problems pass that match one of these regular expressions."""
        self._expected += [re.compile(pattern) for pattern in patterns]

    def expect_status(self, *statuses: int) -> None:
        """Let the browser's lines about answers with these statuses pass; it calls each of them an error."""
        self.expect(*(rf"responded with a status of {status}\b" for status in statuses))

    def expect_lost_connection(self) -> None:
        """Let the browser's lines about a server that is not there pass."""
        self.expect(
            r"WebSocket connection to .* failed", r"net::ERR_(CONNECTION|INTERNET|EMPTY|NETWORK|FAILED|ABORTED)"
        )

    @property
    def unexpected(self) -> list[str]:
        """What no pattern covers."""
        return [text for text in self.seen if not any(pattern.search(text) for pattern in self._expected)]

    def watch(self, context: BrowserContext, who: str) -> None:
        """Listen to every page of ``context``, from its first script on."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("page", lambda page: self._listen(page, who))

    def _listen(self, page: Page, who: str) -> None:
        watched = Watched(who, page)
        self.pages.append(watched)

        def wrong(words: str) -> None:
            watched.lines.append(words)
            self.seen.append(f"{who} at {page.url}: {words}")

        def heard(message: ConsoleMessage) -> None:
            words = f"{message.type}: {message.text} ({message.location.get('url', '')})"
            if message.type in {"error", "warning", "assert"}:
                wrong(words)
            else:
                watched.lines.append(words)

        def asked(dialog: Dialog) -> None:
            wrong(f"a script opened a dialog: {dialog.message}")
            dialog.dismiss()

        page.on("console", heard)
        page.on("dialog", asked)
        page.on("pageerror", lambda error: wrong(f"thrown: {error}"))
