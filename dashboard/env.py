"""Read settings from the environment, and remember what is wrong with them.

A wrong value never passes in silence and never ends in a traceback: it is noted in ``problems``, the system check
``greenroom.E001`` names it with its hint, and no server starts while one is there.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value", int, float)

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


@dataclasses.dataclass(frozen=True)
class Problem:
    """One wrong setting: its name, what is wrong with it, and the way out."""

    name: str
    wrong: str
    hint: str

    def __str__(self) -> str:
        return f"{self.name}: {self.wrong} {self.hint}"


problems: list[Problem] = []


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks, or ``default`` when it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated variable as a list without empty entries."""
    given = [part.strip() for part in text(name).split(",") if part.strip()]
    return given or list(default)


def flag(name: str, default: bool = False) -> bool:
    """A yes-or-no variable. Anything but 1/true/yes/on and 0/false/no/off is a problem and counts as ``default``."""
    given = os.environ.get(name)
    if given is None:
        return default
    if given.strip().lower() in TRUE:
        return True
    if given.strip().lower() not in FALSE:
        problems.append(Problem(name, f"{given!r} is neither yes nor no.", f"Set {name}=1 or {name}=0."))
        return default
    return False


def number(name: str, default: Value, kind: Callable[[str], Value], least: Value) -> Value:
    """A number of ``kind`` that is at least ``least``; anything else is a problem and counts as ``default``."""
    given = text(name)
    if not given:
        return default
    try:
        value = kind(given)
    except ValueError:
        problems.append(Problem(name, f"{given!r} is not a number.", f"Set {name} to a number, or leave it unset."))
        return default
    if value < least:
        problems.append(Problem(name, f"{given} is less than {least}.", f"Set {name} to {least} or more."))
        return default
    return value


def secret(name: str) -> str:
    """A secret from the variable, or from the file that ``<name>_FILE`` names. Empty when there is neither."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        problems.append(
            Problem(f"{name}_FILE", f"{path} cannot be read: {error.strerror}.", "Name a file this user may read.")
        )
        return ""


def kept_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(50)) -> str:
    """The secret in the file ``path``; made there on first use, readable by this user alone.

    Two processes that start at once get the same one: the second finds the file of the first.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError as error:
        problems.append(Problem(path.name, f"{path} cannot be written: {error.strerror}.", "Make its folder writable."))
        return make()
    with os.fdopen(handle, "w") as file:
        value = make()
        file.write(value + "\n")
    return value


def database(url: str, sqlite_options: dict[str, Any]) -> dict[str, Any]:
    """Django's settings for ``sqlite:///relative``, ``sqlite:////absolute`` or ``postgresql://user:word@host:port/name``.

    Query parameters of a PostgreSQL address (``sslmode=require``) go to the driver as they are.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme in {"sqlite", "sqlite3"}:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path[1:], "OPTIONS": sqlite_options}
    if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": urllib.parse.unquote(parts.path[1:]),
            "USER": urllib.parse.unquote(parts.username or ""),
            "PASSWORD": urllib.parse.unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(urllib.parse.parse_qsl(parts.query)),
        }
    problems.append(
        Problem(
            "DATABASE_URL",
            f"the address with the scheme {parts.scheme!r} is not understood.",
            "Use sqlite:///var/greenroom.sqlite3 or postgresql://user:password@host:5432/name.",
        )
    )
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
