"""An autumn webinar: a handful of speakers, an audience of two hundred, hands going up."""

from livekit.protocol.models import ParticipantInfo, TrackSource

from rooms.simulator.state.participant import Participant, Profile
from rooms.simulator.wire import dumps

from . import roles
from .cast import Casting
from .stage import HAND, Play, Stage

AUDIENCE = 200
SWING = 6  # how far the audience strays from its size
HANDS = 7  # hands that are up at most; about half of them on average
MICROPHONE, CAMERA, SCREEN = TrackSource.MICROPHONE, TrackSource.CAMERA, TrackSource.SCREEN_SHARE

_SPEAKERS = (
    ("mara.lindqvist", "Mara Lindqvist", "Host", "sv"),
    ("tomas.okafor", "Tomás Okafor", "Head of Product", "en"),
    ("ines.ribeiro", "Inês Ribeiro", "Design", "pt"),
    ("kenji.watanabe", "渡辺 健司", "Engineering", "ja"),
    ("leila.haddad", "Leïla Haddad", "Customer stories", "fr"),
    ("oskar.wisniewski", "Oskar Wiśniewski", "Questions and answers", "pl"),
)


class Webinar(Play):
    """``autumn-product-webinar``."""

    room = "autumn-product-webinar"

    def set_up(self, stage: Stage) -> None:
        topic = {"title": "What is new this autumn", "host": "mara.lindqvist", "agenda": ["demo", "stories", "Q&A"]}
        stage.open_room(dumps(topic), minutes_ago=38)
        self.casting = Casting(stage.rng)
        for slot, (identity, name, role, language) in enumerate(_SPEAKERS, start=1):
            attributes = {"role": role, "lang": language}
            metadata = dumps({"title": role, "slot": slot})
            profile = Profile(identity, name, metadata=metadata, attributes=attributes, permission=roles.speaker())
            person = stage.enter(profile, minutes_ago=stage.rng.uniform(30, 37))
            stage.publish(person, MICROPHONE, muted=identity != "tomas.okafor")
            stage.publish(person, CAMERA)
        self._share_screen(stage)
        captions = Profile("captions", "Captions", kind=ParticipantInfo.Kind.AGENT, permission=roles.hidden())
        captions.attributes = {"lk.agent.state": "listening", "lang": "en"}
        captions.permission.hidden = False
        captions.permission.agent = True
        stage.enter(captions, minutes_ago=37)
        desk = Profile("support-desk", "Support desk", permission=roles.hidden(), attributes={"shift": "evening"})
        stage.enter(desk, minutes_ago=36)
        for _ in range(AUDIENCE):
            self._join(stage, minutes_ago=stage.rng.triangular(1, 34, 28))
        for person in stage.rng.sample(self._audience(stage), 4):
            stage.raise_hand(person)

    def step(self, stage: Stage) -> None:
        acts = (self._hands, self._come_and_go, self._talk, self._captions, self._cameras, self._share_screen)
        stage.rng.choices(acts, weights=(7, 6, 5, 2, 1, 0.4))[0](stage)

    def _audience(self, stage: Stage) -> list[Participant]:
        return [person for person in stage.people if "ticket" in person.attributes]

    def _speakers(self, stage: Stage) -> list[Participant]:
        return [person for person in stage.people if stage.track(person, MICROPHONE)]

    def _join(self, stage: Stage, minutes_ago: float = 0.0) -> None:
        taken = stage.room.people.keys() if stage.room else set()
        ticket = f"{stage.rng.choice('AAB')}-{stage.rng.randrange(10_000):04}"
        metadata = ""
        if stage.rng.random() < 0.3:
            metadata = dumps({"company": stage.rng.choice(("Nordlicht", "Acme", "Kumo", "Ribeira"))})
        stage.enter(self.casting.draw(taken, roles.listener(), {"ticket": ticket}, metadata), minutes_ago)

    def _hands(self, stage: Stage) -> None:
        raised = [person for person in stage.people if HAND in person.attributes]
        if stage.rng.random() < len(raised) / HANDS:
            stage.lower_hand(stage.rng.choice(raised))
            return
        quiet = [p for p in self._audience(stage) if HAND not in p.attributes and not p.tracks]
        person = stage.pick(quiet)
        if person:
            stage.raise_hand(person)

    def _come_and_go(self, stage: Stage) -> None:
        audience = self._audience(stage)
        missing = AUDIENCE - len(audience)
        if missing > -SWING and stage.rng.random() < 0.5 + missing / (2 * SWING):
            self._join(stage)
            return
        person = stage.pick([p for p in audience if HAND not in p.attributes and not p.tracks])
        if person:
            stage.leave(person)

    def _talk(self, stage: Stage) -> None:
        """Keep one to three microphones open."""
        speakers = self._speakers(stage)
        heard = [p for p in speakers if (track := stage.track(p, MICROPHONE)) and not track.muted]
        silent = [p for p in speakers if p not in heard]
        if len(heard) > 1 and (len(heard) > 2 or stage.rng.random() < 0.5):
            person = stage.pick(heard)
        else:
            person = stage.pick(silent)
        if person:
            stage.toggle_mute(person, MICROPHONE)

    def _cameras(self, stage: Stage) -> None:
        person = stage.pick([p for p in stage.people if stage.track(p, CAMERA)])
        if person:
            stage.toggle_mute(person, CAMERA)

    def _captions(self, stage: Stage) -> None:
        for person in stage.people:
            if person.identity == "captions":
                states = ("listening", "thinking", "speaking")
                stage.set_attributes(person, **{"lk.agent.state": stage.rng.choice(states)})

    def _share_screen(self, stage: Stage) -> None:
        sharing = [p for p in stage.people if stage.track(p, SCREEN)]
        for person in sharing:
            stage.unpublish(person, SCREEN)
            stage.unpublish(person, TrackSource.SCREEN_SHARE_AUDIO)
        presenter = stage.pick([p for p in self._speakers(stage) if "role" in p.attributes])
        if presenter and not sharing:
            stage.publish(presenter, SCREEN)
            stage.publish(presenter, TrackSource.SCREEN_SHARE_AUDIO)
