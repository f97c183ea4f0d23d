"""Work handed to others, and words of progress."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from shouwen.cases.models.case import Case


class HandOff(models.Model):
    """Work on a case handed to a department or person (转办), with the customer's own words."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        RECEIVED = "received", _("Received")
        DONE = "done", _("Done")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hand_offs")
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="hand_offs"
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="hand_offs"
    )
    task = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, blank=True)
    customer_words = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True)
    last_progress_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    class Meta:
        db_table = "case_hand_off"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(result=""), name="hand_off_done_has_result"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("sent", "received"), ended_at__isnull=True)
                | Q(state__in=("done", "returned", "withdrawn"), ended_at__isnull=False),
                name="hand_off_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                name="hand_off_owed",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=["last_progress_at"], name="hand_off_silent", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.department_id}"

    @property
    def seconds_after_found(self) -> float:
        """From when the trouble was found, else registered, to when they were told. (D299, D411)"""
        found_at = parse_datetime(str(self.case.values.get("found_at", "")))
        return max((self.sent_at - (found_at or self.case.opened_at)).total_seconds(), 0)

    @property
    def is_open(self) -> bool:
        """Neither done, returned nor withdrawn."""
        return self.ended_at is None

    @property
    def last_news(self) -> str:
        """The last word of progress on this task, or nothing."""
        notes = sorted(self.progress.all(), key=lambda note: (note.at, note.pk))
        return notes[-1].text if notes else ""


class ProgressNote(models.Model):
    """A word of progress on a case (进展); with `told_way` the customer has been told. (D688)"""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="progress")
    hand_off = models.ForeignKey(
        HandOff, on_delete=models.CASCADE, null=True, related_name="progress"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    told_way = models.CharField(max_length=10, choices=Case.Way, blank=True)
    customer_opinion = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "case_progress"
        indexes = [models.Index(fields=["case", "at"], name="case_progress_at")]

    def __str__(self) -> str:
        return self.text[:40]
