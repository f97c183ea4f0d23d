"""Working calendars, the days that differ, and running clocks."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.deadlines.arithmetic import Spans


def spans_of(value: list[list[int]]) -> Spans:
    """Stored hours as spans."""
    return tuple((opens, closes) for opens, closes in value)


class WorkCalendar(TimestampedModel):
    """When work goes on in an ordinary week, and where (服务时间, 工作日历).

    `week` holds seven lists, Monday first, of [from, to] in minutes since local midnight.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=60, default="Asia/Shanghai")
    week = models.JSONField()
    follows_holidays = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        db_table = "work_calendar"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="work_calendar_one_default",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="work_calendar_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def week_spans(self) -> tuple[Spans, ...]:
        """The ordinary week, Monday first."""
        return tuple(spans_of(day) for day in self.week)


class CalendarDay(TimestampedModel):
    """One day that differs from the ordinary week (特殊日期): closed when it has no spans.

    Without a calendar it holds for every calendar that follows public holidays, and overrides
    what was published.
    """

    calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.CASCADE, null=True, related_name="own_days"
    )
    day = models.DateField()
    spans = models.JSONField(default=list)
    is_ordinary = models.BooleanField(default=False)  # worked like an ordinary working day
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "calendar_day"
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"], nulls_distinct=False, name="calendar_day_once"
            ),
            models.CheckConstraint(
                condition=Q(is_ordinary=False) | Q(spans=[]), name="calendar_day_ordinary_or_own"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class DepartmentCalendar(models.Model):
    """The calendar a department works by (部门工作日历); those below it follow unless they have one."""

    department = models.OneToOneField(
        "accounts.Department", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    calendar = models.ForeignKey(WorkCalendar, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "department_calendar"

    def __str__(self) -> str:
        return f"{self.department_id}: {self.calendar_id}"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Filters that read as words."""

    def running(self) -> DeadlineQuerySet:
        """Neither kept nor called off; may be missed already, or stand still."""
        return self.filter(met_at__isnull=True, cancelled_at__isnull=True)

    def ticking(self) -> DeadlineQuerySet:
        """Running, and not standing still."""
        return self.running().filter(paused_at__isnull=True)

    def overdue(self, at: datetime) -> DeadlineQuerySet:
        """Ticking past its time."""
        return self.ticking().filter(due_at__lte=at)

    def near(self, at: datetime) -> DeadlineQuerySet:
        """Ticking, past the moment of warning, not past its time."""
        return self.ticking().filter(warn_at__lte=at, due_at__gt=at)

    def of(self, subject_kind: str, subject_id: int) -> DeadlineQuerySet:
        """All clocks of one thing."""
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)


class Deadline(models.Model):
    """A promise with a clock (时限): something about a subject must have happened by `due_at`."""

    class Rule(models.TextChoices):
        MINUTES = "minutes", _("Working minutes")
        DAYS = "days", _("Working days")
        MOMENT = "moment", _("Fixed time")

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    calendar = models.ForeignKey(WorkCalendar, on_delete=models.PROTECT, null=True)
    rule = models.CharField(max_length=10, choices=Rule)
    amount = models.PositiveIntegerField(default=0)  # of working minutes or days, by `rule`
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # While it stands still (waiting for the customer): since when, and the working seconds left.
    # Once it goes on, the time is counted from `counted_from`.
    paused_at = models.DateTimeField(null=True)
    left_seconds = models.PositiveIntegerField(null=True)
    counted_from = models.DateTimeField(null=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        db_table = "deadline"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_one_running",
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="deadline_met_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(warn_at__isnull=True) | Q(warn_at__lte=models.F("due_at")),
                name="deadline_warns_before_due",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(left_seconds__isnull=False),
                name="deadline_paused_has_rest",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="deadline_to_miss",
                condition=Q(
                    met_at__isnull=True,
                    cancelled_at__isnull=True,
                    missed_at__isnull=True,
                    paused_at__isnull=True,
                ),
            ),
            models.Index(
                fields=["warn_at"],
                name="deadline_to_warn",
                condition=Q(
                    met_at__isnull=True,
                    cancelled_at__isnull=True,
                    missed_at__isnull=True,
                    warned_at__isnull=True,
                    paused_at__isnull=True,
                    warn_at__isnull=False,
                ),
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="deadline_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} {self.kind}"

    @property
    def is_running(self) -> bool:
        """Neither kept nor called off."""
        return self.met_at is None and self.cancelled_at is None

    @property
    def is_paused(self) -> bool:
        """It stands still."""
        return self.paused_at is not None

    @property
    def was_kept(self) -> bool:
        """Met, and not later than promised."""
        return self.met_at is not None and self.met_at <= self.due_at
