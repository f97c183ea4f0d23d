"""Follow-up, archive, and opening again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.events import CaseArchived, CaseReopened, FollowUpOwed, FollowUpRecorded
from shouwen.cases.models import Case, CaseCategory, FollowUpDuty
from shouwen.cases.operations.clocks import end_clock, meet_clock, start_clock
from shouwen.cases.operations.rows import (
    MOVED,
    announce,
    lock_case,
    move,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
)
from shouwen.cases.operations.steps import check_steps
from shouwen.cases.permissions import CasePermission
from shouwen.cases.queries.gates import missing_for_archive
from shouwen.cases.queries.recurrence import earlier_of_its_like
from shouwen.cases.refusals import NotReadyToArchive, StageForbids
from shouwen.cases.workflow import ARCHIVE, FOLLOW_UP, HANDLE
from shouwen.core.errors import Refused

Result = FollowUpDuty.Result
# So often somebody is tried before "could not be reached" counts as the result.
ATTEMPTS = 3


def owe_follow_up(case: Case, *, by: Staff, at: datetime) -> FollowUpDuty:
    """The customer is to be asked whether he is satisfied; the clock of the follow-up runs."""
    duty = FollowUpDuty.objects.create(
        case=case, owner_id=case.handler_id or case.first_responder_id, owed_since=at
    )
    start_clock(case, FOLLOW_UP, at=at, by=by)
    announce(FollowUpOwed, case, by=by, follow_up_id=duty.pk, customer_id=case.customer_id)
    return duty


@dataclass(frozen=True, kw_only=True)
class FollowUpTold:
    """What came of a follow-up: the result, the way, the customer's words."""

    result: str
    way: str
    words: str = ""


@transaction.atomic
def record_follow_up(case_id: int, told: FollowUpTold, *, by: Staff, at: datetime) -> FollowUpDuty:
    """The follow-up has a result; a dissatisfied customer's case is worked on again. (D062, D063)

    Somebody who could not be reached is tried three times before that counts as the result.
    """
    case = open_case_row(case_id)
    require(by, CasePermission.HANDLE)
    duty = FollowUpDuty.objects.select_for_update().filter(case=case, result="").first()
    if case.stage != FOLLOW_UP or duty is None:
        raise StageForbids(case.get_stage_display(), _("Follow-up"))
    result = Result(told.result)
    if result == Result.OWED:
        raise Refused(_("Please say how it went."))
    is_unsatisfied = result in _unsatisfied(case)
    if is_unsatisfied and not told.words.strip():
        raise Refused(_("Please write down what the customer is not satisfied with."))
    duty.attempts += 1
    if result == Result.UNREACHABLE and duty.attempts < ATTEMPTS:
        duty.save(update_fields=["attempts"])
        save_news(case, at)
        return duty
    duty.result, duty.way, duty.words = result, Case.Way(told.way), told.words.strip()
    duty.by, duty.at = by, at
    duty.save(update_fields=["result", "way", "words", "by", "at", "attempts"])
    case.followed_up_at = at
    meet_clock(case, FOLLOW_UP, at=at, by=by)
    announce(FollowUpRecorded, case, by=by, follow_up_id=duty.pk, result=duty.result)
    if is_unsatisfied:
        send_back(case, reason=duty.words[:300], by=by, at=at)
        return duty
    move(case, ARCHIVE)
    start_clock(case, ARCHIVE, at=at, by=by)
    save_news(case, at, *MOVED, "followed_up_at")
    return duty


def _unsatisfied(case: Case) -> set[Result]:
    """The results with which a case is worked on again: half satisfied is enough for most kinds. (D606)"""
    half = {Result.FAIR} if case.kind.defined.needs_satisfaction else set()
    return {Result.DISSATISFIED} | half


@dataclass(frozen=True, kw_only=True)
class ClosingWords:
    """What the archive asks for: the root cause, what changes because of it, won back or not."""

    cause: CaseCategory | None = None
    cause_evidence: str = ""
    corrective_action: str = ""
    is_won_back: bool | None = None


@transaction.atomic
def archive_case(case_id: int, words: ClosingWords, *, by: Staff, at: datetime) -> Case:
    """The case is closed, with result, answer, follow-up, root cause and corrective action.

    Refuses whatever of these its kind asks for and is not there, saying what; a cause that blames
    the customer needs its evidence; steps of the archive must be done. (D062, D063, D067, D355)
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if case.stage != ARCHIVE:
        raise StageForbids(case.get_stage_display(), _("Archive"))
    _close_with(case, words)
    if missing := missing_for_archive(case):
        raise NotReadyToArchive(missing)
    check_steps(case, ARCHIVE)
    case.closed_at = at
    case.waiting_since = None
    meet_clock(case, ARCHIVE, at=at, by=by)
    if case.place:
        case.recurrence = 1 + _earlier(case)
    save_news(case, at, *CLOSING_FIELDS)
    announce(CaseArchived, case, by=by, cause_id=case.cause_id, is_won_back=case.is_won_back)
    return case


CLOSING_FIELDS = (
    "cause",
    "cause_evidence",
    "corrective_action",
    "is_won_back",
    "closed_at",
    "waiting_since",
    "due_at",
    "recurrence",
)


def _close_with(case: Case, words: ClosingWords) -> None:
    if words.cause and (words.cause.kind_id, words.cause.axis) != (
        case.kind_id,
        CaseCategory.Axis.CAUSE,
    ):
        raise Refused(_("This is not a cause of this kind of case."))
    if words.cause and words.cause.needs_evidence and not words.cause_evidence.strip():
        raise Refused(_("“%s” needs its evidence written down.") % words.cause.name)
    case.cause = words.cause
    case.cause_evidence = words.cause_evidence.strip()[:500]
    case.corrective_action = words.corrective_action.strip()
    case.is_won_back = words.is_won_back


def _earlier(case: Case) -> int:
    since = case.opened_at - timedelta(days=case.kind.defined.recurs_within_days)
    return earlier_of_its_like(case, since=since).filter(opened_at__lt=case.opened_at).count()


@transaction.atomic
def reopen_case(case_id: int, *, reason: str, by: Staff, at: datetime) -> Case:
    """An archived case is worked on again; everything before is kept, and the reopening counted."""
    require(by, CasePermission.HANDLE)
    case = lock_case(case_id)
    if not case.is_closed:
        raise Refused(_("Case %s is not archived.") % case.number)
    if case.merged_into_id:
        raise Refused(_("This case goes on inside another one. Undo the merge first."))
    send_back(case, reason=reason_of(reason), by=by, at=at)
    return case


def send_back(case: Case, *, reason: str, by: Staff, at: datetime) -> None:
    """The locked case is worked on again from handling, with a new clock; counted as reopened."""
    before = case.stage
    move(case, HANDLE)
    case.closed_at = None
    case.reopened_count += 1
    end_clock(case, before, at=at, by=by)
    start_clock(case, HANDLE, at=at, by=by)
    save_news(case, at, *MOVED, "closed_at", "followed_up_at", "reopened_count")
    announce(CaseReopened, case, by=by, reason=reason, from_stage=before)
