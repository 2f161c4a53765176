"""The code that proves that whoever makes the first administrator sees the terminal."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.utils import timezone

ATTEMPTS = 5
PAUSE = timedelta(minutes=5)
# Without the letters and digits that are mistaken for one another. 12 of 31 signs are 59 bits.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class FirstRunCode(models.Model):
    """The one code of this console; its hash only. It is in the database so that every process knows it."""

    code_hash = models.CharField(max_length=200)
    wrong = models.PositiveIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "the code of the first run"

    @classmethod
    def issue(cls) -> str:
        """A new code in place of any earlier one, in groups of four: the only time it can be read."""
        code = "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))
        cls.objects.all().delete()
        cls.objects.create(code_hash=make_password(code.replace("-", "")))
        return code

    @classmethod
    def is_locked(cls) -> bool:
        """Whether ATTEMPTS wrong codes came and PAUSE has not passed since the last one."""
        code = cls.objects.first()
        if code is None or code.wrong < ATTEMPTS or code.wrong_at is None:
            return False
        return code.wrong_at + PAUSE > timezone.now()

    @classmethod
    def take(cls, given: str) -> bool:
        """Whether ``given`` is the code, which is used up by that. A wrong one counts. Compared in constant time."""
        code = cls.objects.select_for_update().first()
        if code is None:
            return False
        if check_password("".join(given.upper().split()).replace("-", ""), code.code_hash):
            code.delete()
            return True
        still_counting = code.wrong_at is not None and code.wrong_at + PAUSE > timezone.now()
        code.wrong = code.wrong + 1 if still_counting else 1
        code.wrong_at = timezone.now()
        code.save()
        return False
