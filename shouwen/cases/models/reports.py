"""Kept reports of cases, when they are owed, and numbers entered by hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shouwen.core.models import TimestampedModel
from shouwen.core.periods import SPAN_NAMES, Period, Span

SPANS = [(span.value, name) for span, name in SPAN_NAMES.items()]


class ReportRule(TimestampedModel):
    """An entry of the report calendar (报告日历): which report, of which department, due when, for whom."""

    span = models.CharField(max_length=8, choices=SPANS)
    name = models.CharField(max_length=80)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    writer_role = models.CharField(max_length=40)
    reader_role = models.CharField(max_length=40)
    due_days = models.PositiveSmallIntegerField(default=0)  # after the last day of the period
    due_minutes = models.PositiveSmallIntegerField()  # since midnight of that day
    warn_minutes = models.PositiveSmallIntegerField(default=60)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "case_report_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["span", "department"], nulls_distinct=False, name="case_report_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(due_minutes__lt=24 * 60), name="case_report_rule_within_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def due_time(self) -> str:
        """The time of day it is due, as a clock shows it."""
        hours, minutes = divmod(self.due_minutes, 60)
        return f"{hours:02d}:{minutes:02d}"


class CaseReport(TimestampedModel):
    """A kept report (报告): its figures as they were counted, and what a supervisor wrote to them.

    Once it is filed nothing of it changes any more; the database holds that.
    """

    rule = models.ForeignKey(
        ReportRule, on_delete=models.PROTECT, null=True, related_name="reports"
    )
    span = models.CharField(max_length=8, choices=SPANS)
    first_day = models.DateField()
    last_day = models.DateField()
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="case_reports"
    )
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    figures = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    filed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_report"
        constraints = [
            models.UniqueConstraint(
                fields=["span", "first_day", "last_day", "department"],
                nulls_distinct=False,
                name="case_report_once",
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True, filed_by__isnull=True)
                | Q(filed_at__isnull=False, filed_by__isnull=False, counted_at__isnull=False),
                name="case_report_filed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=models.F("last_day")), name="case_report_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["-last_day", "-id"], name="case_report_recent")]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        """What it is about."""
        return Period(Span(self.span), self.first_day, self.last_day)

    @property
    def is_filed(self) -> bool:
        """In the archive: nothing of it changes any more."""
        return self.filed_at is not None

    @property
    def is_counted(self) -> bool:
        """It has figures."""
        return self.counted_at is not None


class EnteredFigure(TimestampedModel):
    """A number that the system cannot count itself (手工录入数): earlier years, users of a line, reviews."""

    class Measure(models.TextChoices):
        COMPLAINTS = "complaints", _("Complaints before this system")
        USERS = "users", _("Users or orders of a business line")
        REVIEWS = "reviews", _("Reviews")
        BAD_REVIEWS = "bad_reviews", _("Bad reviews")

    measure = models.CharField(max_length=12, choices=Measure)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True)
    line = models.ForeignKey(
        "cases.CaseCategory", on_delete=models.PROTECT, null=True, related_name="+"
    )
    value = models.PositiveBigIntegerField()
    is_at_least = models.BooleanField(default=False)  # "more than 200": so it was handed down
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "case_entered_figure"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "year", "month", "line"],
                nulls_distinct=False,
                name="case_entered_figure_once",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1900, year__lte=2200), name="case_entered_figure_year"
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="case_entered_figure_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year} {self.value}"
