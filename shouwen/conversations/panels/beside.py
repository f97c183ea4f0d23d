"""What conversations put on pages of others, and beside their own."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.models import Staff
from shouwen.conversations.models import Conversation, WrapUp
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.contacts import (
    meeting_of,
    open_call_backs_of,
    wrap_up_of,
)
from shouwen.conversations.queries.conversations import (
    call_backs_owed,
    harassment_of,
    my_conversations,
    visible_conversations,
    waiting_conversations,
)
from shouwen.conversations.queries.figures import contact_figures
from shouwen.conversations.queries.search import found_lines
from shouwen.conversations.queries.workspace import customers_of_conversations
from shouwen.core.slots import panel
from shouwen.customers.models import Customer
from shouwen.customers.queries import also_visible
from shouwen.mailroom.queries.figures import ChannelFigures
from shouwen.ui.navigation import RailItem

FOUND_SHOWN = 5
CONTACTS_SHOWN = 10


@also_visible
def whom_i_serve(staff: Staff) -> Q:
    """The files of those who are being served now."""
    return Q(pk__in=customers_of_conversations(staff).values("pk"))


def _render(request: StaffRequest, name: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(f"conversations/panels/{name}.html", context, request)


@panel("workspace.sidebar", order=1)
def harassment_beside(request: StaffRequest, talk: Conversation) -> SafeString | None:
    """The warning about this customer, and the rule how to handle him. (D539, D540)"""
    mark = harassment_of(talk.customer_id)
    if mark is None:
        return None
    may_lift = request.user.may(ConversationPermission.MARK_HARASSING)
    return _render(request, "harassment", {"mark": mark, "may_lift": may_lift})


@panel("workspace.sidebar", order=5)
def meeting_beside(request: StaffRequest, talk: Conversation) -> SafeString | None:
    """How to meet this customer: the first time, again, or once more. (D356, D358, D359)"""
    if talk.is_closed:
        return None
    context = {"meeting": meeting_of(talk), "conversation": talk}
    return _render(request, "meeting", context)


@panel("workspace.sidebar", order=14)
def log_beside(request: StaffRequest, talk: Conversation) -> SafeString | None:
    """What it is about, what must be asked, what was heard and told; it comes by itself. (D018, D019)"""
    staff = request.user
    if staff.pk not in {talk.handler_id, talk.first_responder_id} and not staff.may(
        ConversationPermission.SUPERVISE
    ):
        return None
    return _render(request, "loglater", {"conversation": talk})


@panel("workspace.sidebar", order=15)
def wrap_up_beside(request: StaffRequest, talk: Conversation) -> SafeString | None:
    """The summary, or the reminder that one was begun. (D149)"""
    wrap_up: WrapUp | None = wrap_up_of(talk)
    if wrap_up is None:
        return None
    return _render(request, "wrapup", {"wrap_up": wrap_up, "conversation": talk})


@panel("workspace.sidebar", order=20)
def call_backs_beside(request: StaffRequest, talk: Conversation) -> SafeString | None:
    """Calls owed to this customer. (D154)"""
    owed = list(open_call_backs_of(talk.customer_id))
    if not owed:
        return None
    mine = set(call_backs_owed(request.user).values_list("pk", flat=True)) if owed else set()
    return _render(request, "callbacks", {"owed": owed, "mine": mine, "at": timezone.now()})


@panel("workspace.sidebar", order=60)
def earlier_beside(request: StaffRequest, talk: Conversation) -> SafeString:
    """What this customer talked about before."""
    context = {"meeting": meeting_of(talk), "conversation": talk}
    return _render(request, "earlier", context)


@panel("customer.page", order=20)
def contacts_of_customer(request: StaffRequest, customer: Customer) -> SafeString | None:
    """What was talked about with this customer, as far as this person may read it."""
    rows = (
        visible_conversations(request.user)
        .filter(customer=customer)
        .select_related("handler", "wrap_up__kind")
        .order_by("-opened_at")
    )
    shown = list(rows[: CONTACTS_SHOWN + 1])
    if not shown:
        return None
    context = {
        "rows": shown[:CONTACTS_SHOWN],
        "has_more": len(shown) > CONTACTS_SHOWN,
        "customer": customer,
    }
    return _render(request, "contacts", context)


@panel("search.results", order=20)
def lines_found(request: StaffRequest, words: str) -> SafeString | None:
    """Lines that hold the words, and the way to all of them."""
    if not request.user.may(ConversationPermission.SERVE):
        return None
    page = found_lines(request.user, words, size=FOUND_SHOWN)
    if not page.rows:
        return None
    return _render(request, "found", {"found": page, "words": words})


@panel("rail", order=10)
def workspace_item(request: StaffRequest) -> RailItem | None:
    """The way to the workspace, with how many wait for an answer of mine or for anybody."""
    staff = request.user
    if not staff.may(ConversationPermission.SERVE):
        return None
    return RailItem(
        name="workspace",
        label=_("Workspace"),
        url=reverse("conversations:workspace"),
        icon="messages",
        waiting=(my_conversations(staff).unanswered(), waiting_conversations(staff)),
        shortcut="g w",
    )


@panel("rail", order=15)
def call_backs_item(request: StaffRequest) -> RailItem | None:
    """The way to the calls owed."""
    if not request.user.may(ConversationPermission.SERVE):
        return None
    return RailItem(
        name="call_backs",
        label=_("Call backs"),
        url=reverse("conversations:workspace") + "?tab=call_backs",
        icon="phone-call",
        waiting=(call_backs_owed(request.user),),
    )


@panel("rail", order=18)
def voices_item(request: StaffRequest) -> RailItem | None:
    """The way to the report of needs and opinions, for who leads."""
    if not request.user.may(ConversationPermission.SUPERVISE):
        return None
    return RailItem(
        name="voices",
        label=_("Needs and opinions"),
        url=reverse("conversations:voices"),
        icon="clipboard-list",
    )


@panel("mailroom.channels", order=20)
def contacts_by_channel(
    request: StaffRequest, first_day: date, last_day: date
) -> list[ChannelFigures]:
    """What came by chat and what was written down, beside the mail."""
    rows = reverse("conversations:workspace")
    figures = contact_figures(request.user, first_day=first_day, last_day=last_day)
    return [replace(one, rows_url=rows + one.rows_url) for one in figures]
