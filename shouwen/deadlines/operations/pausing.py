"""Clocks that stand still while somebody else has to act, and go on with what was left."""

from datetime import datetime, timedelta

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.deadlines import events
from shouwen.deadlines.arithmetic import add_working_time, working_time_between
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations.clocks import announce, locked_deadline
from shouwen.deadlines.queries import schedule_of


@transaction.atomic
def pause_deadline(
    subject_kind: str, subject_id: int, *, kind: str, at: datetime, by: Staff | None = None
) -> Deadline | None:
    """The running clock of this kind stands still; what is left of it is kept in working seconds.

    None when none runs, when it stands still already, when it was promised for a fixed time, and
    when its time has passed: standing still never mends what was missed.
    """
    deadline = locked_deadline(subject_kind, subject_id, kind)
    if deadline is None or deadline.is_paused or deadline.calendar is None or deadline.due_at <= at:
        return None
    left = working_time_between(at, deadline.due_at, schedule_of(deadline.calendar))
    deadline.paused_at = at
    deadline.left_seconds = int(left.total_seconds())
    deadline.save(update_fields=["paused_at", "left_seconds"])
    announce(events.DeadlinePaused, deadline, at=at, by=by)
    return deadline


@transaction.atomic
def resume_deadline(
    subject_kind: str, subject_id: int, *, kind: str, at: datetime, by: Staff | None = None
) -> Deadline | None:
    """The clock goes on with what was left; its warning keeps its distance. None unless it stands still."""
    deadline = locked_deadline(subject_kind, subject_id, kind)
    if deadline is None or deadline.calendar is None or deadline.left_seconds is None:
        return None
    if not deadline.is_paused:
        return None
    left = timedelta(seconds=deadline.left_seconds)
    due_at = add_working_time(at, left, schedule_of(deadline.calendar))
    if deadline.warn_at and deadline.warned_at is None:
        deadline.warn_at = max(at, due_at - (deadline.due_at - deadline.warn_at))
    deadline.due_at, deadline.paused_at, deadline.counted_from = due_at, None, at
    deadline.save(update_fields=["warn_at", "due_at", "paused_at", "counted_from"])
    announce(events.DeadlineResumed, deadline, at=at, by=by)
    return deadline
