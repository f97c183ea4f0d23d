"""The clock of a case: which rule holds, how it starts, stands still and ends."""

from datetime import datetime, timedelta

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import ClockRule
from shouwen.cases.models import Case
from shouwen.cases.queries.rules import calendar_for, rule_for
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import (
    Promise,
    cancel_deadline,
    meet_deadline,
    pause_deadline,
    resume_deadline,
    start_deadline,
)
from shouwen.deadlines.queries import stood_still_from

SUBJECT = "case"


def promise_of(rule: ClockRule, case: Case, *, at: datetime) -> Promise:
    """The rule on the calendar it names, else the department's, else the company's.

    Without any calendar it counts around the clock: a promise is never refused for want of one.
    """
    calendar = calendar_for(rule.calendar, case.department)
    if calendar is None:
        length = timedelta(minutes=rule.minutes or 0, days=rule.days or 0) or timedelta(days=1)
        return Promise(until=at + length, warn_minutes=rule.warn_minutes)
    return Promise(
        calendar=calendar,
        minutes=rule.minutes,
        days=rule.days,
        warn_minutes=rule.warn_minutes,
    )


def start_clock(case: Case, stage: str, *, at: datetime, by: Staff | None) -> None:
    """The clock of the stage runs if the kind has a rule for it; `due_at` follows, in memory.

    A case has one clock at a time: that of the stage where it stands.
    """
    case.due_at = None
    if rule := rule_for(case.kind.defined, stage, case):
        promise = promise_of(rule, case, at=at)
        started = start_deadline(SUBJECT, case.pk, kind=stage, promise=promise, at=at, by=by)
        case.due_at = started.due_at


def meet_clock(case: Case, stage: str, *, at: datetime, by: Staff | None) -> None:
    """The clock of the stage is kept, perhaps late."""
    meet_deadline(SUBJECT, case.pk, kind=stage, at=at, by=by)
    case.due_at = None


def end_clock(case: Case, stage: str, *, at: datetime, by: Staff | None) -> Deadline | None:
    """The clock of the stage no longer holds; the one that ran, if any."""
    case.due_at = None
    return cancel_deadline(SUBJECT, case.pk, kind=stage, at=at, by=by)


def restart_clock(case: Case, *, at: datetime, by: Staff | None) -> None:
    """Another rule holds now (urgent, handed over): counted from when the stage began, not from now.

    A change of nature never buys time that was used up already, and never takes the time in which
    the clock stood still: while we wait for the customer the new one stands still, too.
    """
    running = end_clock(case, case.stage, at=at, by=by)
    start_clock(case, case.stage, at=running.started_at if running else at, by=by)
    stopped_at = stood_still_from(running) if running else None
    if stopped_at or case.waiting_since:
        pause_clock(case, at=stopped_at or case.waiting_since or at)
    if running and running.counted_from and not case.is_waiting:
        resume_clock(case, at=running.counted_from)


def pause_clock(case: Case, *, at: datetime) -> None:
    """If its rule allows it, the clock stands still while we wait for the customer."""
    rule = rule_for(case.kind.defined, case.stage, case)
    if rule and rule.pauses and pause_deadline(SUBJECT, case.pk, kind=case.stage, at=at):
        case.due_at = None


def resume_clock(case: Case, *, at: datetime) -> None:
    """It goes on with what was left of it."""
    if resumed := resume_deadline(SUBJECT, case.pk, kind=case.stage, at=at):
        case.due_at = resumed.due_at
