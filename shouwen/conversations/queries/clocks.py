"""How soon an answer is promised, and which promises run."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.conversations.models import Conversation, Queue, ReplyTime
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.conversations.workflow import FAULT_REPLY_MINUTES, REPLY_MINUTES
from shouwen.deadlines.models import WorkCalendar
from shouwen.deadlines.queries import ALWAYS, calendar_by_code, default_calendar

SUBJECT = "conversation"
REPLY = "reply"


def has_reply_clock(channel: str, state: str) -> bool:
    """Whether an answer is promised here: everywhere but in a chat or call that goes on now."""
    if channel == Conversation.Channel.CHAT:
        return state == Conversation.State.MESSAGE
    return channel in REPLY_MINUTES


def reply_minutes(queue: Queue, channel: str) -> int:
    """Working minutes within which `channel` is answered in this queue.

    What the queue says, else what a fault intake promises, else what holds for all queues.
    """
    asked = ReplyTime.objects.filter(Q(queue=queue) | Q(queue=None), channel=channel)
    rows: dict[int | None, int] = {one.queue_id: one.minutes for one in asked}
    if queue.pk in rows:
        return rows[queue.pk]
    common = rows.get(None) or REPLY_MINUTES[channel]
    return min(common, FAULT_REPLY_MINUTES) if queue.is_fault_intake else common


def calendars_of(queue: Queue) -> Iterator[WorkCalendar]:
    """The calendars on which promises of this queue are counted; each only if the one before fails."""
    if queue.calendar:
        yield queue.calendar
    elif default := default_calendar():
        yield default
    if always := calendar_by_code(ALWAYS):
        yield always


def replies_due(staff: Staff) -> QuerySet[Conversation]:
    """Conversations in which an answer is promised, the most urgent first in `reply_due_at`."""
    return visible_conversations(staff).live().filter(reply_due_at__isnull=False)


@dataclass(frozen=True, kw_only=True)
class ReplyTimeCell:
    """One cell of the settings page: what is set (or nothing) and what holds without it."""

    name: str
    channel: str
    minutes: int | None
    otherwise: int


@dataclass(frozen=True, kw_only=True)
class ReplyTimeRow:
    """The promises of one queue, or those that hold for all (`queue` is None)."""

    queue: Queue | None
    cells: list[ReplyTimeCell]


def reply_time_rows() -> list[ReplyTimeRow]:
    """The settings page: a row for all queues, then one for each active queue."""
    kept = {(one.queue_id, one.channel): one.minutes for one in ReplyTime.objects.all()}
    rows = []
    queues: list[Queue | None] = [None, *Queue.objects.filter(is_active=True).order_by("name")]
    for queue in queues:
        cells = [
            ReplyTimeCell(
                name=f"{queue.pk if queue else 0}-{channel}",
                channel=channel,
                minutes=kept.get((queue.pk if queue else None, channel)),
                otherwise=_otherwise(queue, channel, kept),
            )
            for channel in REPLY_MINUTES
        ]
        rows.append(ReplyTimeRow(queue=queue, cells=cells))
    return rows


def _otherwise(queue: Queue | None, channel: str, kept: dict[tuple[int | None, str], int]) -> int:
    if queue is None:
        return REPLY_MINUTES[channel]
    common = kept.get((None, channel)) or REPLY_MINUTES[channel]
    return min(common, FAULT_REPLY_MINUTES) if queue.is_fault_intake else common
