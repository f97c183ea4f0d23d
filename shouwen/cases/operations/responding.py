"""Times promised besides the stages: until a moment of the form is filled, such as a departure."""

from datetime import datetime

from django.utils.dateparse import parse_datetime

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case
from shouwen.cases.queries.responses import SUBJECT
from shouwen.cases.queries.rules import calendar_for
from shouwen.deadlines.operations import Promise, cancel_deadline, meet_deadline, start_deadline


def start_responses(case: Case, *, at: datetime, by: Staff | None) -> None:
    """The clock of each such field runs, by the first rule that fits the priority. (D614, D615)"""
    started: set[str] = set()
    for rule in case.kind.defined.responses:
        if rule.field in started or rule.priority not in {None, case.priority}:
            continue
        started.add(rule.field)
        calendar = calendar_for(rule.calendar, case.department)
        if calendar is None:
            continue
        promise = Promise(calendar=calendar, minutes=rule.minutes, warn_minutes=rule.warn_minutes)
        start_deadline(SUBJECT, case.pk, kind=rule.field, promise=promise, at=at, by=by)


def settle_responses(case: Case, *, at: datetime, by: Staff | None) -> None:
    """A clock whose field says when it happened is kept at that time; one of the future is none yet."""
    for code in sorted({rule.field for rule in case.kind.defined.responses}):
        happened_at = parse_datetime(str(case.values.get(code, "")))
        if happened_at and happened_at <= at:
            meet_deadline(SUBJECT, case.pk, kind=code, at=happened_at, by=by)


def end_responses(case: Case, *, at: datetime, by: Staff | None) -> None:
    """Those still running hold no longer."""
    for code in sorted({rule.field for rule in case.kind.defined.responses}):
        cancel_deadline(SUBJECT, case.pk, kind=code, at=at, by=by)
