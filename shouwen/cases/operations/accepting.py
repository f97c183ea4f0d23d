"""Accepting a case, giving it to somebody, saying how grave and how valid it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.cases.events import CaseAccepted, CaseAssigned, CaseJudged, CaseReviewed
from shouwen.cases.models import Case, Escalation
from shouwen.cases.operations.climbing import climb
from shouwen.cases.operations.clocks import meet_clock, restart_clock, start_clock
from shouwen.cases.operations.rows import (
    MOVED,
    announce,
    move,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
)
from shouwen.cases.operations.steps import check_steps
from shouwen.cases.permissions import CasePermission
from shouwen.cases.refusals import HandlerIsAccused
from shouwen.cases.workflow import ACCEPT, HANDLE
from shouwen.core.errors import Refused

SCALE = range(4)


@transaction.atomic
def accept_case(case_id: int, *, by: Staff, at: datetime) -> Case:
    """Somebody takes the case: it is worked on from now, and the clock of handling runs.

    What a customer sent in himself nobody was asked first: whoever takes it is the first responder
    from then on (D270).
    Refuses the person complained about, and steps of acceptance still open (D021, D696).
    """
    require(by, CasePermission.HANDLE)
    case = open_case_row(case_id)
    if case.stage != ACCEPT and case.handler_id == by.pk:
        return case
    _check_not_accused(case, by)
    check_steps(case, ACCEPT)
    move(case, HANDLE)
    case.handler = by
    case.accepted_at = at
    if case.first_responder.is_system:
        case.first_responder = by
    meet_clock(case, ACCEPT, at=at, by=by)
    start_clock(case, HANDLE, at=at, by=by)
    save_news(case, at, *MOVED, "handler", "first_responder", "accepted_at")
    announce(CaseAccepted, case, by=by)
    return case


def _check_not_accused(case: Case, staff: Staff) -> None:
    if case.accused_id == staff.pk:
        raise HandlerIsAccused(staff.public_name)


@transaction.atomic
def assign_case(
    case_id: int,
    *,
    to: Staff,
    reason: str,
    by: Staff,
    at: datetime,
    department: Department | None = None,
) -> Case:
    """Another person handles it; the first responder stays on it to the end. (D270, D437)

    Refuses who may not handle cases, who is complained about, and an empty reason.
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if not to.may(CasePermission.HANDLE):
        raise Refused(_("%s cannot handle cases.") % to.public_name)
    _check_not_accused(case, to)
    if case.handler_id == to.pk and department in (None, case.department):
        return case
    before, case.handler = case.handler_id, to
    case.department = department or case.department
    save_news(case, at, "handler", "department")
    announce(CaseAssigned, case, by=by, from_staff_id=before, reason=reason_of(reason))
    return case


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Whether a complaint is valid: within the contract and the rules of the trade."""

    is_valid: bool
    reason: str
    contract_clause: str = ""
    invalid_choice: str = ""


@transaction.atomic
def judge_case(case_id: int, judgement: Judgement, *, by: Staff, at: datetime) -> Case:
    """The case is found valid or not, with the reason; an invalid one is helped or politely refused,
    and is answered all the same. May be judged anew with another reason. (D661, D662, D663)
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    reason = reason_of(judgement.reason, limit=500)
    if not judgement.is_valid and not judgement.invalid_choice:
        raise Refused(_("Say whether to help nevertheless or to refuse politely."))
    case.validity = Case.Validity.VALID if judgement.is_valid else Case.Validity.INVALID
    case.validity_reason = reason
    case.contract_clause = judgement.contract_clause.strip()[:200]
    case.invalid_choice = "" if judgement.is_valid else Case.InvalidChoice(judgement.invalid_choice)
    save_news(
        case,
        at,
        "validity",
        "validity_reason",
        "contract_clause",
        "invalid_choice",
    )
    announce(
        CaseJudged,
        case,
        by=by,
        validity=case.validity,
        reason=reason,
        invalid_choice=case.invalid_choice,
    )
    return case


@dataclass(frozen=True, kw_only=True)
class Review:
    """How grave a case is: safety, impact and urgency, each 0 to 3."""

    safety: int
    impact: int
    urgency: int
    is_major: bool
    is_urgent: bool
    reason: str = ""


@transaction.atomic
def review_case(case_id: int, review: Review, *, by: Staff, at: datetime) -> Case:
    """The first review is written down, or changed with a reason; clocks follow the new nature.

    A case that turns major goes one level up the ladder at once; one that turns special or urgent
    goes to the manager on duty at once. (D090, D668, D693, D698; GB/T 19012, first review)
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if any(one not in SCALE for one in (review.safety, review.impact, review.urgency)):
        raise Refused(_("Safety, impact and urgency are scored from 0 to 3."))
    is_change = case.severity_score is not None
    reason = reason_of(review.reason) if is_change else review.reason.strip()[:300]
    turned_major = review.is_major and not case.is_major
    turned_urgent = review.is_urgent and not case.is_urgent
    has_new_nature = (case.is_major, case.is_urgent) != (review.is_major, review.is_urgent)
    case.safety, case.impact, case.urgency = review.safety, review.impact, review.urgency
    case.is_major, case.is_urgent = review.is_major, review.is_urgent
    if has_new_nature:
        restart_clock(case, at=at, by=by)
    save_news(
        case,
        at,
        "safety",
        "impact",
        "urgency",
        "is_major",
        "is_urgent",
        "due_at",
    )
    announce(
        CaseReviewed,
        case,
        by=by,
        is_major=case.is_major,
        is_urgent=case.is_urgent,
        score=case.severity_score,
        reason=reason,
    )
    if turned_urgent:
        climb(case, how=Escalation.How.URGENT, reason=_("Special or urgent."), by=by, at=at)
    elif turned_major:
        climb(case, how=Escalation.How.MAJOR, reason=_("Marked major."), by=by, at=at)
    return case
