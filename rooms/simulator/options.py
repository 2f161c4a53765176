"""The options of the command line; ``manage.py simulate`` takes the same."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field

from .state.record import INTERVAL
from .state.world import Manner

DEFAULT_KEY = "devkey"
DEFAULT_SECRET = "a-well-known-secret-for-development-only"  # noqa: S105 - public: it opens only the simulator


@dataclass(frozen=True)
class Options:
    """How one simulator runs."""

    bind: str = "127.0.0.1"
    port: int = 7880
    keys: tuple[tuple[str, str], ...] = ((DEFAULT_KEY, DEFAULT_SECRET),)
    manner: Manner = field(default_factory=Manner)
    webhooks: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    seed: int | None = None
    speed: float = 1.0
    rooms: int = 0
    people: int = 0


def add_arguments(parser: argparse.ArgumentParser, scenarios: Sequence[str]) -> None:
    """Add every option to ``parser``; ``scenarios`` are the names that may be asked for."""
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=7880, help="port, 0 takes a free one (default %(default)s)")
    parser.add_argument("--key", default=DEFAULT_KEY, help="API key (default %(default)s)")
    parser.add_argument("--secret", default=DEFAULT_SECRET, help="its secret (default %(default)s)")
    parser.add_argument(
        "--extra-key", action="append", default=[], metavar="KEY:SECRET", help="one more accepted key; may be repeated"
    )
    parser.add_argument("--cloud", action="store_true", help="behave as LiveKit Cloud: move, forward, revoke, unmute")
    parser.add_argument("--enable-remote-unmute", action="store_true", help="as room.enable_remote_unmute: true")
    parser.add_argument("--no-auto-create", action="store_true", help="as room.auto_create: false")
    parser.add_argument(
        "--webhook", "--webhook-url", action="append", default=[], metavar="URL", help="send webhooks; may be repeated"
    )
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="NAME",
        help=f"people with lives: {', '.join(scenarios)}, or lively for all; repeated or separated by commas",
    )
    parser.add_argument("--seed", type=int, help="make the scenarios and identifiers repeatable")
    parser.add_argument("--speed", type=float, default=1.0, help="how fast lives pass (default %(default)s)")
    parser.add_argument("--rooms", type=int, default=0, help="load: this many small rooms")
    parser.add_argument("--people", type=int, default=0, help="load: one room with this many people")
    parser.add_argument("--empty-timeout", type=int, default=300, help="seconds (default %(default)s)")
    parser.add_argument(
        "--counts-interval",
        type=float,
        default=INTERVAL,
        help="seconds by which a room's counts lag, 0: never (default %(default)s)",
    )
    parser.add_argument("--departure-timeout", type=int, default=20, help="seconds (default %(default)s)")


def read(arguments: argparse.Namespace, scenarios: Sequence[str]) -> Options:
    """Make Options of parsed arguments. Raises ValueError in plain words for what cannot be."""
    keys = [(arguments.key, arguments.secret)]
    for pair in arguments.extra_key:
        key, colon, secret = pair.partition(":")
        if not (key and colon and secret):
            raise ValueError("--extra-key takes KEY:SECRET")
        keys.append((key, secret))
    if arguments.counts_interval < 0:
        raise ValueError("--counts-interval must not be below zero")
    if arguments.speed <= 0:
        raise ValueError("--speed must be above zero")
    return Options(
        bind=arguments.bind,
        port=arguments.port,
        keys=tuple(keys),
        manner=Manner(
            cloud=arguments.cloud,
            remote_unmute=arguments.enable_remote_unmute,
            empty_timeout=arguments.empty_timeout,
            departure_timeout=arguments.departure_timeout,
            auto_create=not arguments.no_auto_create,
            counts_interval=arguments.counts_interval,
        ),
        webhooks=tuple(arguments.webhook),
        scenarios=tuple(_chosen(arguments.scenario, scenarios)),
        seed=arguments.seed,
        speed=arguments.speed,
        rooms=arguments.rooms,
        people=arguments.people,
    )


def _chosen(wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """The scenarios named, in the order named, each once; ``lively`` is all of them."""
    chosen: list[str] = []
    for name in (part.strip() for value in wanted for part in value.split(",") if part.strip()):
        if name != "lively" and name not in known:
            raise ValueError(f"no scenario is called {name}; there are: {', '.join(known)}, lively")
        chosen += [each for each in (known if name == "lively" else [name]) if each not in chosen]
    return chosen
