"""Doing something to a case; each address is one operation."""

from datetime import datetime

from django.shortcuts import get_object_or_404
from django.utils import timezone

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.queries import visible_staff
from shouwen.cases.api.shared import HANDLES, anew, router, visible_case
from shouwen.cases.models import Case, CaseCategory
from shouwen.cases.operations import accepting, answering, climbing, closing, deciding, handing
from shouwen.cases.operations.opening import FormChange, change_case_form
from shouwen.cases.operations.promising import promise_customer
from shouwen.cases.operations.steps import finish_step, skip_step
from shouwen.cases.queries.kinds import nodes_of
from shouwen.cases.schemas import given
from shouwen.cases.schemas.shown import CaseOut

Axis = CaseCategory.Axis


def _node(case: Case, axis: str, code: str) -> CaseCategory | None:
    return get_object_or_404(nodes_of(case.kind, axis), code=code) if code else None


def _now() -> datetime:
    return timezone.now()


@router.post("/{case_id}/form", response=CaseOut, openapi_extra=HANDLES)
def change_form(request: StaffRequest, case_id: int, body: given.FormIn) -> CaseOut:
    """Put the form right; `values` replaces all of them. What it said before stands in history."""
    case = visible_case(request, case_id)
    written = body.dict(exclude={"category"})
    change = FormChange(**written, category=_node(case, Axis.CATEGORY, body.category))
    change_case_form(case.pk, change, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/accept", response=CaseOut, openapi_extra=HANDLES)
def accept(request: StaffRequest, case_id: int) -> CaseOut:
    """Take it: the key's person handles it from now on, and the clock of handling runs."""
    case = visible_case(request, case_id)
    accepting.accept_case(case.pk, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/assign", response=CaseOut, openapi_extra=HANDLES)
def assign(request: StaffRequest, case_id: int, body: given.AssignIn) -> CaseOut:
    """Give it to a colleague; the first responder keeps the name on it."""
    case = visible_case(request, case_id)
    to = get_object_or_404(visible_staff(request.user), pk=body.staff_id)
    accepting.assign_case(case.pk, to=to, reason=body.reason, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/judge", response=CaseOut, openapi_extra=HANDLES)
def judge(request: StaffRequest, case_id: int, body: given.JudgeIn) -> CaseOut:
    """Say whether it is valid, with the reason."""
    case = visible_case(request, case_id)
    judgement = accepting.Judgement(**body.dict())
    accepting.judge_case(case.pk, judgement, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/review", response=CaseOut, openapi_extra=HANDLES)
def review(request: StaffRequest, case_id: int, body: given.ReviewIn) -> CaseOut:
    """Say how grave it is; what turns major or urgent climbs the ladder at once."""
    case = visible_case(request, case_id)
    accepting.review_case(case.pk, accepting.Review(**body.dict()), by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/steps/{step_code}", response=CaseOut, openapi_extra=HANDLES)
def do_step(request: StaffRequest, case_id: int, step_code: str, body: given.StepIn) -> CaseOut:
    """Tick a step off, or pass it over with a reason."""
    case, by, at = visible_case(request, case_id), request.user, _now()
    if body.skip_reason:
        skip_step(case.pk, code=step_code, reason=body.skip_reason, by=by, at=at)
    else:
        finish_step(case.pk, code=step_code, note=body.note, by=by, at=at)
    return anew(request, case.pk)


@router.post("/{case_id}/propose", response=CaseOut, openapi_extra=HANDLES)
def propose(request: StaffRequest, case_id: int, body: given.ProposalIn) -> CaseOut:
    """Put to the superior how to handle it."""
    case = visible_case(request, case_id)
    deciding.propose_handling(case.pk, **body.dict(), by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/progress", response=CaseOut, openapi_extra=HANDLES)
def note(request: StaffRequest, case_id: int, body: given.NewsIn) -> CaseOut:
    """Note progress, and whether the customer has been told."""
    case = visible_case(request, case_id)
    handing.note_progress(case.pk, handing.News(**body.dict()), by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/promise", response=CaseOut, openapi_extra=HANDLES)
def promise(request: StaffRequest, case_id: int, body: given.PromiseIn) -> CaseOut:
    """Promise the customer something by a time; it has a clock of its own."""
    case = visible_case(request, case_id)
    promise_customer(case.pk, **body.dict(), by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/escalate", response=CaseOut, openapi_extra=HANDLES)
def escalate(request: StaffRequest, case_id: int, body: given.CaseReasonIn) -> CaseOut:
    """One level up the ladder; the clock keeps running."""
    case = visible_case(request, case_id)
    climbing.escalate_case(case.pk, reason=body.reason, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/wait", response=CaseOut, openapi_extra=HANDLES)
def wait(request: StaffRequest, case_id: int, body: given.CaseReasonIn) -> CaseOut:
    """Wait for the customer: the clock stands still."""
    case = visible_case(request, case_id)
    answering.wait_for_customer(case.pk, reason=body.reason, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/go-on", response=CaseOut, openapi_extra=HANDLES)
def go_on(request: StaffRequest, case_id: int) -> CaseOut:
    """The customer has done his part: the clock goes on with what was left."""
    case = visible_case(request, case_id)
    answering.go_on_with_case(case.pk, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/result", response=CaseOut, openapi_extra=HANDLES)
def result(request: StaffRequest, case_id: int, body: given.ResultIn) -> CaseOut:
    """Write down the result; now the customer is to be answered."""
    case = visible_case(request, case_id)
    answering.record_result(case.pk, result=body.result, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/answer", response=CaseOut, openapi_extra=HANDLES)
def answer(request: StaffRequest, case_id: int, body: given.AnswerIn) -> CaseOut:
    """The customer was answered, in the way he came or with a reason for another."""
    case = visible_case(request, case_id)
    told = answering.AnswerGiven(**body.dict())
    answering.answer_customer(case.pk, told, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/follow-up", response=CaseOut, openapi_extra=HANDLES)
def follow_up(request: StaffRequest, case_id: int, body: given.FollowUpIn) -> CaseOut:
    """Record the follow-up; a dissatisfied customer's case is worked on again."""
    case = visible_case(request, case_id)
    told = closing.FollowUpTold(**body.dict())
    closing.record_follow_up(case.pk, told, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/archive", response=CaseOut, openapi_extra=HANDLES)
def archive(request: StaffRequest, case_id: int, body: given.ArchiveIn) -> CaseOut:
    """Close it. Refused without what its kind asks for, saying what is missing."""
    case = visible_case(request, case_id)
    cause = _node(case, Axis.CAUSE, body.cause)
    words = closing.ClosingWords(cause=cause, **body.dict(exclude={"cause"}))
    closing.archive_case(case.pk, words, by=request.user, at=_now())
    return anew(request, case.pk)


@router.post("/{case_id}/reopen", response=CaseOut, openapi_extra=HANDLES)
def reopen(request: StaffRequest, case_id: int, body: given.CaseReasonIn) -> CaseOut:
    """Work on an archived case again; everything before is kept, and the reopening counted."""
    case = visible_case(request, case_id)
    closing.reopen_case(case.pk, reason=body.reason, by=request.user, at=_now())
    return anew(request, case.pk)
