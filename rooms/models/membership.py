"""Who may do what in which project."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from rooms.models.project import Project


class Role(models.TextChoices):
    """The weakest first: viewer (sees), moderator (acts), administrator (settings, secrets, members)."""

    VIEWER = "viewer", "viewer"
    MODERATOR = "moderator", "moderator"
    ADMINISTRATOR = "administrator", "administrator"


class Membership(models.Model):
    """One user's role in one project."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["user__username"]
        constraints = [models.UniqueConstraint(fields=["user", "project"], name="one_role_per_project")]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.project_id}"
