"""Nothing goes wrong unseen: what a page logs, throws, or is forbidden by the content security policy."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page

TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective, sourceFile, lineNumber }) =>
  console.error(`CSP: ${effectiveDirective} forbade ${blockedURI} at ${sourceFile}:${lineNumber}`));
"""


class Problems:
    """What went wrong on the pages of one test, and what of it the test expects."""

    def __init__(self) -> None:
        self.seen: list[str] = []
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
        def heard(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning", "assert"}:
                self.seen.append(f"{who} at {page.url}: {message.type}: {message.text}")

        def asked(dialog: Dialog) -> None:
            self.seen.append(f"{who} at {page.url}: a script opened a dialog: {dialog.message}")
            dialog.dismiss()

        page.on("console", heard)
        page.on("dialog", asked)
        page.on("pageerror", lambda error: self.seen.append(f"{who} at {page.url}: thrown: {error}"))
