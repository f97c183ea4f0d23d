"""Starting, keeping and missing promises."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.core.bus import publish, publish_all
from shouwen.core.errors import Refused
from shouwen.deadlines import events
from shouwen.deadlines.arithmetic import (
    NeverOpen,
    Schedule,
    add_working_time,
    end_of_working_day,
)
from shouwen.deadlines.models import Deadline, DeadlineQuerySet, WorkCalendar
from shouwen.deadlines.queries import schedule_of

LONGEST_MINUTES = 10 * 366 * 24 * 60
BATCH = 500


class CalendarNeverOpen(Refused):
    """A calendar without any working time can keep no promise."""


class PromiseUnclear(Refused):
    """A promise needs one measure: working minutes, working days, or a fixed time."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """How long something may take: exactly one of working minutes, working days, a fixed time.

    `days=0` is the end of the same working day. `warn_minutes` before the end a warning is due:
    working minutes when the promise is in minutes, else minutes by the clock; 0 warns never.
    """

    calendar: WorkCalendar | None = None
    minutes: int | None = None
    days: int | None = None
    until: datetime | None = None
    warn_minutes: int = 0


def start_deadline(
    subject_kind: str,
    subject_id: int,
    *,
    kind: str,
    promise: Promise,
    at: datetime,
    by: Staff | None = None,
) -> Deadline:
    """A clock of this kind runs for the subject, counted from `at`; as for many at once."""
    started = start_deadlines(subject_kind, [subject_id], kind=kind, promise=promise, at=at, by=by)
    return started[subject_id]


@transaction.atomic
def start_deadlines(
    subject_kind: str,
    subject_ids: Collection[int],
    *,
    kind: str,
    promise: Promise,
    at: datetime,
    by: Staff | None = None,
) -> dict[int, Deadline]:
    """A clock of this kind runs for each subject, counted from `at`; the clocks by subject.

    One that runs already keeps running unchanged: starting again never buys time. Refuses a
    promise without or with two measures and a calendar that is never open. Source: D266, D186.
    """
    running = _running(subject_kind, subject_ids, kind)
    missing = sorted(set(subject_ids) - running.keys())
    if not missing:
        return running
    timed = dict.fromkeys(missing, timed_deadline(promise, at=at))
    try:
        with transaction.atomic():
            new = start_timed_deadlines(subject_kind, timed, kind=kind, at=at, by=by)
    except IntegrityError:  # somebody else has just started one of them
        return start_deadlines(subject_kind, subject_ids, kind=kind, promise=promise, at=at, by=by)
    return running | {one.subject_id: one for one in new}


def start_timed_deadlines(
    subject_kind: str,
    timed: Mapping[int, Deadline],
    *,
    kind: str,
    at: datetime,
    by: Staff | None = None,
) -> list[Deadline]:
    """A clock of this kind runs for each subject, with the times that `timed_deadline` gave.

    For subjects that are new: one that has such a clock already is an IntegrityError.
    """
    new = [
        Deadline(
            subject_kind=subject_kind,
            subject_id=pk,
            kind=kind,
            **{name: getattr(one, name) for name in _TIMED},
        )
        for pk, one in timed.items()
    ]
    Deadline.objects.bulk_create(new)
    publish_all([_fact(events.DeadlineStarted, one, at=at, by=by) for one in new])
    return new


def _running(subject_kind: str, subject_ids: Collection[int], kind: str) -> dict[int, Deadline]:
    rows = Deadline.objects.running().filter(
        subject_kind=subject_kind, subject_id__in=subject_ids, kind=kind
    )
    return {row.subject_id: row for row in rows}


_TIMED = ("calendar", "rule", "amount", "started_at", "due_at", "warn_at")


def timed_deadline(promise: Promise, *, at: datetime) -> Deadline:
    """A clock that is not stored yet, with its times; refuses as `start_deadlines` does."""
    measures = [one for one in (promise.minutes, promise.days, promise.until) if one is not None]
    if len(measures) != 1:
        raise PromiseUnclear(_("Give working minutes, working days or a fixed time, one of them."))
    deadline = Deadline(calendar=promise.calendar, started_at=at, rule=Deadline.Rule.MOMENT)
    if promise.until is not None:
        deadline.due_at = promise.until
    else:
        _count(deadline, promise, at)
    if promise.warn_minutes and deadline.warn_at is None:
        warn_at = deadline.due_at - timedelta(minutes=promise.warn_minutes)
        deadline.warn_at = min(max(warn_at, at), deadline.due_at)
    return deadline


def _count(deadline: Deadline, promise: Promise, at: datetime) -> None:
    """Set the times of a clock that runs along a calendar."""
    amount = promise.minutes if promise.minutes is not None else promise.days or 0
    if promise.calendar is None or not 0 <= amount <= LONGEST_MINUTES:
        raise PromiseUnclear(_("A promise in working time needs a calendar and a fitting length."))
    deadline.amount = amount
    schedule = schedule_of(promise.calendar)
    try:
        if promise.minutes is None:
            deadline.rule = Deadline.Rule.DAYS
            deadline.due_at = end_of_working_day(at, schedule, days=amount)
            return
        deadline.rule = Deadline.Rule.MINUTES
        deadline.due_at = _after(at, amount, schedule)
        if promise.warn_minutes:
            deadline.warn_at = _after(at, max(0, amount - promise.warn_minutes), schedule)
    except NeverOpen as error:
        raise CalendarNeverOpen(
            _("The calendar “%s” has no working time.") % promise.calendar.name
        ) from error


def _after(at: datetime, minutes: int, schedule: Schedule) -> datetime:
    return add_working_time(at, timedelta(minutes=minutes), schedule)


@transaction.atomic
def meet_deadline(
    subject_kind: str, subject_id: int, *, kind: str, at: datetime, by: Staff | None = None
) -> Deadline | None:
    """The running clock of this kind is kept, perhaps late; None when none runs."""
    deadline = locked_deadline(subject_kind, subject_id, kind)
    if deadline is None:
        return None
    deadline.met_at = at
    deadline.save(update_fields=["met_at"])
    announce(events.DeadlineMet, deadline, at=at, by=by)
    return deadline


@transaction.atomic
def cancel_deadline(
    subject_kind: str, subject_id: int, *, kind: str, at: datetime, by: Staff | None = None
) -> Deadline | None:
    """The running clock of this kind no longer holds; None when none runs."""
    deadline = locked_deadline(subject_kind, subject_id, kind)
    if deadline is None:
        return None
    deadline.cancelled_at = at
    deadline.save(update_fields=["cancelled_at"])
    announce(events.DeadlineCancelled, deadline, at=at, by=by)
    return deadline


def locked_deadline(subject_kind: str, subject_id: int, kind: str) -> Deadline | None:
    """The running clock of this kind, locked; None when none runs."""
    of_subject = Deadline.objects.of(subject_kind, subject_id)
    return of_subject.running().filter(kind=kind).select_for_update().first()


def announce(
    fact: type[events.DeadlineEvent], deadline: Deadline, *, at: datetime, by: Staff | None = None
) -> None:
    """Publish a fact about this clock."""
    publish(_fact(fact, deadline, at=at, by=by))


def _fact(
    fact: type[events.DeadlineEvent], deadline: Deadline, *, at: datetime, by: Staff | None
) -> events.DeadlineEvent:
    return fact(
        deadline_id=deadline.pk,
        about_kind=deadline.subject_kind,
        about_id=deadline.subject_id,
        kind=deadline.kind,
        due_at=deadline.due_at,
        at=at,
        by_id=by.pk if by else None,
    )


def sweep_deadlines(*, at: datetime) -> int:
    """Every clock past its warning or its time by `at` has been announced once; returns how many.

    Rows are claimed in small batches and passed over when another sweep has them.
    """
    done = 0
    for claim in (_miss_some, _warn_some):
        while count := claim(at):
            done += count
    return done


@transaction.atomic
def _miss_some(at: datetime) -> int:
    due = Deadline.objects.overdue(at).filter(missed_at__isnull=True).order_by("due_at")
    return _claim(due, "missed_at", events.DeadlineMissed, at)


@transaction.atomic
def _warn_some(at: datetime) -> int:
    near = Deadline.objects.near(at).filter(warned_at__isnull=True, missed_at__isnull=True)
    return _claim(near.order_by("warn_at"), "warned_at", events.DeadlineNear, at)


def _claim(
    rows: DeadlineQuerySet, marked: str, fact: type[events.DeadlineEvent], at: datetime
) -> int:
    """A batch of these rows that nobody else holds is marked and announced, all together."""
    claimed = list(rows.select_for_update(skip_locked=True)[:BATCH])
    if claimed:
        Deadline.objects.filter(pk__in=[row.pk for row in claimed]).update(**{marked: at})
        publish_all([_fact(fact, row, at=at, by=None) for row in claimed])
    return len(claimed)
