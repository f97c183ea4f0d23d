"""Whose matter was handed on hears how far it is: the clock of the first responder. (D665)"""

from datetime import datetime

from django.db import transaction

from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.clocks import run_clocks
from shouwen.conversations.queries.clocks import SUBJECT
from shouwen.conversations.workflow import PROGRESS, PROGRESS_MINUTES
from shouwen.deadlines.operations import cancel_deadline, meet_deadline


@transaction.atomic
def run_progress_clock(conversation_id: int, *, at: datetime) -> None:
    """While others have it, its first responder tells the customer how far it is, again and again."""
    talk = Conversation.objects.select_related("queue__calendar").get(pk=conversation_id)
    is_with_others = talk.first_responder_id and talk.handler_id != talk.first_responder_id
    if is_with_others and not talk.is_closed:
        run_clocks([talk], kind=PROGRESS, minutes=PROGRESS_MINUTES, at=at)
    else:
        cancel_deadline(SUBJECT, conversation_id, kind=PROGRESS, at=at)


@transaction.atomic
def meet_progress_clock(conversation_id: int, *, is_final: bool, at: datetime) -> None:
    """The customer was told; if that was not yet the answer, the next time is counted from now."""
    meet_deadline(SUBJECT, conversation_id, kind=PROGRESS, at=at)
    if not is_final:
        run_progress_clock(conversation_id, at=at)
