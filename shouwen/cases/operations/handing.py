"""Handing work to departments and persons, and words of progress."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.cases.events import (
    CaseStalled,
    HandedOff,
    HandOffDone,
    HandOffEvent,
    HandOffReceived,
    HandOffReturned,
    ProgressNoted,
)
from shouwen.cases.models import Case, HandOff, ProgressNote
from shouwen.cases.operations.clocks import restart_clock
from shouwen.cases.operations.rows import (
    announce,
    lock_case,
    open_case_row,
    reason_of,
    require_hand_on,
    save,
    save_news,
    words_of,
)
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.gates import approval_missing
from shouwen.cases.refusals import ApprovalNeeded, StageForbids
from shouwen.cases.workflow import HANDLE
from shouwen.core.errors import NotPermitted, Refused


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is handed over, to whom, and by when."""

    department: Department
    task: str
    staff: Staff | None = None
    reason: str = ""
    due_at: datetime | None = None


@transaction.atomic
def hand_off(case_id: int, task: Task, *, by: Staff, at: datetime) -> HandOff:
    """The department or person has the task, with the customer's own words; the case stays ours.

    The clock follows the rule for cases that were handed over. Refuses before the proposal is
    approved where the kind asks for that, a department that no longer exists, a person of another
    department, and a due time gone by. (D002, D269, D347, D639, D697)
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if case.stage != HANDLE:
        raise StageForbids(case.get_stage_display(), _("Hand over"))
    if approval_missing(case):
        raise ApprovalNeeded(_("The proposal must be approved before departments are told."))
    _check(task, at)
    row = send_task(case, task, by=by, at=at)
    if not case.is_handed_over:
        case.is_handed_over = True
        restart_clock(case, at=at, by=by)
    save_news(case, at, "is_handed_over", "due_at")
    return row


def send_task(case: Case, task: Task, *, by: Staff, at: datetime) -> HandOff:
    """The task of this locked case is on their list, with the customer's own words."""
    row = HandOff.objects.create(
        case=case,
        department=task.department,
        staff=task.staff,
        task=words_of(task.task, _("Please say what is to be done."))[:300],
        reason=task.reason.strip()[:300],
        customer_words=case.matter,
        by=by,
        sent_at=at,
        due_at=task.due_at,
        last_progress_at=at,
    )
    _announce(HandedOff, case, row, by=by, task=row.task)
    return row


def _check(task: Task, at: datetime) -> None:
    if not task.department.is_active:
        raise Refused(_("The department “%s” no longer exists.") % task.department.name)
    if task.staff and task.staff.department_id != task.department.pk:
        raise Refused(_("%s does not belong to this department.") % task.staff.public_name)
    if task.due_at and task.due_at <= at:
        raise Refused(_("The due time has passed already."))


@transaction.atomic
def receive_hand_off(hand_off_id: int, *, by: Staff, at: datetime) -> HandOff:
    """They have it, with name and time; received before stays as it was. (D016)"""
    row, case = _open_hand_off(hand_off_id)
    _require_theirs(row, by)
    if row.received_at:
        return row
    row.state, row.received_at, row.received_by = HandOff.State.RECEIVED, at, by
    _progress(case, row, at, "state", "received_at", "received_by")
    _announce(HandOffReceived, case, row, by=by)
    return row


@transaction.atomic
def finish_hand_off(hand_off_id: int, *, result: str, by: Staff, at: datetime) -> HandOff:
    """They did it; refuses without a result. What was not marked received is now. (D012)"""
    row, case = _open_hand_off(hand_off_id)
    _require_theirs(row, by)
    row.result = words_of(result, _("Please write down the result."))
    row.received_at, row.received_by = row.received_at or at, row.received_by or by
    row.state, row.ended_at = HandOff.State.DONE, at
    _progress(case, row, at, "result", "received_at", "received_by", "state", "ended_at")
    _announce(HandOffDone, case, row, by=by)
    return row


