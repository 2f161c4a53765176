"""``manage.py simulate``: the simulator with the options of ``python -m rooms.simulator``."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rooms.simulator import options
from rooms.simulator.__main__ import run
from rooms.simulator.scenarios import NAMES


class Command(BaseCommand):
    """Run a LiveKit-compatible server that keeps its rooms in memory."""

    help = "Run the LiveKit-compatible simulator; prints 'ready http://...' when it listens."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        options.add_arguments(parser, NAMES)

    def handle(self, *args: Any, **arguments: Any) -> None:
        try:
            chosen = options.read(argparse.Namespace(**arguments), NAMES)
        except ValueError as error:
            raise CommandError(str(error)) from error
        status = run(chosen)
        if status:
            sys.exit(status)
