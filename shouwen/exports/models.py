"""Exports: what was taken out of the system, by whom, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class Export(TimestampedModel):
    """A list somebody took out as a file (导出), and for ever the record that he did.

    `asked` is what the list was narrowed to, as the page's address says it. The file goes after
    some days, the row stays.
    """

    class Format(models.TextChoices):
        XLSX = "xlsx", _("Excel (xlsx)")
        CSV = "csv", _("CSV")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        RUNNING = "running", _("Being written")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("File removed")

    name = models.CharField(max_length=40)
    asked = models.JSONField(default=dict, blank=True)
    format = models.CharField(max_length=4, choices=Format, default=Format.XLSX)
    is_clear = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    progress_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "export"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(key=""), name="export_ready_has_file"
            ),
            models.CheckConstraint(
                condition=Q(is_clear=False) | ~Q(reason=""), name="export_clear_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-id"], name="export_of_person"),
            models.Index(
                fields=["expires_at"], condition=Q(state="ready"), name="export_to_remove"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    @property
    def is_under_way(self) -> bool:
        """A worker has it, or will."""
        return self.state in {self.State.WAITING, self.State.RUNNING}
