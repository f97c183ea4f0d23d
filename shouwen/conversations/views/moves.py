"""Who has a conversation: claim, transfer, take over, join, return, end."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.accounts.models import Staff
from shouwen.conversations.forms.moves import ReasonForm, TransferForm
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.serving import (
    claim_conversation,
    close_conversation,
    join_conversation,
    return_to_queue,
    take_over_conversation,
    transfer_to_queue,
    transfer_to_staff,
)
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.contacts import colleagues_to_serve, queues_to_transfer_to
from shouwen.conversations.views.changes import CHANGED, changed
from shouwen.conversations.views.workspace import head_context, open_context, visible
from shouwen.core.errors import Refused
from shouwen.customers.queries import shown_name
from shouwen.ui.dialogs import Dialog, act_in_dialog

asked_or_done = require_http_methods(["GET", "HEAD", "POST"])


def _head(request: StaffRequest, conversation_id: int, *, refusal: str = "") -> HttpResponse:
    """The head after a move without questions; 422 with why it was refused."""
    context = head_context(request, conversation_id, refusal=refusal)
    status = 422 if refusal else 200
    response = render(request, "conversations/head.html", context, status=status)
    return response if refusal else changed(response)


@require_POST
@permission_required(ConversationPermission.SERVE)
def claim(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Take a waiting conversation; of many who try, one has it."""
    visible(request, conversation_id)
    try:
        claim_conversation(conversation_id, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _head(request, conversation_id, refusal=str(refusal))
    return _head(request, conversation_id)


@require_POST
@permission_required(ConversationPermission.SUPERVISE)
def join(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Look in and speak; everybody sees that one did."""
    visible(request, conversation_id)
    join_conversation(conversation_id, by=request.user)
    return render(request, "conversations/open.html", open_context(request, conversation_id))


@require_POST
@permission_required(ConversationPermission.SUPERVISE)
def close(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """End it without a summary."""
    visible(request, conversation_id)
    close_conversation(conversation_id, by=request.user, at=timezone.now())
    return _head(request, conversation_id)


@asked_or_done
@permission_required(ConversationPermission.SERVE)
def transfer(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """To a person or a group, with a reason."""
    found = visible(request, conversation_id)
    people = colleagues_to_serve(except_id=found.handler_id)
    queues = queues_to_transfer_to()
    form = TransferForm(request.POST or None, people=people, queues=queues)
    dialog = Dialog(
        title=_("Transfer %s") % shown_name(found.customer, request.user),
        text=_("The first responder keeps the name on it and hears how it goes on."),
        url=reverse("conversations:transfer", args=[conversation_id]),
        submit=_("Transfer"),
        changes=CHANGED,
        template="conversations/dialogs/transfer.html",
        more={"people": people, "queues": queues, "conversation": found},
    )
    return act_in_dialog(
        request, dialog, form, lambda: _transfer(request, found, form), _("Transferred.")
    )


def _transfer(request: StaffRequest, found: Conversation, form: TransferForm) -> None:
    to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
    by, at = request.user, timezone.now()
    if isinstance(to, Staff):
        transfer_to_staff(found.pk, to=to, reason=reason, by=by, at=at)
    else:
        transfer_to_queue(found.pk, queue=to, reason=reason, by=by, at=at)


@asked_or_done
@permission_required(ConversationPermission.SUPERVISE)
def take_over(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """A supervisor takes it from its handler, with a reason."""
    found = visible(request, conversation_id)
    form = ReasonForm(request.POST or None)
    dialog = Dialog(
        title=_("Take over %s") % shown_name(found.customer, request.user),
        text=_("The colleague who serves now is told, and keeps reading rights."),
        url=reverse("conversations:take_over", args=[conversation_id]),
        submit=_("Take over"),
        changes=CHANGED,
    )
    return act_in_dialog(
        request, dialog, form, lambda: _take_over(request, found, form), _("It is yours.")
    )


def _take_over(request: StaffRequest, found: Conversation, form: ReasonForm) -> None:
    reason = form.cleaned_data["reason"]
    take_over_conversation(found.pk, reason=reason, by=request.user, at=timezone.now())


@asked_or_done
@permission_required(ConversationPermission.SERVE)
def give_back(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Back to the queue, with a reason."""
    found = visible(request, conversation_id)
    form = ReasonForm(request.POST or None)
    dialog = Dialog(
        title=_("Return to the queue"),
        text=_("The customer waits again and is given to whoever is free."),
        url=reverse("conversations:return", args=[conversation_id]),
        submit=_("Return"),
        changes=CHANGED,
    )
    return act_in_dialog(
        request, dialog, form, lambda: _give_back(request, found, form), _("Returned.")
    )


def _give_back(request: StaffRequest, found: Conversation, form: ReasonForm) -> None:
    reason = form.cleaned_data["reason"]
    return_to_queue(found.pk, reason=reason, by=request.user, at=timezone.now())
