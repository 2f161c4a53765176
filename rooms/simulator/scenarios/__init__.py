"""People with lives: scenarios that fill rooms and keep them moving."""

import asyncio
import random
from collections.abc import Mapping

from rooms.simulator.state.memory import Experience
from rooms.simulator.state.world import World

from .empty import GreenRoom
from .hostile import HostileRoom
from .ingress import StadiumFeed
from .school import MathClass
from .stage import Play, Stage
from .support import SupportCall
from .webinar import Webinar

PLAYS: Mapping[str, type[Play]] = {
    "webinar": Webinar,
    "class": MathClass,
    "support": SupportCall,
    "ingress": StadiumFeed,
    "empty": GreenRoom,
    "hostile": HostileRoom,
}
NAMES = tuple(PLAYS)
LIVELY = "lively"  # all of them


class Theatre:
    """Opens and closes scenarios, and lets their people feel what moderators do to them."""

    def __init__(self, world: World, seed: int | None, speed: float) -> None:
        self._world = world
        self._seed = seed
        self._speed = speed
        self._stages: dict[str, tuple[Stage, asyncio.Task[None]]] = {}
        world.memory.listeners.append(self._felt)

    def open(self, name: str, seed: int | None = None) -> None:
        """Start a scenario, or all with ``lively``; one that runs already is left alone.

        Raises KeyError for an unknown name.
        """
        if name == LIVELY:
            for each in NAMES:
                self.open(each, seed)
            return
        play = PLAYS[name]()
        if name in self._stages:
            return
        chosen = self._seed if seed is None else seed
        rng = random.Random(None if chosen is None else f"{name} {chosen}")  # noqa: S311 - lives, not secrets
        stage = Stage(self._world, play.room, rng, self._speed)
        play.set_up(stage)
        if stage.room:
            stage.room.record.settle()  # its people came long ago, as their times tell
        self._stages[name] = stage, asyncio.get_running_loop().create_task(stage.run(play))

    def close(self) -> None:
        """Stop every scenario; its people stay where they are, and its rooms may close from now on."""
        for stage, task in self._stages.values():
            task.cancel()
            stage.close()
        self._stages.clear()

    def _felt(self, room: str, identity: str, experience: Experience) -> None:
        for stage, _ in self._stages.values():
            if stage.room_name == room:
                stage.felt(identity, experience)
