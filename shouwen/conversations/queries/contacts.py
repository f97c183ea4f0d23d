"""How often a customer came, what was said before, and how to meet him now."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from shouwen.accounts.models import PresenceState, Staff
from shouwen.accounts.queries import presence_state
from shouwen.accounts.roles import ALL_POWERFUL
from shouwen.conversations.events import ConversationJoined, ConversationTransferred
from shouwen.conversations.models import CallBack, Conversation, Queue, SummaryPoint, WrapUp
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.conversations import (
    comes_many_times,
    contact_counts,
    earlier_contacts,
)
from shouwen.conversations.workflow import MANY_TIMES
from shouwen.core.history import history_of

EARLIER_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """The how-manieth contact this is, in thirty days and today, and what it asks. (D356, D358, D359)"""

    count: int
    today: int
    before: Conversation | None
    earlier: list[Conversation]
    open_points: list[SummaryPoint]

    @property
    def is_first(self) -> bool:
        """Ask in detail, solve, write down."""
        return self.count == 1

    @property
    def is_many(self) -> bool:
        """Read the history first; call back prepared, at a promised time."""
        return comes_many_times(self.count)

    @property
    def many_from(self) -> int:
        """From which contact on a caller comes many times."""
        return MANY_TIMES

    @property
    def last_demand(self) -> str:
        """What the customer wanted last time, as it was summed up or said."""
        if self.before is None:
            return ""
        wrap_up = getattr(self.before, "wrap_up", None)
        demand: str = wrap_up.demand if wrap_up else ""
        return demand or self.before.last_line_text


def meeting_of(conversation: Conversation) -> Meeting:
    """How to meet the customer of this conversation, in three queries, asked once for a loaded row."""
    known: Meeting | None = conversation.__dict__.get("_meeting")
    if known is None:
        known = conversation.__dict__["_meeting"] = _read_meeting(conversation)
    return known


def _read_meeting(conversation: Conversation) -> Meeting:
    earlier = list(earlier_contacts(conversation)[:EARLIER_SHOWN])
    points = (
        SummaryPoint.objects.filter(
            wrap_up__conversation__customer=conversation.customer_id,
            wrap_up__is_draft=False,
            solved_at__isnull=True,
        )
        .select_related("owner")
        .order_by("raised_at", "pk")[:EARLIER_SHOWN]
    )
    count, today = contact_counts(conversation)
    return Meeting(
        count=count,
        today=today,
        before=earlier[0] if earlier else None,
        earlier=earlier,
        open_points=list(points),
    )


def open_call_backs_of(customer_id: int) -> QuerySet[CallBack]:
    """Calls that are owed to this customer, the most urgent first."""
    return (
        CallBack.objects.filter(customer_id=customer_id, done_at__isnull=True)
        .select_related("owner", "conversation")
        .order_by("due_at", "pk")
    )


def wrap_up_of(conversation: Conversation) -> WrapUp | None:
    """The summary of this conversation, draft or finished, if one was begun; asked once for a loaded row."""
    if "_wrap_up" not in conversation.__dict__:
        rows = WrapUp.objects.filter(conversation=conversation).select_related("kind", "by")
        conversation.__dict__["_wrap_up"] = rows.prefetch_related("points").first()
    known: WrapUp | None = conversation.__dict__["_wrap_up"]
    return known


def lookers_on(conversation: Conversation) -> list[Staff]:
    """Supervisors who looked into this conversation since it was claimed: nobody listens unseen."""
    joined = history_of("conversation", conversation.pk).filter(
        name=ConversationJoined.event_name()
    )
    if conversation.claimed_at:
        joined = joined.filter(at__gte=conversation.claimed_at)
    ids = set(joined.values_list("by_id", flat=True))
    return list(Staff.objects.filter(pk__in=ids).order_by("sort_key", "pk")) if ids else []


def transfer_reason(conversation: Conversation) -> tuple[str, str]:
    """Who handed it over last, and why; two empty texts if its first responder still has it."""
    if conversation.handler_id == conversation.first_responder_id:
        return "", ""
    facts = history_of("conversation", conversation.pk)
    fact = facts.filter(name=ConversationTransferred.event_name()).first()
    if fact is None:
        return "", ""
    by = Staff.objects.filter(pk=fact.by_id).first()
    return by.public_name if by else "", fact.payload["reason"]


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody a conversation may be handed to, with what he does and serves now."""

    staff: Staff
    state: str
    chats: int

    @property
    def is_there(self) -> bool:
        """Whether he would see it at once."""
        return self.state == PresenceState.ONLINE

    @property
    def is_full(self) -> bool:
        """Whether he serves as many as he may."""
        return self.chats >= self.staff.reception_limit

    @property
    def presence(self) -> str:
        """His presence in words."""
        return str(PresenceState(self.state).label)

    @property
    def tone(self) -> str:
        """The colour of his presence."""
        return PresenceState(self.state).tone


def colleagues_to_serve(*, except_id: int | None) -> list[Colleague]:
    """Everybody who may serve customers: those who are there first, the least loaded first."""
    is_open_chat = Q(handled_conversations__state=Conversation.State.OPEN) & Q(
        handled_conversations__channel=Conversation.Channel.CHAT
    )
    people = (
        Staff.objects.active()
        .people()
        .filter(pk__in=who_may_serve().values("pk"))
        .exclude(pk=except_id or 0)
        .select_related("presence", "department")
        .annotate(chats=Count("handled_conversations", filter=is_open_chat, distinct=True))
        .order_by("sort_key", "pk")
    )
    found = [
        Colleague(staff=one, state=presence_state(one), chats=getattr(one, "chats", 0))
        for one in people
    ]
    order = list(PresenceState.values)
    return sorted(found, key=lambda one: (order.index(one.state), one.is_full, one.chats))


def who_may_serve() -> QuerySet[Staff]:
    """Active people whose role lets them serve customers."""
    held = Q(roles__permissions__contains=[ConversationPermission.SERVE.value])
    held |= Q(roles__code__in=ALL_POWERFUL)
    return Staff.objects.active().people().filter(held).distinct()


def queues_to_transfer_to() -> QuerySet[Queue]:
    """Active queues with the number waiting (`waiting`) and of members online (`there`)."""
    is_waiting = Q(conversations__state=Conversation.State.QUEUED)
    is_there = Q(members__presence__state=PresenceState.ONLINE)
    return (
        Queue.objects.filter(is_active=True)
        .annotate(
            waiting=Count("conversations", filter=is_waiting, distinct=True),
            there=Count("members", filter=is_there, distinct=True),
        )
        .order_by("-is_default", "name")
    )
