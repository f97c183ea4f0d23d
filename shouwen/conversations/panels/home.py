"""What conversations put on the home page: what waits for me, what was missed, the team now."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.models import PresenceState
from shouwen.conversations.models import CallBack, Conversation, SummaryPoint
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.board import Board, board_now
from shouwen.conversations.queries.home import (
    answers_owed,
    call_backs_today,
    missed_call_backs,
    missed_replies,
    points_carried,
)
from shouwen.conversations.templatetags.conversations_shown import channel_icon
from shouwen.core.slots import panel
from shouwen.customers.queries import shown_name
from shouwen.ui.cards import WAITING_MOST, Waiting

ASKED = WAITING_MOST + 1


@panel("home.waiting", order=10)
def what_waits_for_me(request: StaffRequest) -> list[Waiting]:
    """Answers I owe, points carried from earlier days, calls due today."""
    staff, at = request.user, timezone.now()
    if not staff.may(ConversationPermission.SERVE):
        return []
    return [
        *(_answer(request, one) for one in answers_owed(staff)[:ASKED]),
        *(_point(request, one) for one in points_carried(staff, at=at)[:ASKED]),
        *(_call(request, one) for one in call_backs_today(staff, at=at)[:ASKED]),
    ]


@panel("home.missed", order=10)
def what_colleagues_missed(request: StaffRequest) -> list[Waiting]:
    """Promised answers and calls of others that are overdue, for who leads."""
    staff, at = request.user, timezone.now()
    if not staff.may(ConversationPermission.SUPERVISE):
        return []
    return [
        *(_answer(request, one) for one in missed_replies(staff, at=at)[:ASKED]),
        *(_call(request, one) for one in missed_call_backs(staff, at=at)[:ASKED]),
    ]


def _address(conversation_id: int, tab: str = "") -> str:
    address = reverse("conversations:conversation", args=[conversation_id])
    return f"{address}?tab={tab}" if tab else address


def _answer(request: StaffRequest, one: Conversation) -> Waiting:
    return Waiting(
        key=f"conversation-{one.pk}",
        what=one.get_channel_display(),
        icon=channel_icon(one.channel),
        title=shown_name(one.customer, request.user),
        text=one.subject or one.last_line_text,
        url=_address(one.pk),
        at=one.reply_due_at or one.waiting_since or one.opened_at,
        is_due=one.reply_due_at is not None,
        late_after=getattr(one, "slow_after", 0),
        who=one.handler.public_name if one.handler else _("nobody yet"),
    )


def _point(request: StaffRequest, one: SummaryPoint) -> Waiting:
    talk = one.wrap_up.conversation
    return Waiting(
        key=f"point-{one.pk}",
        what=_("Carried over"),
        icon="checklist",
        title=shown_name(talk.customer, request.user),
        text=one.text,
        url=_address(talk.pk, "unsolved"),
        at=one.raised_at,
    )


def _call(request: StaffRequest, one: CallBack) -> Waiting:
    return Waiting(
        key=f"call-{one.pk}",
        what=_("Call back"),
        icon="phone-call",
        title=shown_name(one.customer, request.user),
        text=one.note or one.get_reason_display(),
        url=_address(one.conversation_id, "call_backs"),
        at=one.due_at,
        is_due=True,
        who=one.owner.public_name if one.owner else _("nobody yet"),
    )


@panel("home.blocks", order=10)
def team_now(request: StaffRequest) -> SafeString | None:
    """The queues in reach with who waits and who is there, and the people by presence."""
    if not request.user.may(ConversationPermission.SUPERVISE):
        return None
    board = board_now(request.user, at=timezone.now())
    context = {"board": board, "groups": _by_presence(board)}
    return render_to_string("conversations/panels/team.html", context, request)


def _by_presence(board: Board) -> list[dict[str, Any]]:
    groups = [
        {"state": state, "people": [one for one in board.people if one.state == state]}
        for state in PresenceState
    ]
    return [one for one in groups if one["people"]]
