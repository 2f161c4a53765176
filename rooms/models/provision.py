"""Projects that appear by themselves: the one of LIVEKIT_*, and the demo's."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from rooms.models.membership import Membership, Role
from rooms.models.project import DEMO_SLUG, ENVIRONMENT_SLUG, Project

# Known passwords, for accounts that exist in the demo's own database only, which is served on loopback only.
DEMO_PEOPLE = {
    "viewer": Role.VIEWER,
    "moderator": Role.MODERATOR,
    "admin": Role.ADMINISTRATOR,
}


def demo_password(username: str) -> str:
    """The password that the demo prints for one of DEMO_PEOPLE."""
    return f"{username}-demo"


@transaction.atomic
def project_from_environment() -> Project | None:
    """Make or update the project of LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and give it back.

    Without the three variables there is none; one of an earlier start stays and can then be edited on its page.
    """
    existing = Project.objects.filter(from_environment=True).first()
    if not (settings.LIVEKIT_URL and settings.LIVEKIT_API_KEY and settings.LIVEKIT_API_SECRET):
        if existing is not None:
            existing.from_environment = False
            existing.save(update_fields=["from_environment"])
        return None
    project = existing or _unclaimed()
    if project is None:
        taken = Project.objects.filter(slug=ENVIRONMENT_SLUG).exists()
        slug = f"{ENVIRONMENT_SLUG}-{timezone.now():%Y%m%d%H%M%S}" if taken else ENVIRONMENT_SLUG
        project = Project(slug=slug, name=urlsplit(settings.LIVEKIT_URL).hostname or "LiveKit")
    project.from_environment = True
    point(project, settings.LIVEKIT_URL, settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET, "the environment")
    return project


def _unclaimed() -> Project | None:
    """The project of an earlier start on the same server; a deleted one stays deleted."""
    return Project.objects.filter(slug=ENVIRONMENT_SLUG, url=settings.LIVEKIT_URL, deleted_at=None).first()


@transaction.atomic
def demo_project(url: str, key: str, secret: str) -> Project:
    """The project of the demo, on the simulator at ``url``, with an account for each role; one deleted is back."""
    project = Project.objects.filter(slug=DEMO_SLUG).first() or Project(slug=DEMO_SLUG, name="Demo")
    project.deleted_at, project.deleted_by = None, ""
    point(project, url, key, secret, "the demo")
    for username, role in DEMO_PEOPLE.items():
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User.objects.create_user(username, password=demo_password(username))
        Membership.objects.get_or_create(user=user, project=project, defaults={"role": role})
    return project


def point(project: Project, url: str, key: str, secret: str, by: str) -> None:
    """Save ``project`` with this address, key and secret; a secret that stays keeps its date."""
    if (project.api_key, str(project.api_secret)) != (key, secret):
        project.previous_api_key, project.previous_api_secret = project.api_key, project.api_secret
        project.api_key = key
        project.set_secret(secret, by)
    project.url = url
    project.save()
