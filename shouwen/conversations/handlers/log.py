"""The contact log: a call made is told to the customer; who must tell him is reminded."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import (
    CallBackDone,
    ContactAsked,
    ConversationEvent,
    CustomerTold,
    PointMarked,
    PointSolved,
)
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.log import count_call_as_feedback
from shouwen.conversations.queries.board import supervisors_of
from shouwen.conversations.queries.clocks import SUBJECT
from shouwen.conversations.workflow import FEEDBACK
from shouwen.core.bus import When, handles
from shouwen.core.live import Nudge, nudge_all
from shouwen.deadlines.events import DeadlineEvent, DeadlineMissed, DeadlineNear
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff

TELL = register_kind("conversations.tell", gettext_lazy("A customer must be told"))


@handles(CallBackDone, when=When.IN_TRANSACTION)
def a_call_tells_the_customer(event: CallBackDone) -> None:
    """What was said in the call is what the customer was told; final when nothing is unsolved."""
    by = Staff.objects.get(pk=event.by_id) if event.by_id else system_staff()
    count_call_as_feedback(event.call_back_id, by=by)


def _is_feedback(event: DeadlineEvent) -> bool:
    return event.about_kind == SUBJECT and event.kind == FEEDBACK


@handles(DeadlineNear, DeadlineMissed, when=When.AS_JOB, only=_is_feedback)
def remind_to_tell(event: DeadlineEvent) -> None:
    """Who was asked first and who has it are reminded to tell the customer; late, who leads as well."""
    talk = Conversation.objects.select_related("queue").get(pk=event.about_id)
    told = {talk.first_responder_id, talk.handler_id}
    is_late = isinstance(event, DeadlineMissed)
    if is_late:
        told |= set(supervisors_of(talk.queue))
    words = (
        _("%s: the customer should have been told by now.")
        if is_late
        else _("%s: please tell the customer how it stands.")
    )
    notify_staff(
        [one for one in told if one],
        message=Message(
            kind=TELL.code,
            text=words % talk.number,
            url=f"/workspace/{talk.pk}",
            subject_kind=SUBJECT,
            subject_id=talk.pk,
            key=f"tell:{event.deadline_id}:{is_late}",
        ),
        at=timezone.now(),
        by=system_staff(),
    )


@handles(PointSolved, when=When.AS_JOB)
def remind_when_all_is_solved(event: PointSolved) -> None:
    """With the last point solved the customer is to be told: his first responder learns of it."""
    talk = Conversation.objects.get(pk=event.conversation_id)
    if talk.has_unsolved_points or talk.feedback.filter(is_final=True).exists():
        return
    told = {talk.first_responder_id, talk.handler_id} - {event.by_id}
    notify_staff(
        [one for one in told if one],
        message=Message(
            kind=TELL.code,
            text=_("%s is solved: please tell the customer.") % talk.number,
            url=f"/workspace/{talk.pk}",
            subject_kind=SUBJECT,
            subject_id=talk.pk,
            key=f"solved:{event.point_id}",
        ),
        at=timezone.now(),
        by=system_staff(),
    )


@handles(ContactAsked, PointMarked, CustomerTold, when=When.AFTER_COMMIT)
def show_log(event: ConversationEvent) -> None:
    """The side of the conversation shows it."""
    nudge_all([Nudge(f"conversation:{event.conversation_id}", "changed", event.conversation_id)])
