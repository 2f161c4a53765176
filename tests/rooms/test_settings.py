"""Settings by environment: each wrong one is named, and a documented deployment is clean."""

from __future__ import annotations

import logging
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from dashboard import env
from dashboard.logs import NoTokens

ROOT = Path(__file__).resolve().parent.parent.parent
# What a developer's machine may have set.
OURS = {
    *("DATABASE_URL", "REDIS_URL", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "SECRET_KEY"),
    *("ALLOWED_HOSTS", "GREENROOM_DEMO", "GREENROOM_KEYS", "HTTPS", "TRUSTED_PROXIES", "STATIC_ROOT", "DEBUG"),
}


def manage(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` with these variables and none of the machine's own."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean | {"GREENROOM_VAR": str(tmp_path / "var")} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def production(tmp_path: Path) -> dict[str, str]:
    """The production settings that README documents."""
    return {
        "SECRET_KEY": "f" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "GREENROOM_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "greenroom.example.com",
        "HTTPS": "1",
        "TRUSTED_PROXIES": "1",
        "STATIC_ROOT": str(tmp_path / "static"),
    }


def test_a_documented_deployment_is_clean(tmp_path: Path) -> None:
    settings = production(tmp_path)
    uncollected = manage(tmp_path, "check", "--deploy", **settings)
    assert "greenroom.E006" in uncollected.stderr
    collected = manage(tmp_path, "collectstatic", "--noinput", "--skip-checks", **settings)
    assert collected.returncode == 0, collected.stderr
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **settings)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_hashed_names_reach_into_modules(tmp_path: Path) -> None:
    settings = production(tmp_path)
    manage(tmp_path, "collectstatic", "--noinput", "--skip-checks", **settings)
    main = next((tmp_path / "static" / "js").glob("main.????????????.js")).read_text()
    assert 'import "./clock.js"' not in main
    assert re.search(r'import\s*"\./clock\.[0-9a-f]{12}\.js"', main)


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        ({"LIVEKIT_URL": "wss://livekit.example.com"}, ["E002", "LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not set"]),
        ({"LIVEKIT_URL": "example.com", "LIVEKIT_API_KEY": "a", "LIVEKIT_API_SECRET": "b"}, ["E003", "wss://"]),
        ({"GREENROOM_KEYS": "short"}, ["E004", "new_key"]),
        ({"GREENROOM_DEMO": "1", "DATABASE_URL": "sqlite:///tmp.sqlite3"}, ["E005", "DATABASE_URL"]),
        ({"HTTPS": "perhaps"}, ["E001", "HTTPS", "neither yes nor no", "HTTPS=1"]),
        ({"TRUSTED_PROXIES": "two"}, ["E001", "TRUSTED_PROXIES", "not a number"]),
        ({"TRUSTED_PROXIES": "-1"}, ["E001", "less than 0"]),
        ({"DATABASE_URL": "mysql://db/greenroom"}, ["E001", "DATABASE_URL", "postgresql://"]),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, ["E001", "SECRET_KEY_FILE", "cannot be read"]),
    ],
)
def test_a_wrong_setting_is_named_with_its_hint(variables: dict[str, str], names: list[str], tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", **variables)
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr
    for name in names:
        assert name in checked.stderr


def test_no_server_starts_on_a_wrong_setting(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import dashboard.asgi"],
        cwd=ROOT,
        env=os.environ | {"GREENROOM_VAR": str(tmp_path), "TRUSTED_PROXIES": "two"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "TRUSTED_PROXIES: 'two' is not a number." in started.stderr
    assert started.returncode == 1


def test_kept_secrets_are_made_once_and_are_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    first = env.kept_secret(path)
    assert env.kept_secret(path) == first
    assert len(first) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from-the-file\n")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "key"))
    assert env.secret("SOME_SECRET") == "from-the-file"


@pytest.mark.parametrize(
    ("url", "name", "host"),
    [
        ("postgresql://me:p%40ss@db.example:5433/green%20room?sslmode=require", "green room", "db.example"),
        ("postgres:///greenroom", "greenroom", ""),
    ],
)
def test_an_address_of_postgresql_is_read(url: str, name: str, host: str) -> None:
    read = env.database(url, {})
    assert (read["NAME"], read["HOST"]) == (name, host)
    if host:
        assert (read["USER"], read["PASSWORD"], read["PORT"]) == ("me", "p@ss", "5433")
        assert read["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["sqlite:///var/x.sqlite3", "sqlite:////srv/x.sqlite3"])
def test_an_address_of_sqlite_is_read(url: str) -> None:
    assert env.database(url, {})["NAME"] == url.removeprefix("sqlite:///")


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"


def test_tokens_are_not_logged() -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "refused %s", (f"Bearer {TOKEN}",), None)
    assert NoTokens().filter(record)
    assert record.getMessage() == "refused Bearer [token]"


def test_tokens_in_a_traceback_are_not_logged() -> None:
    try:
        raise ValueError(TOKEN)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, sys.exc_info())
    NoTokens().filter(record)
    assert record.exc_text is not None
    assert TOKEN not in record.exc_text
    assert "[token]" in record.exc_text
