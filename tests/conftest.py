"""What every kind of test shares. The people and their projects stand in tests/fixtures/people.py."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

pytest_plugins = ["tests.fixtures.people"]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A test's passwords are not worth a second of hashing each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def reason_of(report: Any) -> str:
    """Why pytest left a test out, without its own first word."""
    said = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(said).removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each thing that this machine lacks: how many tests were left out for it, and how to get it."""
    reasons = Counter(reason_of(report) for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"left out {count}: {reason}", yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With GREENROOM_NO_SKIPS=1 a run that left anything out has failed: a CI machine has all that the tests need."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    skipped = reporter.stats.get("skipped", [])
    if skipped and os.environ.get("GREENROOM_NO_SKIPS") == "1":
        reporter.write_line(f"GREENROOM_NO_SKIPS=1, but {len(skipped)} tests were skipped:", red=True)
        for report in skipped:
            reporter.write_line(f"  {report.nodeid}: {reason_of(report)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
