"""People for tests: `person = await join(server, "town-hall", "alice", publish=["microphone"])`.

The same words on the real server (through LiveKit's rtc SDK, with synthetic sound and pictures) and on the simulator
(through its control address), for what a person does and for what a person experienced.
"""

from tests.people.joining import crowd, join
from tests.people.person import Experience, JoinRefused, Person

__all__ = ["Experience", "JoinRefused", "Person", "crowd", "join"]
