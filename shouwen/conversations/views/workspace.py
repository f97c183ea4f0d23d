"""The workspace: the list, the open conversation, its head and its side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.accounts.queries import presence_state
from shouwen.conversations.filters import wanted_of, whole
from shouwen.conversations.models import Conversation
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.contacts import lookers_on, meeting_of, transfer_reason
from shouwen.conversations.queries.conversations import (
    queues_in_sight,
    unanswered_waits,
    visible_conversations,
    workspace_counts,
)
from shouwen.conversations.queries.letters import frame_of
from shouwen.conversations.queries.load import chats_served
from shouwen.conversations.queries.workspace import (
    TABS,
    Wanted,
    call_back_rows,
    page_of_tab,
    point_rows,
)
from shouwen.conversations.views.threadtexts import thread_config
from shouwen.core.counting import SHOWN_MOST
from shouwen.customers.queries import shown_name
from shouwen.exports.queries import may_export

Context = dict[str, Any]
PAGE, MOST = 30, 180
TASK_TABS = ("unsolved", "call_backs")


@require_safe
@permission_required(ConversationPermission.SERVE)
def workspace(request: StaffRequest) -> HttpResponse:
    """The list with nothing open."""
    context = {**list_context(request), "config": thread_config(request.user), "is_bare": True}
    return render(request, "conversations/workspace.html", context)


@require_safe
@permission_required(ConversationPermission.SERVE)
def conversation(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """One conversation, with the list beside it; asked with HTMX, without the list."""
    context = open_context(request, conversation_id)
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "conversations/open.html", context)
    context |= {**list_context(request), "config": thread_config(request.user)}
    return render(request, "conversations/workspace.html", context)


@require_safe
@permission_required(ConversationPermission.SERVE)
def rows(request: StaffRequest) -> HttpResponse:
    """The tabs and rows of the list, as the filters say."""
    return render(request, "conversations/list.html", list_context(request))


@require_safe
@permission_required(ConversationPermission.SERVE)
def head(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """The head of an open conversation; who may read it no more is sent back to the list."""
    if not visible_conversations(request.user).filter(pk=conversation_id).exists():
        return HttpResponseClientRedirect(reverse("conversations:workspace"))
    return render(request, "conversations/head.html", head_context(request, conversation_id))


@require_safe
@permission_required(ConversationPermission.SERVE)
def side(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """What stands beside an open conversation."""
    found = visible(request, conversation_id)
    return render(request, "conversations/side.html", {"conversation": found})


def visible(request: StaffRequest, conversation_id: int) -> Conversation:
    """The conversation, if this person may read it; else 404."""
    rows_of = visible_conversations(request.user).select_related(
        "customer", "handler", "first_responder", "queue", "visitor__site", "department"
    )
    return get_object_or_404(rows_of, pk=conversation_id)


def head_context(request: StaffRequest, conversation_id: int, *, refusal: str = "") -> Context:
    """What the head needs."""
    staff, found = request.user, visible(request, conversation_id)
    supervises = staff.may(ConversationPermission.SUPERVISE)
    on_lookers = lookers_on(found)
    has_it = found.handler_id == staff.pk and found.state == Conversation.State.OPEN
    has_joined = supervises and staff in on_lookers
    owns = staff.pk in {found.handler_id, found.first_responder_id}
    return {
        "conversation": found,
        "name": shown_name(found.customer, staff),
        "meeting": meeting_of(found),
        "today": meeting_of(found).today,
        "transfer": transfer_reason(found),
        "lookers": [one for one in on_lookers if one.pk != staff.pk],
        "has_it": has_it,
        "may_claim": found.handler_id is None and not found.is_closed,
        "may_hand_over": (has_it or supervises) and not found.is_closed,
        "may_supervise": supervises,
        "may_join": supervises and not has_it and not has_joined and not found.is_closed,
        "may_answer": (has_it or has_joined or _owns_message(found, staff.pk))
        and not found.is_closed,
        "may_call": not found.is_closed and (found.handler_id in {None, staff.pk} or supervises),
        "may_sum_up": owns or supervises,
        "may_mark": staff.may(ConversationPermission.MARK_HARASSING),
        "refusal": refusal,
    }


def _owns_message(found: Conversation, staff_id: int) -> bool:
    return found.state == Conversation.State.MESSAGE and found.handler_id == staff_id


def open_context(request: StaffRequest, conversation_id: int) -> Context:
    """What the open conversation needs; `?line=` marks a line in it."""
    jump = request.GET.get("line", "")
    context = head_context(request, conversation_id)
    if context["conversation"].channel == Conversation.Channel.MAIL and context["may_answer"]:
        context["frame"] = frame_of(
            context["conversation"], request.user, at=timezone.now(), name=context["name"]
        )
    return {
        **context,
        "jump": jump if jump.isdigit() else "",
        "recall_url": reverse("conversations:recall", args=[0]),
    }


def list_context(request: StaffRequest) -> Context:
    """What the list needs: the tab, its rows, the counts, the filters."""
    staff, at, given = request.user, timezone.now(), request.GET
    supervises = staff.may(ConversationPermission.SUPERVISE)
    known = [*TABS, *TASK_TABS]
    tab = given.get("tab", "")
    tab = tab if tab in known and (tab != "others" or supervises) else "mine"
    size = whole(given.get("size")) or PAGE
    size, after = max(1, min(MOST, size)), given.get("after", "")
    wanted = wanted_of(given.dict(), at=at)
    shown, next_cursor = _page(tab, request, wanted, after=after, size=size)
    return {
        "tab": tab,
        "tabs": _tabs(workspace_counts(staff, most=SHOWN_MOST), supervises=supervises),
        "rows": shown,
        "opens": reverse("conversations:conversation", args=[0])[:-1],
        "staff_id": staff.pk,
        "next_cursor": next_cursor,
        "size": size,
        "larger": min(MOST, size + PAGE) if next_cursor and size < MOST and not after else 0,
        "wanted": wanted,
        "filters": _filters(request),
        "queues": queues_in_sight(staff),
        "channels": Conversation.Channel.choices,
        "presence": presence_state(staff),
        "waits": unanswered_waits(staff),
        "chats": chats_served(staff),
        "may_export": may_export(staff, "contacts"),
        "may_record": staff.may(ConversationPermission.RECORD),
        "may_configure": staff.may(ConversationPermission.CONFIGURE),
        "may_supervise": supervises,
        "at": at,
    }


def _page(
    tab: str, request: StaffRequest, wanted: Wanted, *, after: str, size: int
) -> tuple[list[Any], str]:
    staff, at = request.user, timezone.now()
    if tab == "call_backs":
        return call_back_rows(staff, at=at, after=after, size=size)
    if tab == "unsolved":
        return point_rows(staff, at=at, after=after, size=size)
    return page_of_tab(tab, staff, wanted, at=at, after=after, size=size)


FILTERS = (
    "day",
    "state",
    "channel",
    "queue",
    "handler",
    "customer",
    "slow",
    "unanswered",
    "hours",
    "q",
)


def _filters(request: StaffRequest) -> str:
    """The filters as they stand in the address, to be carried on."""
    query = request.GET.copy()
    for name in list(query):
        if name not in FILTERS or not query[name]:
            del query[name]
    return query.urlencode()


def _tabs(counts: dict[str, int], *, supervises: bool) -> list[Context]:
    tabs: list[Context] = [
        {"name": "mine", "label": _("Mine"), "count": counts["mine"]},
        {"name": "waiting", "label": _("Waiting"), "count": counts["waiting"], "tone": "late"},
        {"name": "due", "label": _("To answer"), "count": counts["due"]},
        {"name": "first", "label": _("First asked, with others"), "count": counts["first"]},
        {"name": "messages", "label": _("Left messages"), "count": counts["messages"]},
        {"name": "unsolved", "label": _("Unsolved"), "count": counts["unsolved"]},
        {"name": "call_backs", "label": _("Call backs"), "count": counts["call_backs"]},
        {"name": "others", "label": _("Colleagues"), "count": counts["others"]},
        {"name": "all", "label": _("All"), "count": ""},
    ]
    shown = [one for one in tabs if supervises or one["name"] != "others"]
    return [one for one in shown if one["name"] != "first" or one["count"]]
