"""The promise of an answer: started when a customer waits, kept by the answer. (D109, D164, D613)"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.conversations.events import PostedLine, ReplyTimesChanged
from shouwen.conversations.models import Conversation, Line, Queue, ReplyTime
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.clocks import (
    REPLY,
    SUBJECT,
    calendars_of,
    has_reply_clock,
    reply_minutes,
)
from shouwen.conversations.workflow import WARN_AFTER
from shouwen.core.bus import publish
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import (
    CalendarNeverOpen,
    Promise,
    cancel_deadline,
    meet_deadline,
    start_deadline,
)


@transaction.atomic
def start_reply_clock(conversation_id: int, *, at: datetime) -> Deadline | None:
    """An answer is promised, counted in working minutes from when the customer began to wait.

    A promise that runs is not moved. None where none is made: a chat or call under way.
    """
    conversation = Conversation.objects.select_related("queue__calendar").get(pk=conversation_id)
    if not has_reply_clock(conversation.channel, conversation.state):
        return None
    minutes = reply_minutes(conversation.queue, conversation.channel)
    deadline = run_clock(
        conversation, kind=REPLY, minutes=minutes, at=conversation.waiting_since or at
    )
    if deadline:
        Conversation.objects.filter(pk=conversation.pk).update(reply_due_at=deadline.due_at)
    return deadline


def run_clock(
    conversation: Conversation, *, kind: str, minutes: int, at: datetime
) -> Deadline | None:
    """A clock of this kind runs on the calendar of the queue; around the clock if that never opens.

    A customer's words are never lost because a calendar has no hours.
    """
    for calendar in calendars_of(conversation.queue):
        promise = Promise(
            calendar=calendar, minutes=minutes, warn_minutes=minutes - int(minutes * WARN_AFTER)
        )
        try:
            return start_deadline(SUBJECT, conversation.pk, kind=kind, promise=promise, at=at)
        except CalendarNeverOpen:
            continue
    return None


@transaction.atomic
def meet_reply_clock(conversation_id: int, *, at: datetime, by: Staff | None = None) -> None:
    """The promised answer was given, perhaps late."""
    meet_deadline(SUBJECT, conversation_id, kind=REPLY, at=at, by=by)
    Conversation.objects.filter(pk=conversation_id).update(reply_due_at=None)


@transaction.atomic
def drop_reply_clock(conversation_id: int, *, at: datetime, by: Staff | None = None) -> None:
    """No answer is owed any more: it ended, or a call is owed instead."""
    cancel_deadline(SUBJECT, conversation_id, kind=REPLY, at=at, by=by)
    Conversation.objects.filter(pk=conversation_id).update(reply_due_at=None)


def keep_reply_clocks(lines: list[PostedLine], *, at: datetime) -> None:
    """What these lines mean for promises: the customer's start one, the agent's keep it.

    Costs nothing for a chat under way. What a machine wrote (a note of absence) starts none.
    """
    answered = {line.conversation_id for line in lines if _answers(line)}
    for pk in answered:
        meet_reply_clock(pk, at=at)
    said = {line.line_id: line.conversation_id for line in lines if _waits(line)}
    waiting = set(said.values()) - answered
    if not waiting:
        return
    by_machine = Line.objects.filter(pk__in=said, meta__automatic__gt="")
    waiting -= {said[pk] for pk in by_machine.values_list("pk", flat=True)}
    for pk in waiting:
        start_reply_clock(pk, at=at)


def _answers(line: PostedLine) -> bool:
    return line.has_clock and line.kind == Line.Kind.AGENT


def _waits(line: PostedLine) -> bool:
    is_asked = line.kind == Line.Kind.CUSTOMER and not line.has_clock
    return is_asked and has_reply_clock(line.channel, Conversation.State.OPEN)


@transaction.atomic
def save_reply_times(times: Mapping[tuple[int | None, str], int | None], *, by: Staff) -> None:
    """These are the promises, by queue (None: all) and channel; None takes one away.

    Promises that run already keep their time.
    """
    require(by, ConversationPermission.CONFIGURE)
    for (queue_id, channel), minutes in times.items():
        queue = Queue.objects.get(pk=queue_id) if queue_id else None
        if minutes:
            ReplyTime.objects.update_or_create(
                queue=queue, channel=channel, defaults={"minutes": minutes}
            )
        else:
            ReplyTime.objects.filter(queue=queue, channel=channel).delete()
    publish(ReplyTimesChanged(by_id=by.pk))
