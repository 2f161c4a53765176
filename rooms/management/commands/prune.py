"""``manage.py prune``: delete what the feed kept longer than each project's days. The audit is never deleted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from rooms.models import Project
from rooms.models.feed import prune


class Command(BaseCommand):
    """Goes through all projects; safe to run at any time and as often as one likes."""

    help = "Delete changes in the feed's history that are older than their project keeps them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each project that had something to delete."""
        for project in Project.objects.order_by("slug"):
            deleted = prune(project)
            if deleted:
                which = "of a deleted project" if project.deleted_at else f"older than {project.history_days} days"
                self.stdout.write(f"{project.slug}: {deleted:,} changes {which} deleted")
