"""Kept reports: who reads them, what they hold, which are owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from shouwen.accounts.models import Role, Staff
from shouwen.accounts.queries import system_staff
from shouwen.cases.models import CaseReport, ReportRule
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.cases import visible_cases
from shouwen.cases.queries.figures import FIGURES, figure_rows
from shouwen.cases.queries.figurescope import Scope
from shouwen.cases.queries.figuretables import all_tables, facts_of
from shouwen.cases.queries.ratios import ratio_facts
from shouwen.cases.queries.tallies import Tallies, tallies_of
from shouwen.core.clock import day_bounds, full_time
from shouwen.core.periods import Period, Span, period_of
from shouwen.deadlines.arithmetic import Schedule
from shouwen.deadlines.queries import calendar_of_department, default_calendar, schedule_of

FLOW = (
    "received", "accepted", "urged", "results", "answered", "followed_up", "archived", "open",
    "overdue",
)  # fmt: skip
CLOSER = ("valid", "invalid", "unjudged", "handed", "climbed", "recurring", "reopened")
OPEN_MOST = 500


def visible_reports(staff: Staff) -> QuerySet[CaseReport]:
    """Those of departments in reach; those of the whole company only for whoever sees everything."""
    rows = CaseReport.objects.select_related("department", "rule", "filed_by", "written_by")
    if staff.is_system:
        return rows
    if not any(staff.may(name) for name in CasePermission):
        return rows.none()
    if staff.reach == Role.Reach.ALL:
        return rows
    return rows.filter(department__in=staff.reach_departments())


def reports_in_order(staff: Staff, *, is_filed: bool) -> QuerySet[CaseReport]:
    """Those in the archive, or those still to be written; the newest period first."""
    return visible_reports(staff).filter(filed_at__isnull=not is_filed).order_by("-last_day", "-pk")


def report_rules() -> QuerySet[ReportRule]:
    """The calendar of reports."""
    return ReportRule.objects.select_related("department").order_by("pk")


def scope_of(report: CaseReport) -> Scope:
    """What its figures are counted over: complaints of its period and department."""
    department = str(report.department_id) if report.department_id else ""
    return Scope(period=report.period, department=department)


@dataclass(frozen=True)
class Owed:
    """A report that the calendar asks for now."""

    rule: ReportRule
    period: Period
    due_at: datetime


def owed_now(*, today: date) -> list[Owed]:
    """For each rule in force the report of the period that runs, and of the one before.

    Due on the last day of service in the period, or so many days after its end. None for a day
    without service, nor for what fell due before the rule was there: a worker that was down owes
    what it missed, a new site owes nothing of the past.
    """
    found = []
    for rule in report_rules().filter(is_active=True):
        schedule = _schedule_of(rule)
        running = period_of(Span(rule.span), today)
        for period in (running.previous, running):
            if rule.span == Span.DAY and not _is_served(schedule, period.first_day):
                continue
            due_at = _due_at(rule, period, schedule)
            if due_at >= rule.created_at:
                found.append(Owed(rule, period, due_at))
    return found


def _schedule_of(rule: ReportRule) -> Schedule | None:
    calendar = calendar_of_department(rule.department) if rule.department else default_calendar()
    return schedule_of(calendar) if calendar else None


def _is_served(schedule: Schedule | None, day: date) -> bool:
    return schedule is None or bool(schedule.plan(day).spans)


def _due_at(rule: ReportRule, period: Period, schedule: Schedule | None) -> datetime:
    day = period.last_day + timedelta(days=rule.due_days)
    while not rule.due_days and day > period.first_day and not _is_served(schedule, day):
        day -= timedelta(days=1)
    return day_bounds(day)[0] + timedelta(minutes=rule.due_minutes)


def report_figures(report: CaseReport, *, at: datetime) -> dict[str, Any]:
    """What the report keeps: its numbers with their definitions, its tables, its open complaints.

    Counted over everything its department has; who may not see a case does not see its row.
    """
    system, scope = system_staff(), scope_of(report)
    tallies = tallies_of(system, scope, at=at)
    is_day = report.span == Span.DAY
    return {
        "counted_at": full_time(at),
        "numbers": [_number(tallies, code) for code in (FLOW if is_day else FLOW + CLOSER)],
        "ratios": [] if is_day else ratio_facts(tallies),
        "tables": [facts_of(one) for one in all_tables(tallies, scope) if one.lines],
        "open": _open_rows(system, scope, at),
    }


def _number(tallies: Tallies, code: str) -> dict[str, Any]:
    figure = FIGURES[code]
    return {
        "code": code,
        "label": str(figure.label),
        "words": str(figure.words),
        "value": tallies.whole[code],
    }


def _open_rows(staff: Staff, scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """Every complaint still open, the oldest first; of very many the oldest five hundred. (D666)"""
    rows = figure_rows(staff, "open", scope, at=at).select_related("handler", "category")
    return [
        {
            "id": case.pk,
            "number": case.number,
            "title": case.title,
            "category": case.category.name if case.category else "",
            "stage": str(case.get_stage_display()),
            "opened_at": full_time(case.opened_at),
            "due_at": full_time(case.due_at) if case.due_at else "",
            "is_late": bool(case.due_at and case.due_at < at),
            "handler": case.handler.name if case.handler else "",
        }
        for case in rows.defer("search", "matter").order_by("opened_at", "pk")[:OPEN_MOST]
    ]


def open_rows_for(report: CaseReport, staff: Staff) -> tuple[list[dict[str, Any]], int]:
    """The kept rows of open complaints this person may see, and how many he may not."""
    kept = report.figures.get("open", [])
    may = set(
        visible_cases(staff).filter(pk__in=[row["id"] for row in kept]).values_list("pk", flat=True)
    )
    shown = [row for row in kept if row["id"] in may]
    return shown, len(kept) - len(shown)


def writers_of(report: CaseReport) -> list[int]:
    """The ids of who writes it: holders of the rule's role who see it, else who directs and sees it."""
    people = Staff.objects.active().people().select_related("department").prefetch_related("roles")
    may = [one for one in people if one.may(CasePermission.DIRECT) and _sees(one, report)]
    role = report.rule.writer_role if report.rule else ""
    named = [one for one in may if any(held.code == role for held in one.role_list)]
    return [one.pk for one in named or may]


def readers_of(report: CaseReport) -> list[int]:
    """The ids of who receives it: holders of the rule's reading role who may see it."""
    if report.rule is None:
        return []
    people = (
        Staff.objects.active()
        .people()
        .filter(roles__code=report.rule.reader_role)
        .select_related("department")
        .prefetch_related("roles")
        .distinct()
    )
    return [one.pk for one in people if _sees(one, report)]


def _sees(staff: Staff, report: CaseReport) -> bool:
    if staff.reach == Role.Reach.ALL:
        return True
    if report.department is None or staff.department is None:
        return False
    is_near = report.department.path.startswith(staff.department.path)
    return is_near and staff.reach == Role.Reach.DEPARTMENT
