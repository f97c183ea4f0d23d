"""Backups as the ledger knows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupQuerySet(models.QuerySet["Backup"]):
    """Filters that read as words."""

    def good(self) -> "BackupQuerySet":
        return self.filter(state=Backup.State.GOOD)

    def ended(self) -> "BackupQuerySet":
        return self.exclude(state=Backup.State.RUNNING)

    def newest_first(self) -> "BackupQuerySet":
        return self.order_by("-started_at", "-pk")


class Backup(models.Model):
    """One run of the backup (备份): when, where to, how large, and what went wrong."""

    class State(models.TextChoices):
        RUNNING = "running", _("under way")
        GOOD = "good", _("good")
        FAILED = "failed", _("failed")

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    folder = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0)
    new_bytes = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    missing_files = models.IntegerField(default=0)
    words = models.TextField(blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        db_table = "backup"
        indexes = [models.Index(fields=["-started_at"], name="backup_started")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running", ended_at__isnull=True)
                | (~models.Q(state="running") & models.Q(ended_at__isnull=False)),
                name="backup_ended_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.folder} {self.state}"

    @property
    def seconds(self) -> float:
        """How long it took; 0 while it runs."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else 0.0
