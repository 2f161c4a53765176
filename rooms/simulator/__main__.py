"""``python -m rooms.simulator``: run one simulator until it is told to stop."""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from . import options
from .scenarios import NAMES
from .server import serve


def run(chosen: options.Options) -> int:
    """Run a simulator; returns the exit status. Prints one line, ``ready http://...``, when it listens."""
    try:
        asyncio.run(serve(chosen, lambda line: print(line, flush=True)))
    except OSError as error:
        print(f"cannot listen on {chosen.bind}:{chosen.port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m rooms.simulator", description=__doc__)
    options.add_arguments(parser, NAMES)
    try:
        chosen = options.read(parser.parse_args(arguments), NAMES)
    except ValueError as error:
        parser.error(str(error))
    return run(chosen)


if __name__ == "__main__":
    sys.exit(main())
