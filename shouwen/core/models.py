"""Core tables: history, stored files, number series, heartbeats, paces."""

from typing import Any

from django.db import models
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _


class TimestampedModel(models.Model):
    """Base of rows that say when they were made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:  # noqa: N802 - Django's name
        """What `get_state_display()` and the like answer. Django looks all choices through each time."""
        labels = field.__dict__.get("labels_by_value")
        if labels is None:
            labels = field.__dict__["labels_by_value"] = dict(field.flatchoices)
        value = getattr(self, field.attname)
        shown: str = force_str(labels.get(value, value), strings_only=True)
        return shown


class HistoryEntry(models.Model):
    """One fact that happened (历史). Append-only: the database itself refuses change and removal."""

    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    by_id = models.BigIntegerField(null=True)
    payload = models.JSONField()

    class Meta:
        db_table = "history"
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="history_subject"),
            models.Index(fields=["name", "id"], name="history_name"),
            models.Index(
                fields=["by_id", "id"], name="history_by", condition=models.Q(by_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_kind}:{self.subject_id}"


class StoredFile(models.Model):
    """A file somebody sent or made (文件). Its bytes lie in the storage under `key`."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        VOICE = "voice", _("Voice")
        VIDEO = "video", _("Video")
        OTHER = "other", _("File")
        # Kept because it came by mail, and given to nobody.
        UNCHECKED = "unchecked", _("File not yet checked for viruses")
        INFECTED = "infected", _("File with a virus")

    key = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind)
    size = models.BigIntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "stored_file"

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The last number given out in a series such as LT-202611 (编号)."""

    name = models.CharField(max_length=30, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        db_table = "number_series"

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class Heartbeat(models.Model):
    """The last sign of life of a process or a service (心跳), and what it said of its state."""

    name = models.CharField(max_length=120, primary_key=True)
    beat_at = models.DateTimeField()
    is_well = models.BooleanField(default=True)
    note = models.TextField(blank=True)

    class Meta:
        db_table = "heartbeat"

    def __str__(self) -> str:
        return self.name


class Pace(models.Model):
    """How often something happened in a window of time (限流计数).

    Not written ahead (UNLOGGED): quick, and a crash of the database only forgets the counts.
    """

    name = models.CharField(max_length=64, primary_key=True)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "pace"

    def __str__(self) -> str:
        return self.name[:12]
