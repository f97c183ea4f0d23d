"""Promises of an answer: kept running by what is said, and heard of when they come near or are missed."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwen.accounts.queries import system_staff
from shouwen.conversations.events import (
    CallBackOwed,
    ConversationBecameMessage,
    ConversationClosed,
    ConversationEvent,
    LinesPosted,
)
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.clocks import (
    drop_reply_clock,
    keep_reply_clocks,
    start_reply_clock,
)
from shouwen.conversations.queries.board import supervisors_of
from shouwen.conversations.queries.clocks import REPLY, SUBJECT
from shouwen.core.bus import When, handles
from shouwen.core.clock import now
from shouwen.core.live import Nudge, nudge_all
from shouwen.deadlines.events import DeadlineEvent, DeadlineMissed, DeadlineNear
from shouwen.notices.kinds import register_kind
from shouwen.notices.operations import Message, notify_staff

REPLY_NEAR = register_kind("conversations.reply_near", gettext_lazy("An answer is due soon"))
REPLY_MISSED = register_kind("conversations.reply_missed", gettext_lazy("An answer is overdue"))


@handles(LinesPosted, when=When.IN_TRANSACTION)
def run_reply_clocks(event: LinesPosted) -> None:
    """The customer's words start the promise, the agent's keep it."""
    keep_reply_clocks(event.lines, at=now())


@handles(ConversationBecameMessage, when=When.IN_TRANSACTION)
def promise_for_a_message(event: ConversationBecameMessage) -> None:
    """A message left is answered within its time."""
    start_reply_clock(event.conversation_id, at=now())


@handles(ConversationClosed, CallBackOwed, when=When.IN_TRANSACTION)
def end_reply_clock(event: ConversationEvent) -> None:
    """What ended is not waited for; where a call is owed, that call has its own time."""
    keeps_writing = isinstance(event, CallBackOwed) and event.reason == "message"
    if not keeps_writing:
        drop_reply_clock(event.conversation_id, at=now())


def _is_reply(event: DeadlineEvent) -> bool:
    return event.about_kind == SUBJECT and event.kind == REPLY


@handles(DeadlineNear, when=When.AS_JOB, only=_is_reply)
def warn_of_reply(event: DeadlineEvent) -> None:
    """Who has it is told that the answer is due soon; where nobody has it, who leads."""
    talk = Conversation.objects.select_related("queue").get(pk=event.about_id)
    told = {talk.handler_id} if talk.handler_id else set(supervisors_of(talk.queue))
    _tell(told, talk, event, kind=REPLY_NEAR.code, words=_("An answer is due soon: %s"))


@handles(DeadlineMissed, when=When.AS_JOB, only=_is_reply)
def tell_of_missed_reply(event: DeadlineEvent) -> None:
    """Who has it, who was asked first, and who leads learn that the answer is overdue."""
    talk = Conversation.objects.select_related("queue").get(pk=event.about_id)
    told = {talk.handler_id, talk.first_responder_id, *supervisors_of(talk.queue)}
    _tell(told, talk, event, kind=REPLY_MISSED.code, words=_("An answer is overdue: %s"))


@handles(DeadlineNear, DeadlineMissed, when=When.AFTER_COMMIT)
def show_clock(event: DeadlineEvent) -> None:
    """Lists show the change."""
    if not _is_reply(event):
        return
    talk = Conversation.objects.only("pk", "department_id", "handler_id").get(pk=event.about_id)
    nudges = [Nudge(f"department:{talk.department_id}", "conversation", talk.pk)]
    if talk.handler_id:
        nudges.append(Nudge(f"staff:{talk.handler_id}", "conversation", talk.pk))
    nudge_all(nudges)


def _tell(
    staff_ids: Iterable[int | None],
    talk: Conversation,
    event: DeadlineEvent,
    *,
    kind: str,
    words: str,
) -> None:
    about = talk.subject or talk.last_line_text
    notify_staff(
        [one for one in staff_ids if one],
        message=Message(
            kind=kind,
            text=words % f"{talk.number} {about[:80]}",
            url=f"/workspace/{talk.pk}",
            subject_kind=SUBJECT,
            subject_id=talk.pk,
            key=f"{kind}:{event.deadline_id}",
        ),
        at=timezone.now(),
        by=system_staff(),
    )
