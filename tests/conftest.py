"""What every kind of test shares. The people and their projects stand in tests/fixtures/people.py."""

from __future__ import annotations

import os
from typing import Any

import pytest

pytest_plugins = ["tests.fixtures.people"]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A test's passwords are not worth a second of hashing each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With GREENROOM_NO_SKIPS=1 a run that left anything out has failed: a CI machine has all that the tests need."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and os.environ.get("GREENROOM_NO_SKIPS") == "1":
        reporter.write_line(f"GREENROOM_NO_SKIPS=1, but {len(skipped)} tests were skipped:", red=True)
        for report in skipped:
            reporter.write_line(f"  {report.nodeid}: {report.longrepr[-1] if report.longrepr else ''}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
