"""The record of every act. Rows are added and never changed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from rooms.models.fields import JSONTextField, NameField
from rooms.models.project import Project


class AppendOnly(TypeError):
    """Something tried to change or delete a row of the audit."""

    def __init__(self) -> None:
        super().__init__("The audit is append-only.")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads like any other; refuses to change rows."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Raises AppendOnly."""
        raise AppendOnly

    def delete(self) -> NoReturn:
        """Raises AppendOnly."""
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises AppendOnly."""
        raise AppendOnly


class AuditEntry(models.Model):
    """One act: who, when, from where, what, on whom, before, after, and what LiveKit answered."""

    class Outcome(models.TextChoices):
        """How it ended. Uncertain: LiveKit did not answer in time, so the change may have happened."""

        DONE = "done", "done"
        REFUSED = "refused", "refused"
        FAILED = "failed", "failed"
        UNCERTAIN = "uncertain", "uncertain"

    # None: an act on accounts, which belong to all of Greenroom.
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="audit")
    at = models.DateTimeField(default=timezone.now)
    # The name stays when the account goes.
    username = models.CharField(max_length=150, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=50)
    room = NameField(blank=True)
    identity = NameField(blank=True)
    track_sid = models.CharField(max_length=64, blank=True)
    target = NameField(blank=True)
    # JSON: any value in Python, text in the database only.
    before: JSONTextField[Any, Any] = JSONTextField(null=True)
    after: JSONTextField[Any, Any] = JSONTextField(null=True)
    reason = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.DONE)
    duration_ms = models.PositiveIntegerField(null=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["project", "-at"], name="audit_time"),
            models.Index(fields=["project", "verb", "-at"], name="audit_verb"),
            models.Index(fields=["project", "username", "-at"], name="audit_user"),
            models.Index(fields=["project", "room", "-at"], name="audit_room"),
            models.Index(fields=["project", "identity", "-at"], name="audit_identity"),
            models.Index(fields=["project", "outcome", "-at"], name="audit_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.username} {self.verb}: {self.outcome}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row. Raises AppendOnly for one that is there already."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises AppendOnly."""
        raise AppendOnly
