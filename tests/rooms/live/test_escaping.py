"""What strangers write is escaped once: never not at all, and never twice."""

from __future__ import annotations

import pytest

from rooms.live import fragments
from rooms.live.people import PeopleView
from rooms.livekit.packing import from_ms
from rooms.livekit.snapshots import Participant, Permission, Room, RoomState, Track
from rooms.models import Project
from rooms.moderation.eyes import Eyes

HOSTILE = '"><img src=x onerror=alert(1)>&amp;'


@pytest.mark.parametrize("may_act", [False, True])
def test_a_hostile_person_in_row_and_panel(may_act: bool) -> None:
    person = Participant(
        sid="PA_1",
        identity=HOSTILE,
        name=HOSTILE,
        metadata=HOSTILE,
        attributes={HOSTILE: HOSTILE},
        permission=Permission(can_publish=True),
        tracks=(Track(sid="TR_1", source="MICROPHONE", name=HOSTILE, stream=HOSTILE, mime_type=HOSTILE),),
        kind_details=(HOSTILE,),
        region=HOSTILE,
    )
    room = Room(sid="RM_1", name=HOSTILE, metadata=HOSTILE)
    state = RoomState(room, {HOSTILE: person}, from_ms(0))
    project = Project(slug="studio", name=HOSTILE, url="http://x", api_key="k")
    shown = fragments.room(project, HOSTILE, state, PeopleView(), Eyes(may_act), HOSTILE)
    html = "".join([*shown.parts.values(), *shown.rows.values()])
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "&amp;lt;img" not in html
    assert "&amp;quot;" not in html
