"""Which conversations a person sees, and the lists of the workspace."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import CharField, Count, Q, QuerySet, Value

from shouwen.accounts.models import Role, Staff
from shouwen.conversations.models import (
    CallBack,
    Conversation,
    ConversationQuerySet,
    HarassmentMark,
    Queue,
    SummaryPoint,
)
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.workflow import FEEDBACK, MANY_TIMES, REPEAT_DAYS
from shouwen.core.clock import day_bounds, local_day
from shouwen.core.counting import counts_of
from shouwen.deadlines.models import Deadline


@dataclass(frozen=True)
class Near:
    """The queues somebody serves and the departments in his reach, by id.

    As ids the planner knows how many conversations are theirs, and takes the right index.
    """

    queues: list[int]
    departments: list[int]


def _near(staff: Staff) -> Near:
    queues = Queue.members.through.objects.filter(staff=staff).values_list(
        "queue_id", Value("queue", output_field=CharField())
    )
    departments = staff.reach_departments().values_list(
        "pk", Value("department", output_field=CharField())
    )
    found = list(queues.union(departments, all=True))
    return Near(
        queues=sorted(pk for pk, kind in found if kind == "queue"),
        departments=sorted(pk for pk, kind in found if kind == "department"),
    )


def visible_conversations(staff: Staff) -> ConversationQuerySet:
    """What this person may read: his own, those of his queues, and those of the departments in reach."""
    if staff.is_system:
        return Conversation.objects.all()
    if not any(staff.may(name) for name in ConversationPermission):
        return Conversation.objects.none()
    if staff.reach == Role.Reach.ALL:
        return Conversation.objects.all()
    near = staff.read_once("conversations.near", lambda: _near(staff))
    own = Q(handler=staff) | Q(first_responder=staff)
    return Conversation.objects.filter(
        own | Q(queue__in=near.queues) | Q(department__in=near.departments)
    )


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


def first_asked_open(staff: Staff) -> ConversationQuerySet:
    """Matters this person was asked first and that others have, until the customer has his answer.

    Still under way, with points unsolved, or with the customer still to be told. (D437, D665)
    """
    owed = Deadline.objects.running().filter(subject_kind="conversation", kind=FEEDBACK)
    is_open = ~Q(state=Conversation.State.CLOSED) | Q(has_unsolved_points=True)
    is_open |= Q(pk__in=owed.values("subject_id"))
    with_others = Q(handler__isnull=True) | ~Q(handler=staff)
    return visible_conversations(staff).filter(with_others & is_open, first_responder=staff)


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


def workspace_counts(staff: Staff, *, most: int | None = None) -> dict[str, int]:
    """The figures on the tabs of the workspace, in one query; with `most`, counted no further."""
    return counts_of(
        {
            "mine": my_conversations(staff),
            "waiting": waiting_conversations(staff),
            "others": open_conversations_of_others(staff),
            "first": first_asked_open(staff),
            "due": visible_conversations(staff).live().filter(reply_due_at__isnull=False),
            "messages": left_messages(staff),
            "unsolved": unsolved_points(staff),
            "call_backs": call_backs_owed(staff),
        },
        most=most,
    )


def earlier_contacts(conversation: Conversation) -> QuerySet[Conversation]:
    """What this customer talked about before, newest first."""
    return (
        Conversation.objects.filter(
            customer_id=conversation.customer_id, opened_at__lt=conversation.opened_at
        )
        .select_related("handler", "wrap_up__kind")
        .order_by("-opened_at")
    )


def contact_counts(conversation: Conversation) -> tuple[int, int]:
    """The how-manieth contact of this customer this is within thirty days, and on its own day.

    1 is the first. (D356, D358)
    """
    since = conversation.opened_at - timedelta(days=REPEAT_DAYS)
    midnight = day_bounds(local_day(conversation.opened_at))[0]
    counted = (
        Conversation.objects.filter(
            customer_id=conversation.customer_id,
            opened_at__lt=conversation.opened_at,
            opened_at__gte=since,
        )
        .order_by()
        .aggregate(all=Count("pk"), today=Count("pk", filter=Q(opened_at__gte=midnight)))
    )
    return counted["all"] + 1, counted["today"] + 1


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


def queues_in_sight(staff: Staff) -> QuerySet[Queue]:
    """Active queues whose conversations this person may read, the default one first."""
    queues = Queue.objects.filter(is_active=True)
    if staff.reach != Role.Reach.ALL:
        near = staff.read_once("conversations.near", lambda: _near(staff))
        queues = queues.filter(Q(pk__in=near.queues) | Q(department__in=near.departments))
    return queues.order_by("-is_default", "name")
