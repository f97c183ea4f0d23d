"""Before it is too late: the risk of a complaint over our heads, and major matters for the company's leaders."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.events import OverheadRiskSeen
from shouwen.cases.models import Case, Escalation
from shouwen.cases.operations.climbing import climb
from shouwen.cases.operations.handing import News, note_progress
from shouwen.cases.operations.promising import promise_customer
from shouwen.cases.operations.rows import (
    announce,
    open_case_row,
    reason_of,
    require_hand_on,
    save_news,
)
from shouwen.cases.refusals import LadderEnds
from shouwen.core.errors import Refused


@transaction.atomic
def flag_overhead_risk(case_id: int, *, reason: str, by: Staff, at: datetime) -> Case:
    """The customer may complain over our heads: the next level is asked to help before he does. (D542)

    Flagged before stays as it was. On the top of the ladder it is flagged all the same.
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if case.has_overhead_risk:
        return case
    words = reason_of(reason)
    case.has_overhead_risk = True
    save_news(case, at, "has_overhead_risk")
    announce(OverheadRiskSeen, case, by=by, reason=words)
    climb(case, how=Escalation.How.RISK, reason=words, by=by, at=at)
    return case


@dataclass(frozen=True, kw_only=True)
class ToCompany:
    """Why it goes to the company's leaders, how the customer was told so, until when he has a reply."""

    reason: str
    told_way: str
    reply_due_at: datetime


@transaction.atomic
def hand_to_company(case_id: int, given: ToCompany, *, by: Staff, at: datetime) -> Case:
    """A major matter beyond the department's power is with the company's leaders; no level is skipped.

    The customer was told why, and the time agreed for the reply is a promise with a clock. Refuses
    a case that is not major, and a kind whose ladder ends below the company. (D635, D677)
    """
    case = open_case_row(case_id)
    require_hand_on(case, by)
    if not case.is_major:
        raise Refused(_("Only a major case goes to the leaders of the company. Review it first."))
    ladder = case.kind.defined.ladder_for(is_urgent=case.is_urgent)
    above = [level for level, rung in enumerate(ladder) if rung.is_company]
    above = [level for level in above if level >= case.ladder_level]
    if not above:
        raise LadderEnds(_("There is nobody higher on the ladder of this kind of case."))
    reason = reason_of(given.reason)
    while case.ladder_level <= above[0]:
        climb(case, how=Escalation.How.COMPANY, reason=reason, by=by, at=at)
    note_progress(case_id, News(text=reason, told_way=given.told_way), by=by, at=at)
    text = _("Reply of the company's leaders")
    promise_customer(case_id, text=text, due_at=given.reply_due_at, by=by, at=at)
    case.refresh_from_db()
    return case
