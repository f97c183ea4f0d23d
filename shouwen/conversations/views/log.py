"""The contact log beside the talk: kind, questions, points marked by one key, what was told."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.forms.log import TellForm, answers_in
from shouwen.conversations.models import Conversation, SummaryPoint
from shouwen.conversations.operations.log import ask_customer, mark_point, tell_customer
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.contacts import wrap_up_of
from shouwen.conversations.queries.log import Asked, contact_log, questions_of_kind
from shouwen.conversations.views.changes import CHANGED
from shouwen.conversations.views.moves import asked_or_done
from shouwen.conversations.views.workspace import visible
from shouwen.core.errors import Refused
from shouwen.customers.queries import shown_name
from shouwen.ui.dialogs import Dialog, act_in_dialog


@require_safe
@permission_required(ConversationPermission.SERVE)
def questions(request: StaffRequest) -> HttpResponse:
    """What must be asked for a kind, with what was typed or answered so far. (D598)"""
    wrap_up = None
    if request.GET.get("conversation", "").isdecimal():
        wrap_up = wrap_up_of(visible(request, int(request.GET["conversation"])))
    typed = answers_in(request.GET)
    rows = questions_of_kind(request.GET.get("kind", ""), wrap_up)
    shown = [
        Asked(question=one.question, answer=typed.get(one.question.pk, one.answer)) for one in rows
    ]
    return render(request, "conversations/questions.html", {"asked": shown})


@require_safe
@permission_required(ConversationPermission.SERVE)
def panel(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """The contact log beside an open conversation."""
    found = visible(request, conversation_id)
    context = {"log": contact_log(found), "conversation": found}
    return render(request, "conversations/panels/log.html", context)


@require_POST
@permission_required(ConversationPermission.SERVE)
def ask(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """The kind was chosen, or a question answered. (D018, D598)"""
    found = visible(request, conversation_id)
    return _after(
        request,
        found,
        lambda: ask_customer(
            found.pk,
            kind=request.POST.get("kind", ""),
            answers=answers_in(request.POST),
            by=request.user,
        ),
    )


@require_POST
@permission_required(ConversationPermission.SERVE)
def mark(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """What was just heard, or the words that are selected, is a need, an opinion, ... (D019, D297)"""
    found = visible(request, conversation_id)
    sort = request.POST.get("sort", "")
    if sort not in SummaryPoint.Sort.values:
        return HttpResponse(status=422)
    return _after(
        request,
        found,
        lambda: mark_point(
            found.pk,
            sort=sort,
            words=request.POST.get("words", ""),
            by=request.user,
            at=timezone.now(),
        ),
    )


def _after(request: StaffRequest, found: Conversation, do: Callable[[], object]) -> HttpResponse:
    refusal = ""
    try:
        do()
    except Refused as refused:
        refusal = str(refused)
    context = {"log": contact_log(found), "conversation": found, "refusal": refusal}
    return render(request, "conversations/panels/log.html", context, status=422 if refusal else 200)


@asked_or_done
@permission_required(ConversationPermission.SERVE)
def tell(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Write down what the customer was told. (D018, D665)"""
    found = visible(request, conversation_id)
    form = TellForm(request.POST or None, initial={"way": _usual_way(found)})
    dialog = Dialog(
        title=_("Customer told: %s") % shown_name(found.customer, request.user),
        text=_("How far it is, or the answer: what was said, how, and when stay on record."),
        url=reverse("conversations:tell", args=[found.pk]),
        submit=_("Write down"),
        changes=CHANGED,
    )
    return act_in_dialog(
        request,
        dialog,
        form,
        lambda: tell_customer(found.pk, **form.cleaned_data, by=request.user, at=timezone.now()),
        _("It is on record."),
    )


def _usual_way(found: Conversation) -> str:
    return Conversation.Channel.PHONE if found.is_closed else found.channel
