"""What a LiveKit server refuses with: Twirp errors, plain-text refusals, and refusals of a participant's own acts."""

from collections.abc import Mapping

STATUS_OF_CODE: Mapping[str, int] = {
    "canceled": 408,
    "unknown": 500,
    "invalid_argument": 400,
    "malformed": 400,
    "deadline_exceeded": 408,
    "not_found": 404,
    "bad_route": 404,
    "already_exists": 409,
    "permission_denied": 403,
    "unauthenticated": 401,
    "resource_exhausted": 429,
    "failed_precondition": 412,
    "aborted": 409,
    "out_of_range": 400,
    "unimplemented": 501,
    "internal": 500,
    "unavailable": 503,
    "dataloss": 500,
}


class TwirpError(Exception):
    """An error as Twirp puts it on the wire; ``status`` follows from ``code`` unless it is given."""

    def __init__(self, code: str, msg: str, meta: Mapping[str, str] | None = None, status: int | None = None) -> None:
        super().__init__(f"{code}: {msg}")
        self.code = code
        self.msg = msg
        self.meta = dict(meta or {})
        self.status = status or STATUS_OF_CODE.get(code, 500)

    def body(self) -> dict[str, object]:
        """The JSON body; ``meta`` is left out when it is empty, as Twirp's Go server does."""
        body: dict[str, object] = {"code": self.code, "msg": self.msg}
        if self.meta:
            body["meta"] = self.meta
        return body


class PlainRefusal(Exception):
    """A refusal in plain text, as LiveKit's authentication layer and its ``/rtc`` door give it."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class ActRefused(Exception):
    """A participant's own act that the server does not allow; ``error`` is RequestResponse's reason."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message


def inner(code: str, msg: str) -> TwirpError:
    """An error made behind the API: LiveKit wraps those, which prefixes the text (``xtwirp.ToError``)."""
    return TwirpError(code, f"twirp error unknown: {msg}")


def over_limit(argument: str, limit: int) -> TwirpError:
    """``twirp.InvalidArgumentError``: the text is the argument and the limit, without the prefix."""
    return TwirpError("invalid_argument", f"{argument} {limit}", {"argument": argument})


def permissions_denied() -> TwirpError:
    """No token and a token without the grant are the same answer: 401, never 403."""
    return TwirpError("unauthenticated", "permissions denied")


def no_permissions() -> PlainRefusal:
    """What ``/rtc`` says without a video grant, and to a client that asks for more than its token allows."""
    return PlainRefusal(401, "no permissions to access the room")


def participant_missing() -> TwirpError:
    return inner("not_found", "participant does not exist")


def room_missing() -> TwirpError:
    return inner("not_found", "requested room does not exist")


def nobody_answers() -> TwirpError:
    """No node hosts the room or participant; LiveKit finds that out after three seconds."""
    return inner("unavailable", "no response from servers")
