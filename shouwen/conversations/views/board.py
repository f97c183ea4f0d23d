"""The supervisor's live board."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shouwen.accounts.decorators import StaffRequest, permission_required
from shouwen.accounts.permissions import AccountsPermission
from shouwen.conversations.models import Conversation
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.board import board_now
from shouwen.conversations.queries.workspace import Wanted, page_of_tab

SHOWN = 12


@require_safe
@permission_required(ConversationPermission.SUPERVISE)
def board(request: StaffRequest) -> HttpResponse:
    """Queues, people and waits as they are now; asked with HTMX, only the figures."""
    at, staff = timezone.now(), request.user
    waiting, _more = page_of_tab("waiting", staff, Wanted(), at=at, size=SHOWN)
    slow, _more = page_of_tab("others", staff, Wanted(is_slow=True), at=at, size=SHOWN)
    context = {
        "board": board_now(staff, at=at),
        "waiting": waiting,
        "slow": slow,
        "may_see_phones": staff.may(AccountsPermission.SEE_PRIVATE_DETAILS),
        "states": Conversation.State,
    }
    name = "conversations/board.html"
    if request.headers.get("HX-Request"):
        name += "#now"
    return render(request, name, context)
