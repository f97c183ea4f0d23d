"""What happens at once when a case is opened: superiors are told, others have their task, clocks run."""

from datetime import datetime

from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.cases.definitions import FieldType
from shouwen.cases.models import Case, Escalation
from shouwen.cases.operations.climbing import climb
from shouwen.cases.operations.handing import Task, send_task
from shouwen.cases.operations.responding import settle_responses, start_responses
from shouwen.cases.operations.rows import save

TASK_LENGTH = 300


def begin(case: Case, *, by: Staff, at: datetime) -> None:
    """An urgent or major one is with the superior, whoever has it at once has his task. (D090, D698)"""
    if case.is_urgent:
        climb(case, how=Escalation.How.URGENT, reason=_("Special or urgent."), by=by, at=at)
    elif case.is_major:
        climb(case, how=Escalation.How.MAJOR, reason=_("Marked major."), by=by, at=at)
    for department in departments_at_once(case):
        send_task(case, _task(case, department), by=by, at=at)
        case.is_handed_over = True
    if case.is_handed_over:
        save(case, "is_handed_over")
    _send_to_keeper(case, by=by, at=at)
    start_responses(case, at=at, by=by)
    settle_responses(case, at=at, by=by)


def departments_at_once(case: Case) -> list[Department]:
    """The departments that the kind, and what was chosen in its form, send the case to. (D207, D299)

    One that does not exist here, or no longer, is passed over.
    """
    defined = case.kind.defined
    codes = {defined.hands_to} if defined.hands_to else set()
    for field in defined.fields:
        if field.type == FieldType.CHOICE:
            chosen = case.values.get(field.code)
            codes |= {one.hands_to for one in field.choices if one.code == chosen and one.hands_to}
    if not codes:
        return []
    return list(Department.objects.active().filter(code__in=codes).order_by("path"))


def _task(case: Case, department: Department, staff: Staff | None = None) -> Task:
    return Task(department=department, staff=staff, task=case.title[:TASK_LENGTH])


def _send_to_keeper(case: Case, *, by: Staff, at: datetime) -> None:
    """Whoever keeps the customer has it at once, unless it is about him. (D135)"""
    keeper = case.customer.keeper if case.kind.defined.goes_to_keeper else None
    if keeper is None or keeper.department is None or not keeper.is_active:
        return
    if keeper.pk not in {case.accused_id, by.pk}:
        send_task(case, _task(case, keeper.department, keeper), by=by, at=at)
