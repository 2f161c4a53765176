"""What a LiveKit server can do, learned from its answers."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from rooms.models.project import Project


class Ability(models.Model):
    """The last answer that tells whether a project's server can do a thing. No row: not tried."""

    class Name(models.TextChoices):
        """The things in which LiveKit servers differ."""

        REMOTE_UNMUTE = "remote_unmute", "Unmute a track"
        MOVE = "move", "Move to another room"
        FORWARD = "forward", "Forward to another room"
        REVOKE = "revoke", "Revoke tokens on removal"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="abilities")
    name = models.CharField(max_length=30, choices=Name)
    able = models.BooleanField()
    # LiveKit's own words and HTTP status.
    answer = models.TextField(blank=True)
    status = models.PositiveIntegerField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "abilities"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_answer_per_ability")]

    def __str__(self) -> str:
        return f"{self.name}: {'able' if self.able else 'not able'}"
