"""Legal names and values that break careless pages."""

from livekit.protocol.models import TrackSource

from rooms.simulator.state.participant import Profile

from . import roles
from .stage import Play, Stage

_SCRIPT = "<script>alert(document.domain)</script>"
_IMAGE = '"><img src=x onerror=alert(1)>'
_RIGHT_TO_LEFT = "\u202eevil\u202c \u200f\u061cعكس"


class HostileRoom(Play):
    """Markup, overrides of direction, NUL, forty attributes, no name at all."""

    room = '<script>alert(1)</script> & "quotes" / slash %2F 🎭'
    pace = (3.0, 8.0)

    def set_up(self, stage: Stage) -> None:
        stage.open_room('{"note": "</script><script>alert(2)</script>", "broken": \x00', minutes_ago=3)
        people = (
            Profile(_SCRIPT, _SCRIPT, metadata=_IMAGE, attributes={"<b>bold</b>": _IMAGE, "lang": "{{ 7*7 }}"}),
            Profile(
                "rtl/../%2F?x=1#y", _RIGHT_TO_LEFT, metadata="line\nline\ttab\r\n", attributes={"dir": _RIGHT_TO_LEFT}
            ),
            Profile("long-" + "i" * 251, "Ünlong " * 31, metadata="w" * 4000),
            Profile("nul\x00inside", "Nul\x00 and bell\x07", metadata="before\x00after", attributes={"": "empty key"}),
            Profile("nobody"),
            Profile("🎭👩‍👩‍👧‍👦", "Z̸̡̛a̷l̵g̶o̸ ￼", attributes={f"key{number:02}": f"value {number}" for number in range(40)}),
            Profile("'; DROP TABLE rooms; --", "%s %d ${jndi:ldap://x} {% now %}", metadata='{"ok": true}'),
        )
        for minutes, profile in enumerate(people):
            profile.permission = roles.speaker()
            person = stage.enter(profile, minutes_ago=minutes / 3)
            stage.publish(person, TrackSource.MICROPHONE, name=f"{_IMAGE} mic", muted=bool(minutes % 2))

    def step(self, stage: Stage) -> None:
        person = stage.pick(stage.people)
        if person and stage.rng.random() < 0.5:
            stage.toggle_mute(person, TrackSource.MICROPHONE)
        elif person:
            stage.set_attributes(person, lang=stage.rng.choice((_IMAGE, "\x00", "en", _RIGHT_TO_LEFT)))
