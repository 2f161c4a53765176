from __future__ import annotations

import pytest

from rooms.livekit import errors
from rooms.livekit.errors import PREFIX, LiveKitError, from_server_error

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJrIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("status", "code", "message", "kind", "uncertain"),
    [
        (400, "invalid_argument", "metadata size exceeds limits 524288", errors.Refused, False),
        (400, "unknown", "", errors.NotLiveKit, False),
        (401, "unauthenticated", "permissions denied", errors.WrongKey, False),
        (401, "unknown", "", errors.WrongKey, False),
        (403, "unknown", "", errors.NotLiveKit, False),
        (404, "not_found", PREFIX + "participant does not exist", errors.Gone, False),
        (404, "bad_route", 'no handler for path "/twirp/..."', errors.NotSupported, False),
        (404, "unknown", "", errors.NotLiveKit, False),
        (408, "deadline_exceeded", PREFIX + "request timed out", errors.TimedOut, True),
        (409, "already_exists", "x", errors.Refused, False),
        (412, "failed_precondition", PREFIX + "remote unmute not enabled", errors.RemoteUnmuteOff, False),
        (400, "invalid_argument", "remote unmute is disabled", errors.RemoteUnmuteOff, False),
        (412, "failed_precondition", "participant client version does not support moving", errors.Refused, False),
        (413, "unknown", "", errors.Refused, False),
        (429, "resource_exhausted", "slow down", errors.Overloaded, True),
        (500, "unknown", PREFIX + "not implemented", errors.NotSupported, False),
        (500, "internal", "boom", errors.ServerFailed, True),
        (501, "unimplemented", "x", errors.NotSupported, False),
        (502, "unknown", "", errors.ServerFailed, True),
        (503, "unavailable", PREFIX + "no response from servers", errors.Gone, True),
        (503, "unavailable", "node is full", errors.Overloaded, True),
        (504, "unknown", "", errors.TimedOut, True),
    ],
)
def test_an_answer_becomes_an_error(
    status: int, code: str, message: str, kind: type[LiveKitError], uncertain: bool
) -> None:
    error = from_server_error(status, code, message)
    assert type(error) is kind
    assert (error.status, error.code, error.uncertain) == (status, code, uncertain)
    assert error.words
    assert error.title
    assert error.remedy
    assert PREFIX not in error.answer
    assert error.answer.startswith(str(status))


def test_livekits_words_are_kept_without_the_prefix() -> None:
    error = from_server_error(404, "not_found", PREFIX + PREFIX + "participant does not exist")
    assert error.words == "participant does not exist"
    assert error.answer == "404 participant does not exist"


@pytest.mark.parametrize("code", ["", "unknown", "unauthenticated"])
def test_the_text_of_a_401_is_never_kept(code: str) -> None:
    error = from_server_error(401, code, f"invalid token: {TOKEN}, error: token is expired")
    shown = " ".join((error.words, error.title, error.remedy, error.answer, str(error), repr(error)))
    assert TOKEN not in shown
    assert "eyJ" not in shown


def test_whatever_looks_like_a_token_is_taken_out_of_any_text() -> None:
    assert from_server_error(500, "internal", f"proxy saw Bearer {TOKEN} here").words == "proxy saw Bearer [token] here"


def test_a_long_text_is_cut() -> None:
    assert len(from_server_error(500, "internal", "x" * 100_000).words) == errors.WORDS_LIMIT


def test_a_caller_may_say_it_better() -> None:
    error = errors.Gone("left", title="Ann has left", remedy="Nothing to do", uncertain=True)
    assert (error.words, error.title, error.remedy, error.uncertain) == ("left", "Ann has left", "Nothing to do", True)
    assert errors.Gone().words == errors.Gone.title
