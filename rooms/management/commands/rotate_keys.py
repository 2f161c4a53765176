"""``manage.py rotate_keys``: encrypt every stored secret with the first of GREENROOM_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from rooms.models import Project

SECRETS = ("api_secret", "previous_api_secret")


class Command(BaseCommand):
    """After it has run without complaint, the older keys can be dropped from GREENROOM_KEYS."""

    help = "Encrypt every stored secret with the first of GREENROOM_KEYS; the others can then be dropped."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        projects = list(Project.objects.select_for_update())
        lost = [project.slug for project in projects if project.secret_lost]
        for project in projects:
            # Reading decrypted with whichever key fits; saving encrypts with the first. A lost one stays as it is.
            project.save(update_fields=list(SECRETS))
        self.stdout.write(f"The secrets of {len(projects) - len(lost)} projects are encrypted with the first key.")
        if lost:
            raise CommandError(
                f"No key decrypts the secret of: {', '.join(lost)}. Bring the key back that encrypted it, "
                "or type the secret again on the page of its project."
            )
