"""Approved answers: the page, writing and approving, and what is offered while one talks. (D578)"""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.knowledge import operations
from shouwen.knowledge.forms.guard import AnswerForm, ReasonForm
from shouwen.knowledge.models import Answer
from shouwen.knowledge.permissions import KnowledgePermission
from shouwen.knowledge.queries import all_answers, find_answers
from shouwen.knowledge.views.guard import ask_and_do

asks = require_http_methods(["GET", "POST"])
may_use = permission_required(KnowledgePermission.USE_PHRASES)
may_approve = permission_required(KnowledgePermission.APPROVE_ANSWERS)


@require_safe
@may_use
def answers(request: StaffRequest) -> HttpResponse:
    """Answers by topic with their state; those past their time are marked."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    today = local_day(timezone.now())
    rows = [
        {
            "answer": one,
            "is_past": bool(one.valid_until and one.valid_until < today),
            "is_own": one.by_id == request.user.pk,
        }
        for one in all_answers(state=state, words=words)[:500]
    ]
    context = {
        "rows": rows,
        "state": state,
        "states": Answer.State.choices,
        "words": words,
        "may_approve": request.user.may(KnowledgePermission.APPROVE_ANSWERS),
    }
    return render(request, "knowledge/answers.html", context)


@require_safe
@may_use
def answers_offered(request: StaffRequest) -> HttpResponse:
    """A few approved answers to take over into a note of a call."""
    day = local_day(timezone.now())
    found = find_answers(request.user, request.GET.get("q_answer", "")[:60], day=day)
    return render(request, "knowledge/answers_offered.html", {"answers": found})


@asks
@may_use
def answer_new(request: StaffRequest) -> HttpResponse:
    """Write an answer."""
    form = AnswerForm(request.POST or None)
    return ask_and_do(
        request,
        {"title": _("New answer"), "form": form},
        form,
        lambda: operations.write_answer(None, draft=form.draft(), by=request.user),
    )


@asks
@may_use
def answer_edit(request: StaffRequest, answer_id: int) -> HttpResponse:
    """Rewrite an answer; it must be approved anew."""
    answer = get_object_or_404(Answer, pk=answer_id)
    form = AnswerForm(request.POST or None, instance=answer)
    return ask_and_do(
        request,
        {"title": answer.title, "form": form},
        form,
        lambda: operations.write_answer(answer_id, draft=form.draft(), by=request.user),
    )


@require_POST
@may_use
def answer_propose(request: StaffRequest, answer_id: int) -> HttpResponse:
    """Ask for its approval."""
    return _act(request, lambda: operations.propose_answer(_known(answer_id), by=request.user))


@require_POST
@may_approve
def answer_approve(request: StaffRequest, answer_id: int) -> HttpResponse:
    """It may be given from now on."""
    at = timezone.now()
    return _act(
        request, lambda: operations.approve_answer(_known(answer_id), by=request.user, at=at)
    )


@asks
@may_approve
def answer_withdraw(request: StaffRequest, answer_id: int) -> HttpResponse:
    """It may not be given any more."""
    form = ReasonForm(request.POST or None)
    return ask_and_do(
        request,
        {"title": _("Withdraw the answer"), "form": form},
        form,
        lambda: operations.withdraw_answer(
            _known(answer_id), reason=form.cleaned_data["reason"], by=request.user
        ),
    )


def _known(answer_id: int) -> int:
    return int(get_object_or_404(Answer, pk=answer_id).pk)


def _act(request: StaffRequest, do: Callable[[], object]) -> HttpResponse:
    try:
        do()
    except Refused as refusal:
        context = {"title": _("This was not done"), "words": str(refusal)}
        return render(request, "knowledge/dialog.html#refused", context, status=422)
    return HttpResponseClientRefresh()