@transaction.atomic
def return_hand_off(hand_off_id: int, *, reason: str, by: Staff, at: datetime) -> HandOff:
    """They send it back with a reason; whoever handed it over takes it back the same way."""
    row, case = _open_hand_off(hand_off_id)
    is_ours = by.pk in {row.by_id, case.handler_id, case.first_responder_id}
    if not is_ours:
        _require_theirs(row, by)
    row.result = reason_of(reason)
    row.state = HandOff.State.WITHDRAWN if is_ours else HandOff.State.RETURNED
    row.ended_at = at
    _progress(case, row, at, "result", "state", "ended_at")
    _announce(HandOffReturned, case, row, by=by, reason=row.result)
    return row


def _open_hand_off(hand_off_id: int) -> tuple[HandOff, Case]:
    """The case first, then its hand-off: everybody locks in this order."""
    case = open_case_row(HandOff.objects.values_list("case_id", flat=True).get(pk=hand_off_id))
    row = HandOff.objects.select_for_update(of=("self",)).get(pk=hand_off_id)
    if not row.is_open:
        raise Refused(_("This task has ended already: %s.") % row.get_state_display())
    return row, case


def _require_theirs(row: HandOff, by: Staff) -> None:
    require(by, CasePermission.RECEIVE)
    is_theirs = row.staff_id == by.pk or by.department_id == row.department_id
    if not is_theirs and not by.may(CasePermission.DIRECT):
        raise NotPermitted(_("This was handed to another department."))


def _progress(case: Case, row: HandOff, at: datetime, *fields: str) -> None:
    row.last_progress_at = at
    row.save(update_fields=[*fields, "last_progress_at"])
    save_news(case, at)


def _announce(
    event_type: type[HandOffEvent], case: Case, row: HandOff, *, by: Staff, **facts: Any
) -> None:
    announce(
        event_type,
        case,
        by=by,
        hand_off_id=row.pk,
        to_department_id=row.department_id,
        to_staff_id=row.staff_id,
        **facts,
    )


@dataclass(frozen=True, kw_only=True)
class News:
    """A word of progress; `told_way` says that and how the customer heard it, and what he thinks."""

    text: str
    hand_off_id: int | None = None
    told_way: str = ""
    customer_opinion: str = ""


@transaction.atomic
def note_progress(case_id: int, news: News, *, by: Staff, at: datetime) -> ProgressNote:
    """The news stands on the case, and on the task it is about. (D108, D223, D688)

    Whoever has a task of the case may note progress on it; on the case itself, who has a hand on it.
    """
    case = open_case_row(case_id)
    row = None
    if news.hand_off_id:
        row = HandOff.objects.select_for_update(of=("self",)).get(
            pk=news.hand_off_id, case_id=case_id
        )
    _require_news(case, row, by)
    note = ProgressNote.objects.create(
        case=case,
        hand_off=row,
        by=by,
        at=at,
        text=words_of(news.text, _("Please write what is new.")),
        told_way=Case.Way(news.told_way) if news.told_way else "",
        customer_opinion=news.customer_opinion.strip()[:500],
    )
    if row:
        row.last_progress_at = at
        row.save(update_fields=["last_progress_at"])
    save_news(case, at)
    announce(
        ProgressNoted,
        case,
        by=by,
        note_id=note.pk,
        hand_off_id=news.hand_off_id,
        told_way=note.told_way,
    )
    return note


def _require_news(case: Case, row: HandOff | None, by: Staff) -> None:
    if row and (row.staff_id == by.pk or row.department_id == by.department_id):
        require(by, CasePermission.RECEIVE)
        return
    require_hand_on(case, by)


@transaction.atomic
def mark_stalled(case_id: int, *, by: Staff, at: datetime) -> bool:
    """A case silent for longer than its kind allows is announced, once a silence. (D223, D351)"""
    case = lock_case(case_id)
    longest = timedelta(hours=case.kind.defined.stalled_after_hours)
    if case.is_closed or case.is_waiting or at - case.last_progress_at < longest:
        return False
    if case.stalled_at and case.stalled_at > case.last_progress_at:
        return False
    case.stalled_at = at
    save(case, "stalled_at")
    announce(CaseStalled, case, by=by, silent_since=case.last_progress_at)
    return True
