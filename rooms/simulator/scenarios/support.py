"""A support call: a caller on the telephone, a voice agent, and a person who listens in."""

from livekit.protocol.models import ParticipantInfo, TrackSource

from rooms.simulator.state.participant import Profile
from rooms.simulator.wire import dumps

from . import roles
from .stage import Play, Stage

AGENT, CALLER, HUMAN = "agent-sunny", "sip_+4930901820", "ebru.yildiz"
_KEYS = "0123456789#*"


class SupportCall(Play):
    """``support-4711``."""

    room = "support-4711"
    pace = (2.0, 5.0)

    def set_up(self, stage: Stage) -> None:
        stage.open_room(dumps({"case": 4711, "queue": "billing", "priority": "high"}), minutes_ago=6)
        agent = Profile(AGENT, "Sunny", kind=ParticipantInfo.Kind.AGENT, permission=roles.speaker())
        agent.kind_details = [ParticipantInfo.KindDetail.CLOUD_AGENT]
        agent.permission.agent = True
        agent.attributes = {"lk.agent.state": "listening", "lk.agent.name": "sunny-billing"}
        caller = Profile(CALLER, "Phone +49 30 901820", kind=ParticipantInfo.Kind.SIP)
        caller.attributes = {
            "sip.phoneNumber": "+4930901820",
            "sip.callStatus": "active",
            "sip.callID": "SCL_7rQm2ZpX9dKe",
            "sip.trunkID": "ST_h4Wc8LtNvBgy",
            "sip.trunkPhoneNumber": "+4930555014",
        }
        human = Profile(HUMAN, "Ebru Yıldız", attributes={"desk": "billing", "lang": "tr"})
        human.permission = roles.speaker()
        for profile, minutes in ((agent, 5.9), (caller, 5.8), (human, 2.5)):
            person = stage.enter(profile, minutes_ago=minutes)
            stage.publish(person, TrackSource.MICROPHONE, muted=profile is human)

    def step(self, stage: Stage) -> None:
        there = {person.identity: person for person in stage.people}
        agent, caller, human = there.get(AGENT), there.get(CALLER), there.get(HUMAN)
        happening = stage.rng.random()
        if agent and happening < 0.6:
            state = stage.rng.choice(("listening", "thinking", "speaking"))
            stage.set_attributes(agent, **{"lk.agent.state": state})
        elif caller and happening < 0.75:
            stage.set_attributes(caller, **{"sip.dtmf": stage.rng.choice(_KEYS)})
        elif human:
            stage.toggle_mute(human, TrackSource.MICROPHONE)
