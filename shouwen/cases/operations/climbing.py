"""The ladder: 接待人 → 客服主管 → 主管副总经理, level by level, by hand and by missed clock."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.events import CaseEscalated, EscalationAdvised
from shouwen.cases.models import Case, Escalation
from shouwen.cases.operations.rows import (
    announce,
    lock_case,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
)
from shouwen.cases.queries.people import holder_of_role
from shouwen.cases.refusals import LadderEnds
from shouwen.core.errors import NotPermitted


@transaction.atomic
def escalate_case(case_id: int, *, reason: str, by: Staff, at: datetime) -> Escalation:
    """The next level of the ladder has it, with the reason and the time; no level is skipped.

    Deadlines keep running: escalation never buys time. Refuses when there is nobody higher.
    (D128, D543, D635)
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    reached = climb(case, how=Escalation.How.BY_HAND, reason=reason_of(reason), by=by, at=at)
    if reached is None:
        raise LadderEnds(_("There is nobody higher on the ladder of this kind of case."))
    return reached


@transaction.atomic
def climb_for_missed_clock(
    case_id: int, *, stage: str, by: Staff, at: datetime
) -> Escalation | None:
    """A stage's clock was missed: the next level is told. None when the case is over or at the top."""
    case = lock_case(case_id)
    if case.is_closed or case.stage != stage:
        return None
    label = case.get_stage_display()
    reason = _("The time for the stage “%s” has passed.") % label
    return climb(case, how=Escalation.How.MISSED, reason=reason, by=by, at=at)


def climb(case: Case, *, how: str, reason: str, by: Staff, at: datetime) -> Escalation | None:
    """The locked case is one level higher; None when it stands on the top already."""
    ladder = case.kind.defined.ladder_for(is_urgent=case.is_urgent)
    if how == Escalation.How.URGENT:
        case.ladder_level = 0
    if case.ladder_level >= len(ladder):
        return None
    rung = ladder[case.ladder_level]
    case.ladder_level += 1
    not_these = frozenset({case.accused_id} if case.accused_id else ())
    reached = Escalation.objects.create(
        case=case,
        level=case.ladder_level,
        role_code=rung.role,
        role_name=rung.name,
        to=holder_of_role(rung.role, near=case.department, but_not=not_these),
        by=by,
        how=how,
        reason=reason,
        at=at,
    )
    save_news(case, at, "ladder_level")
    announce(
        CaseEscalated,
        case,
        by=by,
        escalation_id=reached.pk,
        level=reached.level,
        to_id=reached.to_id,
        how=how,
        reason=reason,
    )
    return reached


@transaction.atomic
def advise_on_escalation(escalation_id: int, *, advice: str, by: Staff, at: datetime) -> Escalation:
    """The superior's advice stands on the case, once. Refuses anybody else than whom it went to."""
    row = Escalation.objects.select_for_update().get(pk=escalation_id)
    case = open_case_row(row.case_id)
    if row.to_id != by.pk:
        raise NotPermitted(_("Only whom it was escalated to gives the advice."))
    row.advice, row.advised_at = reason_of(advice, limit=500), at
    row.save(update_fields=["advice", "advised_at"])
    save_news(case, at)
    announce(EscalationAdvised, case, by=by, escalation_id=row.pk)
    return row
