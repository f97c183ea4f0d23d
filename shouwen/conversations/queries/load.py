"""Who can take one more: presence, load and who knows the customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from shouwen.accounts.models import PresenceState, Staff
from shouwen.conversations.models import Conversation, Queue
from shouwen.conversations.workflow import KNOWN_AGENT_DAYS, SLOW_CHANNEL_LIMIT

OPEN = Conversation.State.OPEN
CHAT = Conversation.Channel.CHAT
LOAD_COLUMNS = ("chats", "slow", "last_claim_at")


def chats_served(staff: Staff) -> int:
    """How many live chats this person serves now."""
    return Conversation.objects.filter(handler=staff, state=OPEN, channel=CHAT).count()


@dataclass
class Candidate:
    """A member of staff who is there, with what he serves now."""

    staff: Staff
    chats: int
    slow: int
    last_claim_at: datetime | None

    def has_room(self, *, is_chat: bool) -> bool:
        """Whether one more is within his limit."""
        if is_chat:
            return self.chats < self.staff.reception_limit
        return self.slow < SLOW_CHANNEL_LIMIT

    def rank(self, *, is_chat: bool) -> tuple[float, float, int]:
        """Least loaded first, then whoever has waited longest for work."""
        if is_chat:
            load = self.chats / max(1, self.staff.reception_limit)
        else:
            load = self.slow / SLOW_CHANNEL_LIMIT
        since = self.last_claim_at.timestamp() if self.last_claim_at else 0.0
        return (load, since, self.staff.pk)


def somebody_is_there() -> bool:
    """Whether any member of a queue is online: at night nobody need look through all who wait."""
    return Staff.objects.filter(
        is_active=True, presence__state=PresenceState.ONLINE, queues__is_active=True
    ).exists()


def candidates(queues: Iterable[Queue]) -> dict[int, list[Candidate]]:
    """For each queue, its members who are online, with their load. Two queries, however many."""
    queue_ids = [queue.pk for queue in queues]
    members = (
        Staff.objects.filter(
            is_active=True, presence__state=PresenceState.ONLINE, queues__in=queue_ids
        )
        .annotate(
            chats=Count(
                "handled_conversations",
                filter=Q(handled_conversations__state=OPEN, handled_conversations__channel=CHAT),
                distinct=True,
            ),
            slow=Count(
                "handled_conversations",
                filter=Q(handled_conversations__state=OPEN)
                & ~Q(handled_conversations__channel=CHAT),
                distinct=True,
            ),
            last_claim_at=Max(
                "handled_conversations__claimed_at", filter=Q(handled_conversations__state=OPEN)
            ),
        )
        .order_by("pk")
        .distinct()
    )
    found = {
        member.pk: Candidate(member, *(getattr(member, name) for name in LOAD_COLUMNS))
        for member in members
    }
    memberships = Queue.members.through.objects.filter(
        queue_id__in=queue_ids, staff_id__in=found
    ).values_list("queue_id", "staff_id")
    by_queue: dict[int, list[Candidate]] = {queue_id: [] for queue_id in queue_ids}
    for queue_id, staff_id in memberships:
        by_queue[queue_id].append(found[staff_id])
    return by_queue


def known_agents(customer_ids: Iterable[int], *, at: datetime) -> dict[int, int]:
    """Who served each customer last, within thirty days (熟客优先)."""
    recent = (
        Conversation.objects.filter(
            customer_id__in=set(customer_ids),
            handler__isnull=False,
            claimed_at__gte=at - timedelta(days=KNOWN_AGENT_DAYS),
        )
        .order_by("customer_id", "-claimed_at")
        .distinct("customer_id")
        .values_list("customer_id", "handler_id")
    )
    return {customer: handler for customer, handler in recent if handler is not None}
