"""Tasks handed over, promises, approvals and answers of a case: each address is one operation."""

from collections.abc import Callable

from django.shortcuts import get_object_or_404
from django.utils import timezone

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.models import Department
from shouwen.accounts.permissions import asks_for
from shouwen.accounts.queries import visible_staff
from shouwen.cases.api.shared import HANDLES, RECEIVES, anew, router, visible_case
from shouwen.cases.operations import answering, deciding, handing, promising
from shouwen.cases.permissions import CasePermission
from shouwen.cases.schemas import given
from shouwen.cases.schemas.shown import CaseOut

Row = tuple[str, int]


def _do(
    request: StaffRequest, case_id: int, row: Row, do: Callable[..., object], **said: object
) -> CaseOut:
    """The operation on one row of a case that this person may see."""
    case = visible_case(request, case_id)
    related, row_id = row
    found = get_object_or_404(getattr(case, related), pk=row_id)
    do(found.pk, **said, by=request.user, at=timezone.now())
    return anew(request, case.pk)


@router.post("/{case_id}/tasks", response=CaseOut, openapi_extra=HANDLES)
def hand_off(request: StaffRequest, case_id: int, body: given.HandOffIn) -> CaseOut:
    """Hand work to a department or person, with the customer's own words; the case stays ours."""
    case = visible_case(request, case_id)
    department = get_object_or_404(Department, code=body.department)
    staff = None
    if body.staff_id:
        staff = get_object_or_404(visible_staff(request.user), pk=body.staff_id)
    said = body.dict(exclude={"department", "staff_id"})
    task = handing.Task(department=department, staff=staff, **said)
    handing.hand_off(case.pk, task, by=request.user, at=timezone.now())
    return anew(request, case.pk)


@router.post("/{case_id}/tasks/{task_id}/receive", response=CaseOut, openapi_extra=RECEIVES)
def receive(request: StaffRequest, case_id: int, task_id: int) -> CaseOut:
    """They have it, with name and time."""
    return _do(request, case_id, ("hand_offs", task_id), handing.receive_hand_off)


@router.post("/{case_id}/tasks/{task_id}/progress", response=CaseOut, openapi_extra=RECEIVES)
def task_progress(request: StaffRequest, case_id: int, task_id: int, body: given.NewsIn) -> CaseOut:
    """Say how far the task is."""
    case = visible_case(request, case_id)
    task = get_object_or_404(case.hand_offs, pk=task_id)
    news = handing.News(**body.dict(), hand_off_id=task.pk)
    handing.note_progress(case.pk, news, by=request.user, at=timezone.now())
    return anew(request, case.pk)


@router.post("/{case_id}/tasks/{task_id}/finish", response=CaseOut, openapi_extra=RECEIVES)
def finish(request: StaffRequest, case_id: int, task_id: int, body: given.ResultIn) -> CaseOut:
    """They did it, with a result."""
    task = ("hand_offs", task_id)
    return _do(request, case_id, task, handing.finish_hand_off, result=body.result)


@router.post("/{case_id}/tasks/{task_id}/return", response=CaseOut, openapi_extra=RECEIVES)
def give_back(
    request: StaffRequest, case_id: int, task_id: int, body: given.CaseReasonIn
) -> CaseOut:
    """They send it back, or we take it back, with a reason."""
    task = ("hand_offs", task_id)
    return _do(request, case_id, task, handing.return_hand_off, reason=body.reason)


@router.post("/{case_id}/promises/{promise_id}/keep", response=CaseOut, openapi_extra=HANDLES)
def keep(request: StaffRequest, case_id: int, promise_id: int) -> CaseOut:
    """The promise is kept; late is written down as late."""
    return _do(request, case_id, ("promises", promise_id), promising.keep_promise)


@router.post("/{case_id}/promises/{promise_id}/trouble", response=CaseOut, openapi_extra=HANDLES)
def trouble(
    request: StaffRequest, case_id: int, promise_id: int, body: given.CaseReasonIn
) -> CaseOut:
    """Something came up within the term: the customer must be told before it is broken."""
    row = ("promises", promise_id)
    return _do(request, case_id, row, promising.report_trouble, trouble=body.reason)


@router.post("/{case_id}/promises/{promise_id}/told", response=CaseOut, openapi_extra=HANDLES)
def told(request: StaffRequest, case_id: int, promise_id: int) -> CaseOut:
    """The customer has been told of the trouble."""
    return _do(request, case_id, ("promises", promise_id), promising.tell_customer_of_trouble)


@router.post(
    "/{case_id}/approvals/{approval_id}",
    response=CaseOut,
    openapi_extra=asks_for(CasePermission.APPROVE),
)
def decide(
    request: StaffRequest, case_id: int, approval_id: int, body: given.DecisionIn
) -> CaseOut:
    """Approve, or not; nobody decides on what he asked for himself."""
    row = ("approvals", approval_id)
    return _do(request, case_id, row, deciding.decide_approval, **body.dict())


@router.post("/{case_id}/answers/{case_answer_id}", response=CaseOut, openapi_extra=HANDLES)
def reply(request: StaffRequest, case_id: int, case_answer_id: int, body: given.ReplyIn) -> CaseOut:
    """What the customer says to the answer; one he does not accept is worked on again."""
    row = ("answers", case_answer_id)
    return _do(request, case_id, row, answering.record_reply, **body.dict())
