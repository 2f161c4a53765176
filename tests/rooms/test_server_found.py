"""Where `make test` looks for a livekit-server, to bring real participants too: where the tests look."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.servers.real import find_binary
from tests.servers.server import ServerMissing

ROOT = Path(__file__).resolve().parent.parent.parent
CACHED = "cache/greenroom/livekit-server-1.13.5"


def found_by_the_script() -> str | None:
    """What scripts/server.sh prints, or None where it fails."""
    ran = subprocess.run(["/bin/sh", "scripts/server.sh"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return ran.stdout.strip() or None if ran.returncode == 0 else None


def found_by_the_tests() -> str | None:
    """What the fixtures would start, or None."""
    try:
        return find_binary()
    except ServerMissing:
        return None


@pytest.mark.parametrize(
    ("there", "named", "expected"),
    [
        ([], "", None),
        ([CACHED], "", CACHED),
        (["bin/livekit-server", CACHED], "", "bin/livekit-server"),
        (["mine", "bin/livekit-server"], "mine", "mine"),
        ([CACHED], "missing", None),
    ],
)
def test_both_look_in_the_same_places(
    there: list[str], named: str, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in there:
        binary = tmp_path / name
        binary.parent.mkdir(parents=True, exist_ok=True)
        binary.write_text("#!/bin/sh\n")
        binary.chmod(0o755)
    monkeypatch.setenv("LIVEKIT_SERVER", str(tmp_path / named) if named else "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    right = str(tmp_path / expected) if expected else None
    assert (found_by_the_script(), found_by_the_tests()) == (right, right)
