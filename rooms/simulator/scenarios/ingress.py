"""A stadium feed: an ingress that sends, a recorder that records, viewers who come and go."""

from livekit.protocol.models import ParticipantInfo, TrackSource

from rooms.simulator.state.participant import Profile
from rooms.simulator.wire import dumps

from . import roles
from .cast import Casting
from .stage import Play, Stage

VIEWERS = 30


class StadiumFeed(Play):
    """``stadium-feed``."""

    room = "stadium-feed"
    pace = (1.5, 4.0)

    def set_up(self, stage: Stage) -> None:
        stage.open_room(dumps({"match": "Rovers – Athletic", "feed": "main stand"}), minutes_ago=64)
        self.casting = Casting(stage.rng)
        feed = Profile("ingress-main-stand", "Main stand", kind=ParticipantInfo.Kind.INGRESS, permission=roles.feed())
        sender = stage.enter(feed, minutes_ago=63)
        stage.publish(sender, TrackSource.CAMERA, name="main stand", width=1920, height=1080, mime_type="video/H264")
        stage.publish(sender, TrackSource.MICROPHONE, name="pitch", mime_type="audio/opus")
        recorder = Profile("EG_yN3vKt8RwQpz", "", kind=ParticipantInfo.Kind.EGRESS, permission=roles.recorder())
        stage.enter(recorder, minutes_ago=62)
        for _ in range(VIEWERS):
            self._join(stage, minutes_ago=stage.rng.uniform(1, 60))

    def step(self, stage: Stage) -> None:
        viewers = [person for person in stage.people if "block" in person.attributes]
        happening = stage.rng.random()
        viewer = stage.pick(viewers)
        if viewer is None or (happening < 0.4 and len(viewers) < VIEWERS + 5):
            self._join(stage)
        elif happening < 0.75:
            stage.leave(viewer)
        else:
            stage.set_attributes(viewer, block=stage.rng.choice("ABCDEF"))

    def _join(self, stage: Stage, minutes_ago: float = 0.0) -> None:
        taken = stage.room.people.keys() if stage.room else set()
        attributes = {"block": stage.rng.choice("ABCDEF")}
        stage.enter(self.casting.draw(taken, roles.listener(), attributes), minutes_ago)
