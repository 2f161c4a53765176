"""What every kind of test shares. The people and their projects stand in tests/fixtures/people.py."""

from __future__ import annotations

from typing import Any

import pytest

pytest_plugins = ["tests.fixtures.people"]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A test's passwords are not worth a second of hashing each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
