"""Wrongs done in handling: reported by anybody, graded by one and approved by another."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.cases.events import MisconductGraded, MisconductReported
from shouwen.cases.models import Case, Misconduct
from shouwen.cases.operations.rows import reason_of, words_of
from shouwen.cases.permissions import CasePermission
from shouwen.core.bus import publish
from shouwen.core.errors import NotPermitted, Refused


@dataclass(frozen=True, kw_only=True)
class WrongSeen:
    """What somebody saw."""

    staff: Staff
    kind: str
    text: str
    case: Case | None = None


@transaction.atomic
def report_misconduct(seen: WrongSeen, *, by: Staff, at: datetime) -> Misconduct:
    """The wrong is on record; whoever reported it may be the accused's colleague. (D075, D640, D704)"""
    require(by, CasePermission.REPORT_MISCONDUCT)
    row = Misconduct.objects.create(
        staff=seen.staff,
        case=seen.case,
        kind=Misconduct.Kind(seen.kind),
        text=words_of(seen.text, _("Please write down what happened.")),
        reported_by=by,
        reported_at=at,
    )
    publish(
        MisconductReported(
            misconduct_id=row.pk,
            staff_id=seen.staff.pk,
            case_id=seen.case.pk if seen.case else None,
            by_id=by.pk,
        )
    )
    return row


@transaction.atomic
def grade_misconduct(misconduct_id: int, *, grade: int, reason: str, by: Staff) -> Misconduct:
    """A penalty grade is proposed: 1 self-criticism, 2 base pay for the month, 3 dismissal. (D641)

    Refuses to judge oneself, and to change what was approved.
    """
    row = _for_grading(misconduct_id, by)
    row.grade = Misconduct.Grade(grade)
    row.grade_reason = reason_of(reason, limit=500)
    row.proposed_by = by
    row.save(update_fields=["grade", "grade_reason", "proposed_by", "updated_at"])
    _announce(row, by)
    return row


@transaction.atomic
def approve_grade(misconduct_id: int, *, by: Staff, at: datetime) -> Misconduct:
    """The grade stands. Refuses whoever proposed it, and one that nobody proposed."""
    row = _for_grading(misconduct_id, by)
    if row.proposed_by_id is None:
        raise Refused(_("Nobody has proposed a grade yet."))
    if row.proposed_by_id == by.pk:
        raise NotPermitted(_("Somebody else must approve the grade you proposed."))
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["approved_by", "approved_at", "updated_at"])
    _announce(row, by)
    return row


def _for_grading(misconduct_id: int, by: Staff) -> Misconduct:
    require(by, CasePermission.GRADE_MISCONDUCT)
    row = Misconduct.objects.select_for_update(of=("self",)).get(pk=misconduct_id)
    if row.staff_id == by.pk:
        raise NotPermitted(_("Nobody judges himself."))
    if row.approved_at:
        raise Refused(_("This grade was approved already."))
    return row


def _announce(row: Misconduct, by: Staff) -> None:
    publish(
        MisconductGraded(
            misconduct_id=row.pk,
            grade=row.grade,
            is_approved=row.approved_at is not None,
            by_id=by.pk,
        )
    )
