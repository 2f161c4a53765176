"""``python -m bench.live``: print what README quotes. ``--real`` measures on a real livekit-server.

Everything that it needs it starts by itself, on free ports of loopback. Read ratios rather than absolute times.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time

from bench import calls, changes, pages, sockets
from bench.stage import stage
from tests.servers.fixtures import why_not_real
from tests.servers.server import Kind

PARTS = {"changes": changes.measure, "sockets": sockets.measure, "calls": calls.measure, "pages": pages.measure}


def main() -> int:
    """Measure and print; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--real", action="store_true", help="on a real livekit-server instead of the simulator")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    options = parser.parse_args()
    unknown = set(options.parts) - PARTS.keys()
    if unknown:
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    missing = why_not_real() if options.real else ""
    if missing:
        print(missing, file=sys.stderr)
        return 1
    kind: Kind = "real" if options.real else "simulator"
    began = time.monotonic()
    server = "livekit-server" if options.real else "the simulator"
    print(f"Greenroom on {server}, {os.cpu_count()} cores, Python {platform.python_version()}, all in one machine")
    with stage(kind) as ready:
        for part in options.parts or PARTS:
            PARTS[part](ready)
    print(f"\n{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
