"""Promises of an answer: how soon, letter frames, first answers measured, answering by phone."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.conversations.forms.replies import CallForm, MailDeskForm, ReplyTimesForm
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.clocks import save_reply_times
from shouwen.conversations.operations.desks import save_mail_desk
from shouwen.conversations.operations.phone import answer_by_phone
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.clocks import reply_time_rows
from shouwen.conversations.queries.letters import desk_or_standard, desks
from shouwen.conversations.queries.responses import first_responses
from shouwen.conversations.views.changes import CHANGED
from shouwen.conversations.views.moves import asked_or_done
from shouwen.conversations.views.workspace import visible
from shouwen.conversations.workflow import REPLY_MINUTES
from shouwen.core.clock import local_day
from shouwen.core.errors import Refused
from shouwen.core.http import whole_number
from shouwen.customers.queries import customer_card, shown_name
from shouwen.mailroom.models import Mailbox
from shouwen.ui.dialogs import Dialog, act_in_dialog

asked_or_saved = require_http_methods(["GET", "HEAD", "POST"])
SPANS = (1, 7, 30)


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def reply_times(request: StaffRequest) -> HttpResponse:
    """How soon each channel is answered, for all queues and for each; and the mailboxes. (D109, D164)"""
    form = ReplyTimesForm(request.POST or None, rows=reply_time_rows())
    if request.method == "POST" and form.is_valid():
        save_reply_times(form.times(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("conversations:reply_times")
    channels = [channel_label(one) for one in REPLY_MINUTES]
    context = {"form": form, "channels": channels, "desks": desks()}
    status = 422 if form.errors else 200
    return render(request, "conversations/settings/replies.html", context, status=status)


def channel_label(channel: str) -> str:
    """The channel as the page names it: what is promised for a chat is promised for a message left."""
    is_chat = channel == Conversation.Channel.CHAT
    return _("Left message") if is_chat else str(Conversation.Channel(channel).label)


@asked_or_saved
@permission_required(ConversationPermission.CONFIGURE)
def mail_desk(request: StaffRequest, mailbox_id: int) -> HttpResponse:
    """Where mail of one mailbox goes and how its answers are framed. (D109, D613)"""
    mailbox = get_object_or_404(Mailbox.objects.select_related("desk"), pk=mailbox_id)
    form = MailDeskForm(request.POST or None, instance=desk_or_standard(mailbox))
    if request.method == "POST" and form.is_valid():
        try:
            save_mail_desk(form.save(commit=False), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("conversations:reply_times")
    context = {"form": form, "mailbox": mailbox}
    status = 422 if form.errors else 200
    return render(request, "conversations/settings/mail_desk.html", context, status=status)


@require_safe
@permission_required(ConversationPermission.SERVE)
def responses(request: StaffRequest) -> HttpResponse:
    """Quickest, median and slowest first answer by queue, channel and day. (D613)"""
    given = whole_number(request.GET.get("days"))
    days = given if given in SPANS else SPANS[1]
    today = local_day(timezone.now())
    rows = first_responses(request.user, first_day=today - timedelta(days=days - 1), last_day=today)
    faults = [one for one in rows if one.is_fault_intake]
    context = {"rows": rows, "faults": faults, "days": days, "spans": SPANS}
    return render(request, "conversations/responses.html", context)


@asked_or_done
@permission_required(ConversationPermission.SERVE)
def phone_answer(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Call instead of writing; the call counts as the answer. (D164)"""
    found = visible(request, conversation_id)
    form = CallForm(request.POST or None)
    card = customer_card(found.customer, request.user)
    dialog = Dialog(
        title=_("Answer by phone: %s") % shown_name(found.customer, request.user),
        url=reverse("conversations:phone_answer", args=[found.pk]),
        submit=_("Write down the call"),
        changes=CHANGED,
        template="conversations/dialogs/phone.html",
        more={
            "card": card,
            "phones": [one for one in card.contacts if one.point.kind == "phone"],
        },
    )
    return act_in_dialog(
        request,
        dialog,
        form,
        lambda: answer_by_phone(found.pk, call=form.call(), by=request.user, at=timezone.now()),
        _("The call is written down."),
    )
