"""What waits for one person, and what was missed in a leader's reach, the oldest first."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from shouwen.accounts.models import Staff
from shouwen.conversations.models import CallBack, Conversation, ConversationQuerySet, SummaryPoint
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.core.clock import day_bounds, local_day

State = Conversation.State


def answers_owed(staff: Staff) -> QuerySet[Conversation]:
    """What this person has and owes an answer in: by the promised time, else by how long it waits."""
    owed = Q(state=State.OPEN, waiting_since__isnull=False) | Q(state=State.MESSAGE)
    rows = visible_conversations(staff).filter(owed, handler=staff)
    since = Coalesce("reply_due_at", "waiting_since", "opened_at")
    return _shown(rows).annotate(stands_at=since).order_by("stands_at", "pk")


def points_carried(staff: Staff, *, at: datetime) -> QuerySet[SummaryPoint]:
    """Points of earlier days that this person has not solved. (D157)"""
    today = day_bounds(local_day(at))[0]
    return (
        SummaryPoint.objects.filter(owner=staff, solved_at__isnull=True, raised_at__lt=today)
        .filter(wrap_up__is_draft=False)
        .select_related("wrap_up__conversation__customer")
        .order_by("raised_at", "pk")
    )


def call_backs_today(staff: Staff, *, at: datetime) -> QuerySet[CallBack]:
    """Calls that this person, or nobody of the department yet, owes before the day is over. (D154)"""
    mine = Q(owner=staff) | Q(owner__isnull=True, department=staff.department)
    return (
        CallBack.objects.filter(mine, done_at__isnull=True, due_at__lt=day_bounds(local_day(at))[1])
        .select_related("customer", "owner")
        .order_by("due_at", "pk")
    )


def missed_replies(staff: Staff, *, at: datetime) -> ConversationQuerySet:
    """Answers promised and overdue in the reach of whoever supervises, the longest overdue first."""
    if not staff.may(ConversationPermission.SUPERVISE):
        return Conversation.objects.none()
    rows = visible_conversations(staff).live().filter(reply_due_at__lt=at)
    return _shown(rows.exclude(handler=staff)).order_by("reply_due_at", "pk")


def missed_call_backs(staff: Staff, *, at: datetime) -> QuerySet[CallBack]:
    """Calls overdue in the reach of whoever supervises, the longest overdue first."""
    if not staff.may(ConversationPermission.SUPERVISE):
        return CallBack.objects.none()
    rows = CallBack.objects.filter(department__in=staff.reach_departments(), due_at__lt=at)
    return (
        rows.filter(done_at__isnull=True)
        .exclude(owner=staff)
        .select_related("customer", "owner")
        .order_by("due_at", "pk")
    )


def _shown(rows: ConversationQuerySet) -> ConversationQuerySet:
    return rows.select_related("customer", "handler").annotate(
        slow_after=F("queue__slow_after_seconds")
    )
