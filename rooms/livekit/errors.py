"""How a call to LiveKit can fail, in words for the person who asked for it.

``words`` are LiveKit's own, except for a 401: that text repeats the token (livekit.md 0.1), so ours stand there.
``title`` is one line; ``remedy`` says what to do; ``uncertain`` says that the change may have happened all the same.
"""

from __future__ import annotations

import re

PREFIX = "twirp error unknown: "
WORDS_LIMIT = 500
TOKEN = re.compile(r"eyJ[\w-]*(\.[\w-]*){0,2}")


class LiveKitError(Exception):
    """A call to LiveKit that did not do what was asked. Instances carry words that may be shown and stored."""

    title = "LiveKit could not do this"
    remedy = "Try again; if it stays, look at the log of the LiveKit server."
    uncertain = False

    def __init__(
        self,
        words: str = "",
        *,
        status: int | None = None,
        code: str = "",
        title: str = "",
        remedy: str = "",
        uncertain: bool | None = None,
    ) -> None:
        """``status`` is the HTTP status where there was one; empty texts take those of the class."""
        self.words = words or title or self.title
        self.status = status
        self.code = code
        self.title = title or self.title
        self.remedy = remedy or self.remedy
        self.uncertain = self.uncertain if uncertain is None else uncertain
        super().__init__(self.words)

    @property
    def answer(self) -> str:
        """LiveKit's answer on one line, as the audit keeps it: the status where there is one, and the words."""
        return f"{self.status} {self.words}" if self.status else self.words


class Unreachable(LiveKitError):
    """No connection: no such host, refused, or no TLS."""

    title = "LiveKit cannot be reached"
    remedy = "Check that the server runs and that the address of the project is right."


class TimedOut(LiveKitError):
    """No answer in time, from LiveKit or from the node that holds the room."""

    title = "LiveKit did not answer in time"
    remedy = "Look at the room before trying again: the change may have been made."
    uncertain = True


class WrongKey(LiveKitError):
    """HTTP 401: LiveKit did not accept the key, the signature or the clock."""

    title = "LiveKit did not accept the project's key"
    remedy = (
        "Check the key and the secret of the project, and that the clocks of both servers agree to the minute. "
        "An administrator can test the connection in the project's settings."
    )


class NotLiveKit(LiveKitError):
    """The address answers, and not as LiveKit does."""

    title = "What answers there is not LiveKit"
    remedy = "Check the address of the project: scheme, host, port and, behind a proxy, the path."


class Gone(LiveKitError):
    """The room or the participant is not there any more (404, or 503 with nobody to answer)."""

    title = "Not there any more"
    remedy = "The person has left or the room is closed. The page shows who is there now."


class Refused(LiveKitError):
    """LiveKit understood and said no (400, 403, 409, 412)."""

    title = "LiveKit refused"
    remedy = "Change what LiveKit names and try again."


class RemoteUnmuteOff(Refused):
    """HTTP 412: this server does not let an administrator unmute (livekit.md 3.6)."""

    title = "This server does not allow unmuting from outside"
    remedy = (
        "Ask the person to unmute, or set `room: enable_remote_unmute: true` in livekit.yaml "
        "(on LiveKit Cloud: the project setting for remote unmute)."
    )


class NotSupported(LiveKitError):
    """This server has no such ability; open-source servers answer so for move and forward."""

    title = "This server cannot do this"
    remedy = "Moving and forwarding need LiveKit Cloud. After an upgrade, check again in the project's settings."


class Overloaded(LiveKitError):
    """Too many calls, or a node without room for more (429, or 503 for another reason)."""

    title = "LiveKit is overloaded"
    remedy = "Wait a moment and try again."
    uncertain = True


class ServerFailed(LiveKitError):
    """Any other 5xx, from LiveKit or from a proxy before it."""

    title = "LiveKit failed"
    remedy = "Look at the room before trying again: the change may have been made. The log of the server says more."
    uncertain = True


class Unverified(LiveKitError):
    """LiveKit said yes, and what it answered is not what was asked."""

    title = "LiveKit answered something else than was asked"
    remedy = "Somebody else may have changed the same thing at the same moment. Look at the page and try again."
    uncertain = True


def clean(text: str) -> str:
    """LiveKit's ``text`` without the prefix of livekit.md 2.3 and without anything shaped like a token, cut short."""
    while text.startswith(PREFIX):
        text = text.removeprefix(PREFIX)
    return TOKEN.sub("[token]", text)[:WORDS_LIMIT].strip()


def from_server_error(status: int, code: str = "", message: str = "") -> LiveKitError:
    """The error for an HTTP answer other than 200.

    ``code`` is Twirp's, and "unknown" or "" where the body was not Twirp's JSON; ``message`` is ignored for a 401.
    """
    if status == 401:
        return _unauthorized(code)
    words = clean(message)
    kind = _kind(status, code, words)
    if not words:
        words = f"HTTP {status}" if kind is NotLiveKit else f"HTTP {status} without words"
    if kind is NotSupported and code in ("bad_route", "unimplemented"):
        remedy = "This server is older than the call: upgrade LiveKit."
        return NotSupported(words, status=status, code=code, remedy=remedy)
    if kind is Gone:
        # Nobody answered for three seconds: mostly because the person left, but a busy node looks the same.
        return Gone(words, status=status, code=code, uncertain=status == 503)
    return kind(words, status=status, code=code)


def _unauthorized(code: str) -> LiveKitError:
    if code == "unauthenticated":
        return WrongKey(
            "LiveKit saw no token, or not the grants that this call needs (401)",
            status=401,
            code=code,
            title="LiveKit did not accept the grants",
            remedy="If a proxy stands before LiveKit, it must pass the Authorization header on.",
        )
    return WrongKey("LiveKit did not accept the project's key (401)", status=401, code=code)


def _kind(status: int, code: str, words: str) -> type[LiveKitError]:
    lower = words.lower()
    twirp = code not in ("", "unknown")
    if "not implemented" in lower or code == "unimplemented":
        return NotSupported
    if "remote unmute" in lower:
        return RemoteUnmuteOff
    if status == 404:
        return NotSupported if code == "bad_route" else Gone if twirp else NotLiveKit
    if status == 503 and "no response from servers" in lower:
        return Gone
    if status in (429, 503):
        return Overloaded
    if status in (408, 504):
        return TimedOut
    if status >= 500:
        return ServerFailed
    return Refused if twirp or status == 413 else NotLiveKit
