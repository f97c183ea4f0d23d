"""Doing something to a case, a task, an approval, a promise: each asked in a dialog."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from shouwen.accounts.decorators import StaffRequest, any_staff, permission_required
from shouwen.cases.forms import verbs as forms
from shouwen.cases.models import Case
from shouwen.cases.operations import answering, climbing, deciding, handing, promising, steps
from shouwen.cases.operations.papers import add_paper
from shouwen.cases.permissions import CasePermission
from shouwen.cases.views.pages import visible_case
from shouwen.cases.views.verbs import VERBS
from shouwen.core.files import store_file
from shouwen.ui.dialogs import Dialog, act_in_dialog

asks = require_http_methods(["GET", "POST"])
handles = permission_required(CasePermission.HANDLE)
receives = permission_required(CasePermission.RECEIVE)


def _ask(
    request: StaffRequest,
    form: forms.CaseForm,
    words: tuple[str | Promise, str | Promise],
    do: Callable[[], object],
    *,
    text: str | Promise = "",
    said: str | Promise = "",
) -> HttpResponse:
    title, submit = words
    dialog = Dialog(title=title, url=request.path, submit=submit, changes="case:changed", text=text)
    return act_in_dialog(request, dialog, form, do, str(said or _("Saved.")))


@asks
@handles
def case_act(request: StaffRequest, case_id: int, verb: str) -> HttpResponse:
    """One of the verbs in verbs.py."""
    if verb not in VERBS:
        raise Http404
    what, case = VERBS[verb], visible_case(request, case_id)
    form = what.form(request.POST if request.method == "POST" else None, case=case)
    return _ask(
        request,
        form,
        (what.title, what.submit),
        lambda: what.do(case, form, request.user, timezone.now()),
        text=what.text,
        said=what.said,
    )


def _form(request: StaffRequest, form: type[forms.CaseForm], case: Case) -> forms.CaseForm:
    return form(request.POST if request.method == "POST" else None, case=case)


@asks
@handles
def step(request: StaffRequest, case_id: int, step_code: str) -> HttpResponse:
    """Tick a step off, or pass it over with a reason."""
    case = visible_case(request, case_id)
    found = next((one for one in case.kind.defined.steps if one.code == step_code), None)
    if found is None:
        raise Http404
    form = _form(request, forms.StepForm, case)

    def do() -> object:
        entered, at = form.cleaned_data, timezone.now()
        if entered["skip_reason"]:
            reason = entered["skip_reason"]
            return steps.skip_step(case.pk, code=found.code, reason=reason, by=request.user, at=at)
        note = entered["note"]
        return steps.finish_step(case.pk, code=found.code, note=note, by=request.user, at=at)

    return _ask(request, form, (found.name, _("Done")), do, text=found.help)


@dataclass(frozen=True)
class RowVerb:
    """What may be done to one row of a case: the question, its form, the operation that takes the answer."""

    title: str | Promise
    submit: str | Promise
    form: type[forms.CaseForm]
    do: Callable[..., object]


def _act_on_row(
    request: StaffRequest, case_id: int, row: tuple[str, int], verb: RowVerb | None, text: str
) -> HttpResponse:
    """Ask and do it to a row of the case; `text` names the row's column that is shown above the form."""
    if verb is None:
        raise Http404
    case = visible_case(request, case_id)
    related, row_id = row
    found = get_object_or_404(getattr(case, related), pk=row_id)
    form = _form(request, verb.form, case)

    def do() -> object:
        return verb.do(found.pk, **form.cleaned_data, by=request.user, at=timezone.now())

    return _ask(request, form, (verb.title, verb.submit), do, text=getattr(found, text))


TASK_VERBS = {
    "receive": RowVerb(
        _("Receive the task"), _("Received"), forms.NothingForm, handing.receive_hand_off
    ),
    "finish": RowVerb(_("The task is done"), _("Done"), forms.ResultForm, handing.finish_hand_off),
    "return": RowVerb(
        _("Send the task back"), _("Send back"), forms.ReasonForm, handing.return_hand_off
    ),
}


