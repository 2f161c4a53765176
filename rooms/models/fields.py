"""Three kinds of text column: encrypted, any name, any JSON."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

ESCAPE = "\x1a"
SPELT = re.compile(ESCAPE + "(.)", re.DOTALL)


class CannotDecrypt(str):
    """What stands in for a secret that none of the keys opens: falsy, so it never signs anything.

    It remembers what is stored, so that saving the row again loses nothing.
    """

    stored: str

    def __new__(cls, stored: str) -> CannotDecrypt:
        """``stored`` is the text in the column."""
        made = super().__new__(cls, "")
        made.stored = stored
        return made


@functools.lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """The keys of GREENROOM_KEYS: the first encrypts, all decrypt."""
    return _box(tuple(settings.GREENROOM_KEYS))


class EncryptedTextField(models.TextField):
    """A secret: text in Python, encrypted in the database. It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        """What is stored; the empty text stays empty, so that "no secret" can be seen without a key."""
        if isinstance(value, CannotDecrypt):
            return value.stored
        return box().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """The secret, or CannotDecrypt when it was encrypted with a key that is not there any more."""
        if not value:
            return value
        try:
            return box().decrypt(value).decode()
        except InvalidToken:
            return CannotDecrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Encryption is salted: equal secrets differ in the database, so a comparison would never match."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError("encrypted columns cannot be searched")


class NameField(models.TextField):
    """A name as LiveKit knows it, NUL included, which PostgreSQL does not take.

    NUL is stored as ESCAPE "0" and ESCAPE itself as ESCAPE ESCAPE. Exact lookups spell their value the same way.
    """

    def get_prep_value(self, value: Any) -> Any:
        """The spelling in the database."""
        value = super().get_prep_value(value)
        if not isinstance(value, str):
            return value
        return value.replace(ESCAPE, ESCAPE * 2).replace("\x00", ESCAPE + "0")

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """The name."""
        if value is None or ESCAPE not in value:
            return value
        return SPELT.sub(lambda found: "\x00" if found[1] == "0" else ESCAPE, value)


class JSONTextField(models.TextField):
    """Any JSON value as ASCII text, so that NUL survives PostgreSQL. It is shown, not searched."""

    def get_prep_value(self, value: Any) -> Any:
        """The text that is stored; None is a null column."""
        return None if value is None else json.dumps(value, ensure_ascii=True, separators=(",", ":"))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """The value; a null column is None."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """Nothing to convert: forms do not edit these columns."""
        return value
