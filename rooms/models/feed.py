"""The kept history: every change that a reader saw, for a set number of days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from rooms.models.fields import JSONTextField, NameField
from rooms.models.project import Project

# So many entries are deleted in one transaction.
BATCH = 1_000


class FeedEntry(models.Model):
    """One change in words, with the value before and after, and who did it if it was done from here."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="feed")
    room = NameField(blank=True)
    room_sid = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=30)
    # Empty when the change is about the room itself.
    identity = NameField(blank=True)
    label = NameField(blank=True)
    # The key of an attribute, the sid of a track, the name of a permission.
    field = NameField(blank=True)
    # JSON: any value in Python, text in the database only.
    old: JSONTextField[Any, Any] = JSONTextField(null=True)
    new: JSONTextField[Any, Any] = JSONTextField(null=True)
    words = NameField(blank=True)
    tone = models.CharField(max_length=20, blank=True)
    icon = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=150, blank=True)
    verb = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name_plural = "feed entries"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["project", "-at"], name="feed_time"),
            models.Index(fields=["project", "room", "-at"], name="feed_room"),
            models.Index(fields=["project", "room", "identity", "-at"], name="feed_identity"),
            models.Index(fields=["project", "kind", "-at"], name="feed_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.label} {self.words}"


def prune(project: Project) -> int:
    """Delete what is older than the project's ``history_days``; return how many entries went. Database.

    Cheap when there is nothing to delete, so that a reader may call it as often as it likes. Of a deleted project
    everything is too old.
    """
    deleted = 0
    while gone := prune_some(project):
        deleted += gone
    return deleted


def prune_some(project: Project) -> int:
    """``prune`` for at most BATCH entries, in a transaction that is over in some hundredths of a second. Database.

    All of a long history in one would keep every other writer of a SQLite file out until it is done.
    """
    keys = list(_too_old(project).order_by().values_list("pk", flat=True)[:BATCH])
    return FeedEntry.objects.filter(pk__in=keys).delete()[0] if keys else 0


def newest_too_old(project: Project) -> int:
    """Return the key up to which entries are too old to be shown, deleted yet or not; 0 when none is. Database.

    A key and not a time, because pages go by key: one look at an index instead of sorting all that is kept.
    """
    return _too_old(project).order_by("-at", "-pk").values_list("pk", flat=True).first() or 0


def _too_old(project: Project) -> models.QuerySet[FeedEntry]:
    if project.deleted_at is not None:
        return FeedEntry.objects.filter(project_id=project.pk)
    oldest = timezone.now() - timedelta(days=project.history_days)
    return FeedEntry.objects.filter(project_id=project.pk, at__lt=oldest)
