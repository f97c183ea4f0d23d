"""What other deadlines would mean for the cases that are open now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwen.accounts.models import Department
from shouwen.cases.definitions import ClockRule, KindDefinition
from shouwen.cases.models import Case, CaseKind
from shouwen.cases.queries.rules import calendar_for, rule_for
from shouwen.deadlines.arithmetic import (
    NeverOpen,
    Schedule,
    add_working_time,
    end_of_working_day,
    working_time_between,
)
from shouwen.deadlines.models import Deadline, WorkCalendar
from shouwen.deadlines.queries import schedule_of, stood_still_from

Due = Callable[[datetime], datetime]


@dataclass(frozen=True)
class PolicyEffect:
    """How many cases of a kind are open, late now, and would be late under other deadlines."""

    open_count: int
    late_now: int
    late_then: int
    newly_late: tuple[str, ...]  # the numbers of the first of them that are not late now


SHOWN = 10


def effect_of(kind: CaseKind, proposed: KindDefinition, *, at: datetime) -> PolicyEffect:
    """The open cases of the kind, their present stage counted anew by the proposed deadlines.

    Counted from when the stage began, without the time in which the clock stood still. Cases that
    wait for the customer are not late, nor those of a stage without a deadline.
    """
    cases = list(
        Case.objects.open()
        .filter(kind=kind)
        .select_related("department")
        .defer("search", "matter", "demand", "result", "corrective_action")
        .order_by("opened_at", "pk")
    )
    clocks = _clocks_of([case.pk for case in cases])
    counting = _Counting(proposed, at)
    late_now = {case.pk for case in cases if case.due_at and case.due_at < at}
    late_then = [
        case for case in cases if counting.is_late(case, clocks.get((case.pk, case.stage)))
    ]
    newly = tuple(case.number for case in late_then if case.pk not in late_now)
    return PolicyEffect(len(cases), len(late_now), len(late_then), newly[:SHOWN])


def _clocks_of(case_ids: list[int]) -> dict[tuple[int, str], Deadline]:
    rows = Deadline.objects.running().filter(subject_kind="case", subject_id__in=case_ids)
    return {(row.subject_id, row.kind): row for row in rows.select_related("calendar")}


class _Counting:
    """The proposed deadlines, each calendar read once."""

    def __init__(self, proposed: KindDefinition, at: datetime) -> None:
        self.proposed, self.at = proposed, at
        self._calendars: dict[tuple[str | None, int], WorkCalendar | None] = {}
        self._schedules: dict[int, Schedule] = {}

    def is_late(self, case: Case, clock: Deadline | None) -> bool:
        """Whether the case would be late now."""
        rule = rule_for(self.proposed, case.stage, case)
        if rule is None or (case.is_waiting and rule.pauses):
            return False
        started_at = clock.started_at if clock else case.last_progress_at
        calendar = self._calendar(rule, case.department)
        if calendar is None:
            length = timedelta(minutes=rule.minutes or 0, days=rule.days or 0) or timedelta(days=1)
            return started_at + length < self.at
        try:
            return self._due(rule, self._schedule(calendar), started_at, clock) < self.at
        except NeverOpen:
            return False

    def _due(
        self, rule: ClockRule, schedule: Schedule, started_at: datetime, clock: Deadline | None
    ) -> datetime:
        due_at = _due_of(rule, schedule, started_at)
        if clock is None or clock.calendar is None or clock.counted_from is None:
            return due_at
        stopped_at = stood_still_from(clock, self._schedule(clock.calendar))
        if stopped_at is None or stopped_at >= due_at or not rule.pauses:
            return due_at
        left = working_time_between(stopped_at, due_at, schedule)
        return add_working_time(clock.counted_from, left, schedule)

    def _calendar(self, rule: ClockRule, department: Department) -> WorkCalendar | None:
        key = (rule.calendar, department.pk)
        if key not in self._calendars:
            self._calendars[key] = calendar_for(rule.calendar, department)
        return self._calendars[key]

    def _schedule(self, calendar: WorkCalendar) -> Schedule:
        if calendar.pk not in self._schedules:
            self._schedules[calendar.pk] = schedule_of(calendar)
        return self._schedules[calendar.pk]


def _due_of(rule: ClockRule, schedule: Schedule, start: datetime) -> datetime:
    if rule.minutes is None:
        return end_of_working_day(start, schedule, days=rule.days or 0)
    return add_working_time(start, timedelta(minutes=rule.minutes), schedule)
