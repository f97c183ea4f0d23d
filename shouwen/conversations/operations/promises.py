"""Promised calls: a time was named to the customer, and it is kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.models import CallBack, Conversation
from shouwen.conversations.operations.tasks import owe_call_back
from shouwen.conversations.permissions import ConversationPermission
from shouwen.core.errors import Refused


@transaction.atomic
def promise_call_back(
    conversation_id: int, *, due_at: datetime, note: str, by: Staff, at: datetime
) -> CallBack:
    """Whoever promises owes this customer a call at `due_at`; an open promise is moved to it. (D359)

    Refuses a time that has passed.
    """
    require(by, ConversationPermission.SERVE)
    if due_at <= at:
        raise Refused(_("Please name a time that is still to come."))
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation_id)
    reason = CallBack.Reason.PROMISED
    task = owe_call_back(conversation, reason=reason, owner=by, at=at, due_at=due_at)
    task.owner, task.due_at, task.note = by, due_at, note.strip()[:300]
    task.save(update_fields=["owner", "due_at", "note", "updated_at"])
    return task
