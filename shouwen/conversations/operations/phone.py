"""Calling instead of writing: a conversation is answered by phone. (D164)"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import AnsweredByPhone
from shouwen.conversations.models import CallBack, Conversation, Line
from shouwen.conversations.operations.clocks import meet_reply_clock
from shouwen.conversations.operations.contacts import Contact, record_contact
from shouwen.conversations.operations.lines import NewLine, post_line
from shouwen.conversations.operations.log import write_feedback
from shouwen.conversations.operations.serving import announce, give_to, lock
from shouwen.conversations.operations.tasks import owe_call_back
from shouwen.conversations.operations.wrapups import Point, Summary, finish_wrap_up
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.refusals import ConversationIsClosed, NotTheHandler
from shouwen.core.errors import Refused

State = Conversation.State
PHONE_ANSWER = "phone_answer"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call made to answer what was written: whether he was reached and what was said."""

    is_reached: bool
    answer: str
    words: str = ""


@transaction.atomic
def answer_by_phone(conversation_id: int, *, call: Call, by: Staff, at: datetime) -> Conversation:
    """The customer was called: the call is a contact of its own, linked to what it answers.

    Reached, it counts as the answer: the promise is kept. Not reached, a call back is owed.
    Refuses without words on it, a closed conversation, and who does not have it. (D164)
    """
    require(by, ConversationPermission.SERVE)
    conversation = lock(conversation_id)
    if conversation.is_closed:
        raise ConversationIsClosed(conversation.number)
    if conversation.handler_id not in {None, by.pk} and not by.may(
        ConversationPermission.SUPERVISE
    ):
        raise NotTheHandler
    if not call.answer.strip():
        raise Refused(_("Please say how the call went."))
    if conversation.state in {State.QUEUED, State.MESSAGE}:
        give_to(conversation, by, how="called", at=at)
    made = _write_down(conversation, call, by=by, at=at)
    _note(conversation, call, made, by=by, at=at)
    conversation.refresh_from_db()
    if call.is_reached:
        _count_as_answer(conversation, call.answer, by=by, at=at)
        announce(AnsweredByPhone, conversation, call_id=made.pk, by_id=by.pk)
    else:
        owe_call_back(conversation, reason=CallBack.Reason.PROMISED, owner=by, at=at)
    return made


def _write_down(conversation: Conversation, call: Call, *, by: Staff, at: datetime) -> Conversation:
    subject = conversation.subject or conversation.last_line_text
    contact = Contact(
        channel=Conversation.Channel.PHONE,
        direction=Conversation.Direction.OUTBOUND,
        words=call.words.strip()
        or _("Call about %(number)s: %(subject)s")
        % {"number": conversation.number, "subject": subject},
        answer=call.answer,
        outcome=Conversation.Outcome.ANSWERED,
        continues_id=conversation.pk,
    )
    made = record_contact(
        contact, by=by, at=at, queue=conversation.queue, customer=conversation.customer
    )
    summary = Summary(
        kind="other", demand=contact.words, points=(Point(text=contact.words, is_solved=True),)
    )
    finish_wrap_up(made.pk, summary=summary, by=by, at=at)
    return made


def _note(
    conversation: Conversation, call: Call, made: Conversation, *, by: Staff, at: datetime
) -> None:
    words = _("Answered by phone: %s") if call.is_reached else _("Called, not reached: %s")
    post_line(
        NewLine(
            conversation_id=conversation.pk,
            kind=Line.Kind.NOTE,
            text=words % call.answer.strip(),
            by=by,
            meta={"code": PHONE_ANSWER, "call": made.pk},
        ),
        at=at,
    )


def _count_as_answer(conversation: Conversation, answer: str, *, by: Staff, at: datetime) -> None:
    conversation.first_answered_at = conversation.first_answered_at or at
    conversation.waiting_since = None
    conversation.outcome = Conversation.Outcome.ANSWERED
    conversation.save(update_fields=["first_answered_at", "waiting_since", "outcome", "updated_at"])
    meet_reply_clock(conversation.pk, at=at, by=by)
    write_feedback(
        conversation, way=Conversation.Channel.PHONE, text=answer, is_final=True, by=by, at=at
    )
