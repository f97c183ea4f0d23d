"""The clocks of a case: which rule holds, how they start, stand still and end."""

from datetime import datetime, timedelta

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import ClockRule, KindDefinition, Stage
from shouwen.cases.models import Case
from shouwen.deadlines.models import WorkCalendar
from shouwen.deadlines.operations import (
    Promise,
    cancel_deadline,
    meet_deadline,
    pause_deadline,
    resume_deadline,
    start_deadline,
)
from shouwen.deadlines.queries import calendar_by_code, calendar_of_department, nearest_due

SUBJECT = "case"


def rule_for(defined: KindDefinition, stage: str, case: Case) -> ClockRule | None:
    """The first rule of this stage whose conditions the case meets."""
    return next((one for one in defined.clocks if one.stage == stage and _holds(one, case)), None)


def _holds(rule: ClockRule, case: Case) -> bool:
    conditions = (
        (rule.is_urgent, case.is_urgent),
        (rule.is_major, case.is_major),
        (rule.is_handed_over, case.is_handed_over),
        (rule.priority, case.priority),
    )
    return all(wanted is None or wanted == actual for wanted, actual in conditions)


def promise_of(rule: ClockRule, case: Case, *, at: datetime) -> Promise:
    """The rule on the calendar it names, else the department's, else the company's.

    Without any calendar it counts around the clock: a promise is never refused for want of one.
    """
    calendar = _calendar(rule, case)
    if calendar is None:
        length = timedelta(minutes=rule.minutes or 0, days=rule.days or 0) or timedelta(days=1)
        return Promise(until=at + length, warn_minutes=rule.warn_minutes)
    return Promise(
        calendar=calendar,
        minutes=rule.minutes,
        days=rule.days,
        warn_minutes=rule.warn_minutes,
    )


def _calendar(rule: ClockRule, case: Case) -> WorkCalendar | None:
    named = calendar_by_code(rule.calendar) if rule.calendar else None
    return named or calendar_of_department(case.department)


def start_clock(case: Case, stage: str, *, at: datetime, by: Staff | None) -> None:
    """The clock of the stage runs if the kind has a rule for it; `due_at` follows, in memory."""
    rule = rule_for(case.kind.defined, stage, case)
    if rule:
        start_deadline(
            SUBJECT, case.pk, kind=stage, promise=promise_of(rule, case, at=at), at=at, by=by
        )
    case.due_at = nearest_due(SUBJECT, case.pk)


def meet_clock(case: Case, stage: str, *, at: datetime, by: Staff | None) -> None:
    """The clock of the stage is kept, perhaps late."""
    meet_deadline(SUBJECT, case.pk, kind=stage, at=at, by=by)
    case.due_at = nearest_due(SUBJECT, case.pk)


def restart_clock(case: Case, stage: str, *, at: datetime, by: Staff | None) -> None:
    """Another rule holds now (urgent, handed over): counted from when the stage began, not from now.

    A change of nature never buys time that was used up already.
    """
    running = cancel_deadline(SUBJECT, case.pk, kind=stage, at=at, by=by)
    start_clock(case, stage, at=running.started_at if running else at, by=by)


def end_all_clocks(case: Case, *, at: datetime, by: Staff | None) -> None:
    """None of the stages' clocks holds any more."""
    for stage in Stage:
        cancel_deadline(SUBJECT, case.pk, kind=stage, at=at, by=by)
    case.due_at = nearest_due(SUBJECT, case.pk)


def pause_clocks(case: Case, *, at: datetime) -> None:
    """The clocks whose rule allows it stand still while we wait for the customer."""
    for stage in Stage:
        rule = rule_for(case.kind.defined, stage, case)
        if rule and rule.pauses:
            pause_deadline(SUBJECT, case.pk, kind=stage, at=at)
    case.due_at = nearest_due(SUBJECT, case.pk)


def resume_clocks(case: Case, *, at: datetime) -> None:
    """They go on with what was left of them."""
    for stage in Stage:
        resume_deadline(SUBJECT, case.pk, kind=stage, at=at)
    case.due_at = nearest_due(SUBJECT, case.pk)