@asks
@receives
def task_act(request: StaffRequest, case_id: int, task_id: int, task_verb: str) -> HttpResponse:
    """Receive a task, finish it with a result, send it back with a reason."""
    row = ("hand_offs", task_id)
    return _act_on_row(request, case_id, row, TASK_VERBS.get(task_verb), "task")


@asks
@receives
def task_progress(request: StaffRequest, case_id: int, task_id: int) -> HttpResponse:
    """Say how far a task is."""
    case = visible_case(request, case_id)
    task = get_object_or_404(case.hand_offs, pk=task_id)
    form = _form(request, forms.ProgressForm, case)

    def do() -> object:
        news = handing.News(**form.cleaned_data, hand_off_id=task.pk)
        return handing.note_progress(case.pk, news, by=request.user, at=timezone.now())

    return _ask(request, form, (_("Note progress"), _("Save")), do, text=task.task)


DECIDE = RowVerb(_("Decide"), _("Decide"), forms.DecisionForm, deciding.decide_approval)


@asks
@permission_required(CasePermission.APPROVE)
def approval_decide(request: StaffRequest, case_id: int, approval_id: int) -> HttpResponse:
    """Approve, or not."""
    return _act_on_row(request, case_id, ("approvals", approval_id), DECIDE, "text")


SETTLE = RowVerb(_("Remedy"), _("Save"), forms.SettleForm, deciding.settle_remedy)


@asks
@handles
def remedy_settle(request: StaffRequest, case_id: int, remedy_id: int) -> HttpResponse:
    """What the customer says to the remedy, or that it was carried out."""
    return _act_on_row(request, case_id, ("remedies", remedy_id), SETTLE, "name")


REPLY = RowVerb(_("The customer's reply"), _("Save"), forms.ReplyForm, answering.record_reply)


@asks
@handles
def answer_reply(request: StaffRequest, case_id: int, case_answer_id: int) -> HttpResponse:
    """What the customer says to the answer."""
    return _act_on_row(request, case_id, ("answers", case_answer_id), REPLY, "text")


PROMISE_VERBS = {
    "keep": RowVerb(_("The promise is kept"), _("Kept"), forms.NothingForm, promising.keep_promise),
    "trouble": RowVerb(
        _("Something came up"), _("Save"), forms.TroubleForm, promising.report_trouble
    ),
    "told": RowVerb(
        _("The customer was told"), _("Told"), forms.NothingForm, promising.tell_customer_of_trouble
    ),
}


@asks
@handles
def promise_act(
    request: StaffRequest, case_id: int, promise_id: int, promise_verb: str
) -> HttpResponse:
    """Keep a promise, say what came up, note that the customer was told."""
    row = ("promises", promise_id)
    return _act_on_row(request, case_id, row, PROMISE_VERBS.get(promise_verb), "text")


ADVISE = RowVerb(_("Give advice"), _("Save"), forms.AdviceForm, climbing.advise_on_escalation)


@asks
@any_staff("only whom it was escalated to may, and the operation asks")
def escalation_advise(request: StaffRequest, case_id: int, escalation_id: int) -> HttpResponse:
    """Advice from above."""
    return _act_on_row(request, case_id, ("escalations", escalation_id), ADVISE, "reason")


@asks
@handles
def paper_add(request: StaffRequest, case_id: int) -> HttpResponse:
    """Lay a paper to the case."""
    case = visible_case(request, case_id)
    form = forms.PaperForm(request.POST or None, request.FILES or None, case=case)

    def do() -> object:
        sent = form.cleaned_data["file"]
        stored = store_file(sent.name or "", sent.read())
        title, at = form.cleaned_data["title"], timezone.now()
        return add_paper(case.pk, file=stored, title=title, by=request.user, at=at)

    return _ask(request, form, (_("Add a paper"), _("Add")), do)
