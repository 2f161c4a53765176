"""``manage.py prepare``: what has to be done before the console is served, each time it is deployed or started."""

from __future__ import annotations

import argparse
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from rooms.models import FirstRunCode
from rooms.models.provision import project_from_environment


class Command(BaseCommand):
    """Bring the database up to date, keep the project of LIVEKIT_* in step, show the code of the first run."""

    help = "Migrate, keep the project of LIVEKIT_* in step, and print the first-run code while there are no accounts."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--no-code", action="store_true", help="print no first-run code")

    def handle(self, *args: Any, **options: Any) -> None:
        migrate_if_needed()
        project = project_from_environment()
        if project is not None:
            self.stdout.write(f"The project {project.name} is on {project.url}.")
        if not options["no_code"] and not User.objects.exists():
            self.stdout.write(f"First run: open /first-run/ and give the code {FirstRunCode.issue()}")


def migrate_if_needed() -> bool:
    """Run the migrations that are not applied yet; gives back whether there were any."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True
