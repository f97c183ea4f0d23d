"""Notices to staff, what each wants to be told how, and faults of the office itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Filters that read as words."""

    def unread(self) -> NoticeQuerySet:
        """Those nobody has looked at yet."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """Something one person should know (通知): a line, a place to go, and whether it was read."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120, blank=True)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        db_table = "notice"
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "key"], condition=~Q(key=""), name="notice_once_per_key"
            )
        ]
        indexes = [
            models.Index(fields=["staff", "-id"], name="notice_of_staff"),
            models.Index(
                fields=["staff"],
                name="notice_unread",
                condition=Q(read_at__isnull=True, in_app=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class NoticePreference(models.Model):
    """How one person wants to be told about one kind of thing (通知设置)."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)

    class Meta:
        db_table = "notice_preference"
        constraints = [
            models.UniqueConstraint(fields=["staff", "kind"], name="notice_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.kind}"


class FaultReport(TimestampedModel):
    """Something of the office does not work (故障上报): computer, system, phone, network, equipment."""

    class Kind(models.TextChoices):
        SYSTEM = "system", _("Computer or system")
        PHONE = "phone", _("Phone")
        NETWORK = "network", _("Network")
        EQUIPMENT = "equipment", _("Machine or equipment")

    class State(models.TextChoices):
        REPORTED = "reported", _("Reported")
        IN_WORK = "in_work", _("Being worked on")
        RESOLVED = "resolved", _("Resolved")

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    place = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    noticed_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reported_faults"
    )
    state = models.CharField(max_length=12, choices=State, default=State.REPORTED)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="taken_faults"
    )
    resolution = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fault_report"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state="resolved", resolved_at__isnull=False) & ~Q(resolution="")
                    | ~Q(state="resolved") & Q(resolved_at__isnull=True)
                ),
                name="fault_resolved_says_how",
            )
        ]
        indexes = [models.Index(fields=["-id"], name="fault_open", condition=~Q(state="resolved"))]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Not resolved yet."""
        return self.state != self.State.RESOLVED


class StartOfDayCheck(models.Model):
    """One person's look at system, phone and network before the first contact (班前检查)."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="start_of_day_checks"
    )
    day = models.DateField()
    at = models.DateTimeField()
    system_is_well = models.BooleanField()
    phone_is_well = models.BooleanField()
    network_is_well = models.BooleanField()

    class Meta:
        db_table = "start_of_day_check"
        constraints = [models.UniqueConstraint(fields=["staff", "day"], name="check_once_a_day")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.day}"
