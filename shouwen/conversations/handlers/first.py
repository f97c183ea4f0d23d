"""Who was asked first stays in the loop: he hears of every step, and is reminded to tell the customer."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import (
    ConversationClaimed,
    ConversationClosed,
    ConversationEvent,
    ConversationQueued,
    ConversationTransferred,
    CustomerTold,
)
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.progress import meet_progress_clock, run_progress_clock
from shouwen.conversations.queries.clocks import SUBJECT
from shouwen.conversations.workflow import PROGRESS
from shouwen.core.bus import When, handles
from shouwen.core.clock import now
from shouwen.deadlines.events import DeadlineEvent, DeadlineMissed, DeadlineNear
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff

STEP = register_kind("conversations.step", gettext_lazy("A step in a matter I was asked first"))
INFORM = register_kind(
    "conversations.inform", gettext_lazy("I should tell a customer how far it is")
)


@handles(
    ConversationTransferred,
    ConversationQueued,
    ConversationClaimed,
    ConversationClosed,
    when=When.IN_TRANSACTION,
)
def run_with_others(event: ConversationEvent) -> None:
    """The clock runs while others have it, and ends when it is his again or over."""
    if isinstance(event, ConversationClaimed) and event.from_staff_id is None:
        return
    run_progress_clock(event.conversation_id, at=now())


@handles(CustomerTold, when=When.IN_TRANSACTION)
def told(event: CustomerTold) -> None:
    """He was told: the next time counts from now."""
    meet_progress_clock(event.conversation_id, is_final=event.is_final, at=now())


def _is_progress(event: DeadlineEvent) -> bool:
    return event.about_kind == SUBJECT and event.kind == PROGRESS


@handles(DeadlineNear, DeadlineMissed, when=When.AS_JOB, only=_is_progress)
def remind_first_responder(event: DeadlineEvent) -> None:
    """Who was asked first is reminded to tell the customer how far it is. (D665)"""
    talk = Conversation.objects.get(pk=event.about_id)
    late = isinstance(event, DeadlineMissed)
    words = _("%s is with others: the customer has not heard how far it is.")
    _tell(talk, words % talk.number, kind=INFORM.code, key=f"inform:{event.deadline_id}:{late}")


def _is_step(event: ConversationEvent) -> bool:
    """What routing gives away is heard of with the transfer that put it there."""
    return not isinstance(event, ConversationClaimed) or event.from_staff_id is not None


@handles(ConversationClaimed, ConversationClosed, CustomerTold, when=When.AS_JOB, only=_is_step)
def tell_of_a_step(event: ConversationEvent) -> None:
    """Each step somebody else takes is told to who was asked first. (D665)"""
    talk = Conversation.objects.get(pk=event.conversation_id)
    if talk.first_responder_id in {None, event.by_id, talk.handler_id}:
        return
    by = Staff.objects.filter(pk=event.by_id or 0).first()
    words = {
        ConversationClaimed: _("%(name)s has taken %(number)s over."),
        ConversationClosed: _("%(name)s has ended %(number)s."),
        CustomerTold: _("%(name)s has told the customer of %(number)s."),
    }[type(event)]
    name = by.public_name if by else _("The system")
    _tell(talk, words % {"name": name, "number": talk.number}, kind=STEP.code)


def _tell(talk: Conversation, text: str, *, kind: str, key: str = "") -> None:
    if talk.first_responder_id is None:
        return
    notify_staff(
        [talk.first_responder_id],
        message=Message(
            kind=kind,
            text=text,
            url=f"/workspace/{talk.pk}",
            subject_kind=SUBJECT,
            subject_id=talk.pk,
            key=key,
        ),
        at=timezone.now(),
        by=system_staff(),
    )
