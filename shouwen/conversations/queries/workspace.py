"""The list of the workspace: its tabs, and its rows with everything they show."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from shouwen.accounts.models import Staff
from shouwen.conversations.models import CallBack, Conversation, SummaryPoint
from shouwen.conversations.queries.clocks import replies_due
from shouwen.conversations.queries.conversations import (
    call_backs_owed,
    first_asked_open,
    left_messages,
    my_conversations,
    open_conversations_of_others,
    unsolved_points,
    visible_conversations,
    waiting_conversations,
)
from shouwen.core.clock import day_bounds, local_day
from shouwen.core.paging import Page, keyset_page
from shouwen.customers.models import Asset, Customer
from shouwen.customers.queries import search_customers, shown_name

State = Conversation.State
# A promise of an answer turns amber so long before it falls due, in the list.
WARN_SECONDS = 900
FEW = 300
NEWEST = ("-last_line_at", "-pk")
STANDS = {
    "waiting": Q(state=State.QUEUED),
    "handled": ~Q(state=State.QUEUED),
    "open": Q(state=State.OPEN),
}


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One list of conversations: which they are and in which order they stand."""

    name: str
    of: Callable[[Staff], QuerySet[Conversation]]
    order: tuple[str, ...] = NEWEST


TABS = {
    tab.name: tab
    for tab in (
        Tab(name="mine", of=my_conversations),
        Tab(name="waiting", of=waiting_conversations, order=("queued_at", "pk")),
        Tab(name="due", of=replies_due, order=("reply_due_at", "pk")),
        Tab(name="first", of=first_asked_open),
        Tab(name="messages", of=left_messages),
        Tab(name="others", of=open_conversations_of_others),
        Tab(name="all", of=visible_conversations),
    )
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; empty means any."""

    channel: str = ""
    queue_id: int | None = None
    handler_id: int | None = None
    words: str = ""
    is_slow: bool = False
    is_unanswered: bool = False
    opened_since: datetime | None = None
    opened_on: date | None = None
    stand: str = ""
    customer_id: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for."""
        return self != Wanted()


def conversations_of_tab(
    tab: str, staff: Staff, wanted: Wanted, *, at: datetime
) -> QuerySet[Conversation]:
    """The conversations of one tab that are wanted, all of them visible to this person."""
    rows = TABS[tab].of(staff)
    given = {
        "channel": wanted.channel,
        "queue_id": wanted.queue_id,
        "handler_id": wanted.handler_id,
        "customer_id": wanted.customer_id,
        "opened_at__gte": wanted.opened_since,
    }
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if wanted.is_slow:
        rows = Conversation.objects.slow(at).filter(pk__in=rows.values("pk"))
    if wanted.opened_on:
        start, end = day_bounds(wanted.opened_on)
        rows = rows.filter(opened_at__gte=start, opened_at__lt=end)
    if wanted.stand:
        rows = rows.filter(STANDS[wanted.stand])
    if wanted.is_unanswered:
        rows = rows.filter(first_answered_at__isnull=True)
    if wanted.words:
        rows = rows.filter(_of_whom(staff, wanted.words) | Q(number=wanted.words.upper()))
    return rows


def _of_whom(staff: Staff, words: str) -> Q:
    """Conversations of the customers with these words: by their keys, unless they are very many.

    With the keys at hand the database takes the index of customers; many are met soon anyway.
    """
    customers = search_customers(staff, words).values_list("pk", flat=True)
    few = list(customers[: FEW + 1])
    return Q(customer__in=few if len(few) <= FEW else customers)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One conversation in the list, as one person may see it."""

    conversation: Conversation
    name: str
    about: str
    place: int | None

    @property
    def reply_due_at(self) -> datetime | None:
        """When an answer is promised, where one is."""
        return None if self.conversation.is_closed else self.conversation.reply_due_at

    @property
    def warn_seconds(self) -> int:
        """So long before it falls due a promise turns amber."""
        return WARN_SECONDS

    @property
    def is_slow(self) -> bool:
        """Someone waits for an answer in it."""
        return self.conversation.waiting_since is not None and not self.conversation.is_closed

    @property
    def late_after(self) -> int:
        """The seconds of waiting after which it turns red."""
        return int(_annotated(self.conversation)["slow_after"])

    @property
    def queue_name(self) -> str:
        """The queue it came to."""
        return str(_annotated(self.conversation)["queue_name"])

    @property
    def handler_name(self) -> str:
        """Who has it; empty while nobody does."""
        return _annotated(self.conversation)["handler_name"] or ""

    @property
    def near_after(self) -> int:
        """The seconds of waiting after which it turns amber."""
        return self.late_after * 6 // 10


def page_of_tab(
    tab: str,
    staff: Staff,
    wanted: Wanted,
    *,
    at: datetime,
    after: str = "",
    size: int = 50,
) -> tuple[list[Row], str]:
    """The rows of one page and the cursor of the next, in two queries however many rows."""
    rows = _with_what_a_row_shows(conversations_of_tab(tab, staff, wanted, at=at))
    page: Page[Conversation] = keyset_page(rows, order=TABS[tab].order, after=after, size=size)
    return _rows_of(page.rows, staff), page.next_cursor


# A row shows this much of a conversation and of its customer; the rest stays in the database.
_SHOWN = (
    "channel",
    "subject",
    "state",
    "outcome",
    "is_harassing",
    "has_unsolved_points",
    "queued_at",
    "reply_due_at",
    "waiting_since",
    "last_seq",
    "staff_read_seq",
    "last_line_at",
    "last_line_text",
    "queue_id",
    "handler_id",
    *(f"customer__{name}" for name in ("number", "name", "alias", "kind", "flag", "flag_note")),
)


def _with_what_a_row_shows(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    asset = Asset.objects.filter(customer=OuterRef("customer")).order_by("pk").values("label")[:1]
    public_name = Coalesce(NullIf("handler__display_name", Value("")), "handler__name")
    return (
        conversations.select_related("customer")
        .annotate(
            asset=Subquery(asset),
            slow_after=F("queue__slow_after_seconds"),
            queue_name=F("queue__name"),
            handler_name=public_name,
        )
        .only(*_SHOWN)
    )


def _annotated(conversation: Conversation) -> dict[str, Any]:
    return conversation.__dict__


def _rows_of(conversations: Iterable[Conversation], staff: Staff) -> list[Row]:
    """Conversations as rows; masked names, the first asset of each customer, the place in the queue."""
    shown = list(conversations)
    places = _places([one for one in shown if one.state == State.QUEUED])
    return [
        Row(
            conversation=one,
            name=shown_name(one.customer, staff),
            about=_annotated(one)["asset"] or one.subject or "",
            place=places.get(one.pk),
        )
        for one in shown
    ]


def _places(waiting: list[Conversation]) -> dict[int, int]:
    """The place of each waiting conversation in its queue; 1 is next."""
    if not waiting:
        return {}
    order = (
        Conversation.objects.queued()
        .filter(queue__in={one.queue_id for one in waiting})
        .order_by("queued_at", "pk")
        .values_list("pk", "queue_id")
    )
    counted: dict[int, int] = {}
    places: dict[int, int] = {}
    for pk, queue_id in order:
        counted[queue_id] = places[pk] = counted.get(queue_id, 0) + 1
    return places


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """A call back or an unsolved point in the list, with the name as one person may see it."""

    task: Any
    name: str
    conversation: Conversation
    is_late: bool


def call_back_rows(
    staff: Staff, *, at: datetime, after: str = "", size: int = 50
) -> tuple[list[TaskRow], str]:
    """Calls this person owes or supervises, the most urgent first, and the next cursor. (D154)"""
    owed = call_backs_owed(staff)
    page: Page[CallBack] = keyset_page(owed, order=("due_at", "pk"), after=after, size=size)
    rows = [
        TaskRow(
            task=one,
            name=shown_name(one.customer, staff),
            conversation=one.conversation,
            is_late=one.due_at < at,
        )
        for one in page.rows
    ]
    return rows, page.next_cursor


def point_rows(
    staff: Staff, *, at: datetime, after: str = "", size: int = 50
) -> tuple[list[TaskRow], str]:
    """Points not yet solved, the oldest first, and the next cursor; late from the next day on. (D157)"""
    points = unsolved_points(staff)
    today = day_bounds(local_day(at))[0]
    page: Page[SummaryPoint] = keyset_page(
        points, order=("raised_at", "pk"), after=after, size=size
    )
    rows = [
        TaskRow(
            task=one,
            name=shown_name(one.wrap_up.conversation.customer, staff),
            conversation=one.wrap_up.conversation,
            is_late=one.raised_at < today,
        )
        for one in page.rows
    ]
    return rows, page.next_cursor


def customers_of_conversations(staff: Staff) -> QuerySet[Customer]:
    """Whom this person serves or may read now: their files are open to him too."""
    live = visible_conversations(staff).live().values("customer")
    return Customer.objects.filter(pk__in=live)
