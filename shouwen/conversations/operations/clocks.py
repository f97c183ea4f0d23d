"""The promise of an answer: started when a customer waits, kept by the answer. (D109, D164, D613)"""

from collections.abc import Collection, Mapping, Sequence
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
    start_deadlines,
)


def start_reply_clock(conversation_id: int, *, at: datetime) -> Deadline | None:
    """An answer is promised, None where none is; as for many at once."""
    return start_reply_clocks([conversation_id], at=at).get(conversation_id)


@transaction.atomic
def start_reply_clocks(ids: Collection[int], *, at: datetime) -> dict[int, Deadline]:
    """An answer is promised, counted in working minutes from when each customer began to wait.

    A promise that runs is not moved. None is made in a chat or call under way.
    """
    together: dict[tuple[int, str, datetime], list[Conversation]] = {}
    rows = Conversation.objects.filter(pk__in=ids).only(
        "channel", "state", "waiting_since", "queue"
    )
    for one in rows.prefetch_related("queue__calendar").order_by("pk"):
        if has_reply_clock(one.channel, one.state):
            since = one.waiting_since or at
            together.setdefault((one.queue_id, one.channel, since), []).append(one)
    started: dict[int, Deadline] = {}
    for (_queue, channel, since), group in together.items():
        minutes = reply_minutes(group[0].queue, channel)
        started |= run_clocks(group, kind=REPLY, minutes=minutes, at=since)
    _write_due(started)
    return started


def _write_due(started: dict[int, Deadline]) -> None:
    by_due: dict[datetime, list[int]] = {}
    for pk, deadline in started.items():
        by_due.setdefault(deadline.due_at, []).append(pk)
    for due_at, group in by_due.items():
        Conversation.objects.filter(pk__in=group).update(reply_due_at=due_at)


def run_clocks(
    conversations: Sequence[Conversation], *, kind: str, minutes: int, at: datetime
) -> dict[int, Deadline]:
    """A clock of this kind runs for each of these, of one queue, on the calendar of the queue.

    Around the clock if that never opens: a customer's words are never lost because a calendar has
    no hours.
    """
    ids = [one.pk for one in conversations]
    for calendar in calendars_of(conversations[0].queue):
        promise = Promise(
            calendar=calendar, minutes=minutes, warn_minutes=minutes - int(minutes * WARN_AFTER)
        )
        try:
            return start_deadlines(SUBJECT, ids, kind=kind, promise=promise, at=at)
        except CalendarNeverOpen:
            continue
    return {}


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
    start_reply_clocks(waiting, at=at)


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
