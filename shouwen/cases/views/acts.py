"""Doing something to a case, a task, an approval, a promise: each asked in a dialog."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
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


TASK_VERBS: dict[str, tuple[type[forms.CaseForm], Callable[..., object]]] = {
    "receive": (forms.NothingForm, handing.receive_hand_off),
    "finish": (forms.ResultForm, handing.finish_hand_off),
    "return": (forms.ReasonForm, handing.return_hand_off),
}


@asks
@receives
def task_act(request: StaffRequest, case_id: int, task_id: int, task_verb: str) -> HttpResponse:
    """Receive a task, finish it with a result, send it back with a reason."""
    case = visible_case(request, case_id)
    task = get_object_or_404(case.hand_offs, pk=task_id)
    if task_verb not in TASK_VERBS:
        raise Http404
    words = {
        "receive": (_("Receive the task"), _("Received")),
        "finish": (_("The task is done"), _("Done")),
        "return": (_("Send the task back"), _("Send back")),
    }
    form_type, operation = TASK_VERBS[task_verb]
    form = _form(request, form_type, case)
    return _ask(
        request,
        form,
        words[task_verb],
        lambda: operation(task.pk, **form.cleaned_data, by=request.user, at=timezone.now()),
        text=task.task,
    )


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


@asks
@permission_required(CasePermission.APPROVE)
def approval_decide(request: StaffRequest, case_id: int, approval_id: int) -> HttpResponse:
    """Approve, or not."""
    case = visible_case(request, case_id)
    asked = get_object_or_404(case.approvals, pk=approval_id)
    form = _form(request, forms.DecisionForm, case)
    return _ask(
        request,
        form,
        (_("Decide"), _("Decide")),
        lambda: deciding.decide_approval(
            asked.pk, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
        text=asked.text,
    )


@asks
@handles
def remedy_settle(request: StaffRequest, case_id: int, remedy_id: int) -> HttpResponse:
    """What the customer says to the remedy, or that it was carried out."""
    case = visible_case(request, case_id)
    remedy = get_object_or_404(case.remedies, pk=remedy_id)
    form = _form(request, forms.SettleForm, case)
    return _ask(
        request,
        form,
        (remedy.name, _("Save")),
        lambda: deciding.settle_remedy(
            remedy.pk, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
    )


@asks
@handles
def answer_reply(request: StaffRequest, case_id: int, case_answer_id: int) -> HttpResponse:
    """What the customer says to the answer."""
    case = visible_case(request, case_id)
    answer = get_object_or_404(case.answers, pk=case_answer_id)
    form = _form(request, forms.ReplyForm, case)
    return _ask(
        request,
        form,
        (_("The customer's reply"), _("Save")),
        lambda: answering.record_reply(
            answer.pk, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
        text=answer.text,
    )


PROMISE_VERBS: dict[str, tuple[type[forms.CaseForm], Callable[..., object]]] = {
    "keep": (forms.NothingForm, promising.keep_promise),
    "trouble": (forms.TroubleForm, promising.report_trouble),
    "told": (forms.NothingForm, promising.tell_customer_of_trouble),
}


@asks
@handles
def promise_act(
    request: StaffRequest, case_id: int, promise_id: int, promise_verb: str
) -> HttpResponse:
    """Keep a promise, say what came up, note that the customer was told."""
    case = visible_case(request, case_id)
    promise = get_object_or_404(case.promises, pk=promise_id)
    if promise_verb not in PROMISE_VERBS:
        raise Http404
    words = {
        "keep": (_("The promise is kept"), _("Kept")),
        "trouble": (_("Something came up"), _("Save")),
        "told": (_("The customer was told"), _("Told")),
    }
    form_type, operation = PROMISE_VERBS[promise_verb]
    form = _form(request, form_type, case)
    return _ask(
        request,
        form,
        words[promise_verb],
        lambda: operation(promise.pk, **form.cleaned_data, by=request.user, at=timezone.now()),
        text=promise.text,
    )


@asks
@any_staff("only whom it was escalated to may, and the operation asks")
def escalation_advise(request: StaffRequest, case_id: int, escalation_id: int) -> HttpResponse:
    """Advice from above."""
    case = visible_case(request, case_id)
    reached = get_object_or_404(case.escalations, pk=escalation_id)
    form = _form(request, forms.AdviceForm, case)
    return _ask(
        request,
        form,
        (_("Give advice"), _("Save")),
        lambda: climbing.advise_on_escalation(
            reached.pk, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
        text=reached.reason,
    )


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
