"""Kept reports: owed by the calendar, counted, written to, filed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise as Words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.models import Department, Role, Staff
from shouwen.accounts.permissions import require
from shouwen.accounts.queries import company
from shouwen.cases.models import CaseReport, ReportRule
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.reports import Owed, owed_now, report_figures, visible_reports
from shouwen.cases.reportevents import (
    CaseReportCounted,
    CaseReportFiled,
    CaseReportOwed,
    CaseReportWritten,
    ReportRuleChanged,
)
from shouwen.core.bus import publish
from shouwen.core.clock import local_day
from shouwen.core.errors import NotThere, Refused
from shouwen.core.periods import Period, Span
from shouwen.deadlines.operations import Promise, meet_deadline, start_deadline

SUBJECT, CLOCK = "case_report", "file"
TEXT_LONGEST = 20_000
REPORTS = {
    Span.DAY: gettext_lazy("Complaints of the day"),
    Span.WEEK: gettext_lazy("Complaints of the week"),
    Span.MONTH: gettext_lazy("Complaint statistics of the month"),
    Span.QUARTER: gettext_lazy("Complaint statistics of the quarter"),
    Span.HALF: gettext_lazy("Complaint statistics of the half-year"),
    Span.YEAR: gettext_lazy("Complaint statistics of the year"),
    Span.OWN: gettext_lazy("Complaint statistics"),
}


class ReportIsFiled(Refused):
    """What is in the archive changes no more."""


class ReportNotCounted(Refused):
    """A report without figures is none."""


def install_report_rules(*, by: Staff) -> list[ReportRule]:
    """A site without a calendar of reports has the usual one; one that has any keeps its own.

    Day and week for each department with a supervisor, due before his shift ends; month, quarter,
    half and year for the whole company, by its manager. (D666, D667, D703)
    """
    if ReportRule.objects.exists():
        return []
    supervised = Department.objects.filter(
        staff__roles__code="supervisor", staff__is_active=True
    ).distinct()
    places: list[Department | None] = list(supervised.order_by("path")) or [None]
    with translation.override(company().language):
        wanted = _usual_rules(places)
    rows = ReportRule.objects.bulk_create(wanted, ignore_conflicts=True)
    with transaction.atomic():
        for row in ReportRule.objects.order_by("pk"):
            publish(ReportRuleChanged(rule_id=row.pk, span=row.span, by_id=by.pk))
    return rows


def _usual_rules(places: list[Department | None]) -> list[ReportRule]:
    wanted = [
        _rule(Span.DAY, place, "supervisor", "service_manager", 17 * 60, warn_minutes=60)
        for place in places
    ]
    wanted += [
        _rule(
            Span.WEEK, place, "supervisor", "deputy_general_manager", 17 * 60, warn_minutes=24 * 60
        )
        for place in places
    ]
    wanted += [
        _rule(span, None, "service_manager", "general_manager", 17 * 60, warn_minutes=48 * 60)
        for span in (Span.MONTH, Span.QUARTER, Span.HALF, Span.YEAR)
    ]
    return wanted


def _rule(
    span: Span, place: Department | None, writer: str, reader: str, minutes: int, *,
    warn_minutes: int,
) -> ReportRule:  # fmt: skip
    return ReportRule(
        span=span,
        name=str(REPORTS[span]),
        department=place,
        writer_role=writer,
        reader_role=reader,
        due_minutes=minutes,
        warn_minutes=warn_minutes,
    )


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """When a report is due, who writes and who receives it, whether it is asked for at all."""

    due_minutes: int
    due_days: int
    warn_minutes: int
    writer_role: str
    reader_role: str
    is_active: bool


@transaction.atomic
def change_report_rule(rule_id: int, change: RuleChange, *, by: Staff) -> ReportRule:
    """The calendar asks for the report so from the next period on."""
    require(by, CasePermission.CONFIGURE)
    rule = ReportRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotThere
    if not 0 <= change.due_minutes < 24 * 60:
        raise Refused(_("Please give a time of the day."))
    for name in (
        "due_minutes",
        "due_days",
        "warn_minutes",
        "writer_role",
        "reader_role",
        "is_active",
    ):
        setattr(rule, name, getattr(change, name))
    rule.save()
    publish(ReportRuleChanged(rule_id=rule.pk, span=rule.span, by_id=by.pk))
    return rule


def owe_reports(*, at: datetime, by: Staff) -> int:
    """Every report the calendar asks for now stands there with its clock; how many are new."""
    return sum(_owe(owed, at=at, by=by) for owed in owed_now(today=local_day(at)))


@transaction.atomic
def _owe(owed: Owed, *, at: datetime, by: Staff) -> bool:
    rule, period = owed.rule, owed.period
    report, is_new = CaseReport.objects.get_or_create(
        span=rule.span,
        first_day=period.first_day,
        last_day=period.last_day,
        department=rule.department,
        defaults={"rule": rule, "title": _title(rule.name, period), "due_at": owed.due_at},
    )
    if is_new and owed.due_at > at:
        promise = Promise(until=owed.due_at, warn_minutes=rule.warn_minutes)
        start_deadline(SUBJECT, report.pk, kind=CLOCK, promise=promise, at=at, by=by)
    if is_new:
        publish(CaseReportOwed(report_id=report.pk, due_at=owed.due_at, by_id=by.pk))
    return is_new


def _title(name: str | Words, period: Period) -> str:
    with translation.override(company().language):
        return f"{name} {period.name}"[:120]


@transaction.atomic
def begin_report(
    period: Period, *, department: Department | None, by: Staff, at: datetime
) -> CaseReport:
    """A report of this period outside the calendar, counted now; the one there is, if there is one."""
    require(by, CasePermission.DIRECT)
    _require_reach(by, department)
    report, is_new = CaseReport.objects.get_or_create(
        span=period.span.value,
        first_day=period.first_day,
        last_day=period.last_day,
        department=department,
        defaults={"title": _title(REPORTS[period.span], period)},
    )
    return count_report(report.pk, by=by, at=at) if is_new else report


def _require_reach(by: Staff, department: Department | None) -> None:
    sees_all = by.reach == Role.Reach.ALL
    is_there = department and by.reach_departments().filter(pk=department.pk).exists()
    if not (sees_all or is_there):
        raise Refused(_("You may report on your own department only."))


@transaction.atomic
def count_report(report_id: int, *, by: Staff, at: datetime) -> CaseReport:
    """The figures of the report are those of now, in words and tables. Refuses a filed one."""
    report = _unfiled(report_id, by)
    with translation.override(company().language):
        report.figures = report_figures(report, at=at)
    report.counted_at, report.counted_by = at, by
    report.save(update_fields=["figures", "counted_at", "counted_by", "updated_at"])
    publish(CaseReportCounted(report_id=report.pk, by_id=by.pk))
    return report


@transaction.atomic
def write_report(report_id: int, text: str, *, by: Staff, at: datetime) -> CaseReport:
    """What the supervisor says to the figures stands in the report. Refuses a filed one."""
    report = _unfiled(report_id, by)
    report.text = text.replace("\x00", "").strip()[:TEXT_LONGEST]
    report.written_by, report.written_at = by, at
    report.save(update_fields=["text", "written_by", "written_at", "updated_at"])
    publish(CaseReportWritten(report_id=report.pk, by_id=by.pk))
    return report


@transaction.atomic
def file_report(report_id: int, *, by: Staff, at: datetime) -> CaseReport:
    """The report is in the archive as it stands: figures, words, who and when. Its clock is met.

    Refuses one without figures; nothing of it changes afterwards. (D666, D667, D703)
    """
    report = _unfiled(report_id, by)
    if not report.is_counted:
        raise ReportNotCounted(_("Please have the figures counted first."))
    report.filed_by, report.filed_at = by, at
    report.save(update_fields=["filed_by", "filed_at", "updated_at"])
    meet_deadline(SUBJECT, report.pk, kind=CLOCK, at=at, by=by)
    publish(CaseReportFiled(report_id=report.pk, by_id=by.pk))
    return report


def _unfiled(report_id: int, by: Staff) -> CaseReport:
    if not by.is_system:
        require(by, CasePermission.DIRECT)
    visible = visible_reports(by).filter(pk=report_id).order_by().values("pk")
    report = CaseReport.objects.select_for_update().filter(pk__in=visible).first()
    if report is None:
        raise NotThere
    if report.is_filed:
        raise ReportIsFiled(_("This report is filed. It changes no more."))
    return report


def draft_report(report_id: int, *, by: Staff, at: datetime) -> CaseReport | None:
    """A report that falls due has its figures by itself, unless it is filed; None then."""
    if CaseReport.objects.filter(pk=report_id, filed_at__isnull=True).exists():
        return count_report(report_id, by=by, at=at)
    return None
