"""Which conversations a person sees, and the lists of the workspace."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from shouwen.accounts.models import Staff
from shouwen.conversations.models import (
    CallBack,
    Conversation,
    ConversationQuerySet,
    HarassmentMark,
    Line,
    LinePiece,
    Queue,
    SummaryPoint,
)
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.workflow import MANY_TIMES, REPEAT_DAYS


def visible_conversations(staff: Staff) -> ConversationQuerySet:
    """What this person may read: his own, those of his queues, and those of the departments in reach."""
    own = (
        Q(handler=staff)
        | Q(first_responder=staff)
        | Q(queue__in=Queue.members.through.objects.filter(staff=staff).values("queue"))
    )
    if staff.is_system:
        return Conversation.objects.all()
    if not any(staff.may(name) for name in ConversationPermission):
        return Conversation.objects.none()
    departments = staff.reach_departments()
    return Conversation.objects.filter(own | Q(department__in=departments))


def with_names(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """With everything a list row shows, in one query."""
    return conversations.select_related(
        "customer", "handler", "first_responder", "queue", "department", "visitor"
    )


def my_conversations(staff: Staff) -> ConversationQuerySet:
    """What this person serves now."""
    return visible_conversations(staff).open().filter(handler=staff)


def waiting_conversations(staff: Staff) -> ConversationQuerySet:
    """What waits for somebody in the queues this person serves or supervises."""
    return visible_conversations(staff).queued()


def left_messages(staff: Staff) -> ConversationQuerySet:
    """Messages left with this person, and those that nobody owns."""
    messages = visible_conversations(staff).filter(state=Conversation.State.MESSAGE)
    if staff.may(ConversationPermission.SUPERVISE):
        return messages
    return messages.filter(Q(handler=staff) | Q(handler__isnull=True))


def open_conversations_of_others(staff: Staff) -> ConversationQuerySet:
    """What colleagues in reach serve now, for whoever supervises."""
    return visible_conversations(staff).open().exclude(handler=staff)


def unsolved_points(staff: Staff) -> QuerySet[SummaryPoint]:
    """Points raised and not yet solved: they stand on every day's list until they are. (D157)"""
    points = SummaryPoint.objects.filter(solved_at__isnull=True, wrap_up__is_draft=False)
    if not staff.may(ConversationPermission.SUPERVISE):
        points = points.filter(owner=staff)
    else:
        points = points.filter(wrap_up__conversation__in=visible_conversations(staff))
    return points.select_related("wrap_up__conversation__customer", "owner").order_by(
        "raised_at", "pk"
    )


def call_backs_owed(staff: Staff) -> QuerySet[CallBack]:
    """Calls this person, or nobody yet, owes; all in reach for whoever supervises. (D154)"""
    owed = CallBack.objects.filter(done_at__isnull=True)
    if staff.may(ConversationPermission.SUPERVISE):
        owed = owed.filter(Q(department__in=staff.reach_departments()) | Q(owner=staff))
    else:
        mine = Q(owner__isnull=True, department=staff.department)
        owed = owed.filter(Q(owner=staff) | mine)
    return owed.select_related("customer", "conversation", "owner").order_by("due_at", "pk")


def workspace_counts(staff: Staff) -> dict[str, int]:
    """The figures on the tabs of the workspace, in four queries."""
    states = Conversation.State
    counts = (
        visible_conversations(staff)
        .live()
        .aggregate(
            mine=Count("pk", filter=Q(state=states.OPEN, handler=staff)),
            waiting=Count("pk", filter=Q(state=states.QUEUED)),
            others=Count("pk", filter=Q(state=states.OPEN) & ~Q(handler=staff)),
            due=Count("pk", filter=Q(reply_due_at__isnull=False)),
        )
    )
    counts["messages"] = left_messages(staff).count()
    counts["unsolved"] = unsolved_points(staff).count()
    counts["call_backs"] = call_backs_owed(staff).count()
    return counts


def earlier_contacts(conversation: Conversation) -> QuerySet[Conversation]:
    """What this customer talked about before, newest first."""
    return (
        Conversation.objects.filter(
            customer_id=conversation.customer_id, opened_at__lt=conversation.opened_at
        )
        .select_related("handler", "wrap_up")
        .order_by("-opened_at")
    )


def contact_count(conversation: Conversation) -> int:
    """The how-manieth contact of this customer within thirty days this is; 1 is the first. (D356, D358)"""
    since = conversation.opened_at - timedelta(days=REPEAT_DAYS)
    return earlier_contacts(conversation).filter(opened_at__gte=since).count() + 1


def comes_many_times(count: int) -> bool:
    """Whether to prepare the call back from the history first. (D359)"""
    return count >= MANY_TIMES


def harassment_of(customer_id: int) -> HarassmentMark | None:
    """The warning about this customer that stands, if any. (D539, D540)"""
    return (
        HarassmentMark.objects.filter(customer_id=customer_id, lifted_at__isnull=True)
        .select_related("by")
        .first()
    )


def standing_harassment_marks() -> QuerySet[HarassmentMark]:
    """The list of callers who harass, with the rule how to handle each. (D540)"""
    return (
        HarassmentMark.objects.filter(lifted_at__isnull=True)
        .select_related("customer", "by")
        .order_by("-created_at")
    )


def lines_with(staff: Staff, words: str) -> QuerySet[Line]:
    """Lines that hold all of `words`, in conversations this person may read, newest first.

    Exact substrings of two Chinese characters or more; recalled lines are left out.
    """
    found = (
        Line.objects.filter(recalled_at__isnull=True)
        .filter(search__words=words)
        .select_related("conversation__customer", "author")
        .defer("search")
    )
    if not _sees_everything(staff):
        found = found.filter(conversation__in=visible_conversations(staff))
    return found.order_by("-pk")


def long_lines_with(staff: Staff, words: str) -> QuerySet[Line]:
    """The same for the later pieces of very long lines."""
    # Not qualified: inside another query Django gives this table an alias.
    pieces = LinePiece.objects.filter(search__words=words)
    found = Line.objects.filter(pk__in=pieces.values("line"), recalled_at__isnull=True)
    if not _sees_everything(staff):
        found = found.filter(conversation__in=visible_conversations(staff))
    return found.select_related("conversation__customer", "author").defer("search").order_by("-pk")


def _sees_everything(staff: Staff) -> bool:
    return staff.reach == "all" and staff.may(ConversationPermission.SERVE)


def unanswered_waits(staff: Staff) -> list[dict[str, object]]:
    """Whom this person owes an answer, longest first: `id`, `since` (ISO), `limit` in seconds.

    Where an answer is promised by a certain time (mail), that time counts and not these seconds.
    The screen counts on from it, so that the alarm rises without another request.
    """
    rows = (
        my_conversations(staff)
        .unanswered()
        .filter(reply_due_at__isnull=True)
        .order_by("waiting_since")
        .values_list("pk", "waiting_since", "queue__slow_after_seconds")
    )
    return [
        {"id": pk, "since": since.isoformat(), "limit": limit} for pk, since, limit in rows if since
    ]
