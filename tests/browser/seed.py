"""Put accounts and projects into a console's database; ``console.py`` runs this as a process of its own.

Standard input is JSON: ``projects`` by slug, each the values of a Project's fields, and ``people`` by name, each the
roles by slug.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

PASSWORD = "correct horse battery"


def seed(wanted: dict[str, Any]) -> None:
    """Make what is wanted; what is there already stays."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415  only after django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415

    from rooms.management.commands.prepare import migrate_if_needed  # noqa: PLC0415
    from rooms.models import Membership, Project  # noqa: PLC0415

    migrate_if_needed()
    for slug, values in wanted["projects"].items():
        Project.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize(), **values})
    password = make_password(PASSWORD)
    for name, roles in wanted["people"].items():
        user, _ = User.objects.get_or_create(username=name, defaults={"password": password})
        for slug, role in roles.items():
            project = Project.objects.get(slug=slug)
            Membership.objects.get_or_create(user=user, project=project, defaults={"role": role})


if __name__ == "__main__":
    django.setup()
    seed(json.load(sys.stdin))
