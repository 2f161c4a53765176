"""Who is the deployment's own observer: nobody becomes it by a name alone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from rooms.live.ours import PREFIX, identity_for, is_ours, without_ours
from rooms.livekit.observing import ROOT
from rooms.livekit.snapshots import Participant, Permission

ROOM = "town hall"
HIDDEN = Permission(can_subscribe=True, hidden=True, agent=True)


def observer(**changes: Any) -> Participant:
    """The observer of project 1 in ROOM as LiveKit lists it, with ``changes``."""
    ours = Participant(sid="PA_o", identity=identity_for(1, ROOM), kind="AGENT", permission=HIDDEN)
    return replace(ours, **changes)


def test_the_own_observer_is_known_in_its_room_only() -> None:
    ours = observer()
    assert is_ours(1, ROOM, ours)
    assert not is_ours(1, "another room", ours)
    assert not is_ours(2, ROOM, ours)


def test_each_observer_has_a_name_of_its_own() -> None:
    assert len({identity_for(1, ROOM) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "identity",
    [
        PREFIX,
        f"{PREFIX}1234abcd",
        f"{PREFIX}1234abcd-",
        f"{PREFIX}1234abcd-{'0' * 32}",
        f"{PREFIX}-{'f' * 32}",
        f"{PREFIX}ä-☃",
        identity_for(1, "another room"),
        identity_for(1, ROOM)[:-1],
        identity_for(1, ROOM) + "0",
        "x" + identity_for(1, ROOM),
    ],
)
def test_a_stranger_with_such_a_name_stays_listed(identity: str) -> None:
    stranger = observer(identity=identity)
    assert not is_ours(1, ROOM, stranger)
    assert list(without_ours(1, ROOM, {identity: stranger})) == [identity]


@pytest.mark.parametrize(
    "changes",
    [{"kind": "STANDARD"}, {"kind": "EGRESS"}, {"permission": replace(HIDDEN, hidden=False)}],
)
def test_a_true_name_is_not_enough_either(changes: dict[str, Any]) -> None:
    assert not is_ours(1, ROOM, observer(**changes))


def test_a_changed_secret_key_still_knows_its_observers(settings: Any) -> None:
    ours = observer()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key"
    assert is_ours(1, ROOM, ours)
    settings.SECRET_KEY_FALLBACKS = []
    assert not is_ours(1, ROOM, ours)


def test_the_console_never_loads_the_native_library() -> None:
    asked = "import sys, dashboard.asgi; print([name for name in sys.modules if name.startswith('livekit.rtc')])"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "[]"
