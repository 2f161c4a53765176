"""A school lesson: a teacher, twenty-four pupils, cameras on and off."""

from livekit.protocol.models import TrackSource

from rooms.simulator.state.participant import Participant, Profile
from rooms.simulator.wire import dumps

from . import roles
from .cast import Casting
from .stage import HAND, Play, Stage

PUPILS = 24


class MathClass(Play):
    """``math-9b``."""

    room = "math-9b"
    pace = (1.5, 4.0)

    def set_up(self, stage: Stage) -> None:
        stage.open_room(dumps({"lesson": "Quadratic functions", "school": "Humboldt"}), minutes_ago=21)
        teacher = Profile("frau.brandt", "Frau Brandt", attributes={"role": "teacher", "lang": "de"})
        teacher.permission = roles.speaker()
        person = stage.enter(teacher, minutes_ago=20)
        stage.publish(person, TrackSource.MICROPHONE)
        stage.publish(person, TrackSource.CAMERA)
        stage.publish(person, TrackSource.SCREEN_SHARE, name="whiteboard")
        casting = Casting(stage.rng)
        for seat in range(1, PUPILS + 1):
            taken = stage.room.people.keys() if stage.room else set()
            attributes = {"role": "pupil", "seat": str(seat)}
            profile = casting.draw(taken, roles.speaker(), attributes)
            pupil = stage.enter(profile, minutes_ago=stage.rng.uniform(15, 19))
            stage.publish(pupil, TrackSource.MICROPHONE, muted=True)
            if stage.rng.random() < 0.6:
                stage.publish(pupil, TrackSource.CAMERA, width=640, height=360)

    def step(self, stage: Stage) -> None:
        pupils = [person for person in stage.people if person.attributes.get("role") == "pupil"]
        pupil = stage.pick(pupils)
        if pupil:
            stage.rng.choices((self._camera, self._hand, self._speak), weights=(4, 4, 2))[0](stage, pupil)

    def _camera(self, stage: Stage, pupil: Participant) -> None:
        if stage.track(pupil, TrackSource.CAMERA):
            stage.unpublish(pupil, TrackSource.CAMERA)
        else:
            stage.publish(pupil, TrackSource.CAMERA, width=640, height=360)

    def _hand(self, stage: Stage, pupil: Participant) -> None:
        raised = [person for person in stage.people if HAND in person.attributes]
        if len(raised) >= 4:
            stage.lower_hand(raised[0])
        elif HAND in pupil.attributes:
            stage.lower_hand(pupil)
        else:
            stage.raise_hand(pupil)

    def _speak(self, stage: Stage, pupil: Participant) -> None:
        stage.toggle_mute(pupil, TrackSource.MICROPHONE)
