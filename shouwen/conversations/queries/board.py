"""The supervisor's board: queues, people, waits, surges and gaps, as they are now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from shouwen.accounts.models import PresenceState, Staff
from shouwen.accounts.queries import presence_state
from shouwen.conversations.models import Conversation, Queue
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.conversations import visible_conversations

State = Conversation.State
HOUR = timedelta(hours=1)
PRESENT = {PresenceState.ONLINE, PresenceState.BUSY, PresenceState.WRAPPING_UP}


@dataclass(kw_only=True)
class PersonNow:
    """Somebody who serves, what he does and what he has."""

    staff: Staff
    state: str
    chats: int = 0
    others: int = 0
    waiting_since: datetime | None = None
    slow: int = 0

    @property
    def presence(self) -> str:
        """Presence in words."""
        return str(PresenceState(self.state).label)

    @property
    def is_present(self) -> bool:
        """At work: serving, busy or writing up."""
        return self.state in PRESENT

    @property
    def tone(self) -> str:
        """The colour of the presence."""
        return PresenceState(self.state).tone


@dataclass(kw_only=True)
class QueueNow:
    """One queue: who waits, who is there, how many came within the hour."""

    queue: Queue
    waiting: int = 0
    oldest_at: datetime | None = None
    open: int = 0
    slow: int = 0
    came: int = 0
    members: list[PersonNow] = field(default_factory=list)

    @property
    def present(self) -> int:
        """Members at work now, those lent by other departments counted. (D370)"""
        return sum(one.is_present for one in self.members)

    @property
    def seconded(self) -> int:
        """Members at work who belong to another department."""
        home = self.queue.department_id
        return sum(one.is_present and one.staff.department_id != home for one in self.members)

    @property
    def gap(self) -> int:
        """How many are missing against the number required; 0 when none or no number is set."""
        return max(0, self.queue.required_agents - self.present)

    @property
    def load(self) -> int:
        """Chats its members who are at work serve now."""
        return sum(one.chats for one in self.members if one.is_present)

    @property
    def limit(self) -> int:
        """Chats its members who are at work may serve."""
        return sum(one.staff.reception_limit for one in self.members if one.is_present)

    @property
    def has_surge(self) -> bool:
        """More came within the hour than the queue is made for. (D148)"""
        return 0 < self.queue.surge_per_hour <= self.came

    @property
    def to_call_in(self) -> list[PersonNow]:
        """Members who could be brought in: on a break first, then those who are off. (D148)"""
        away = [one for one in self.members if not one.is_present]
        return sorted(away, key=lambda one: one.state == PresenceState.OFFLINE)

    @property
    def needs_people(self) -> bool:
        """Whether somebody should be called in."""
        return self.has_surge or self.gap > 0


@dataclass(kw_only=True)
class Board:
    """Everything the board shows, at one moment."""

    at: datetime
    queues: list[QueueNow]
    people: list[PersonNow]

    @property
    def waiting(self) -> int:
        """All who wait in queues."""
        return sum(one.waiting for one in self.queues)

    @property
    def oldest_at(self) -> datetime | None:
        """Since when the longest waits."""
        return min((one.oldest_at for one in self.queues if one.oldest_at), default=None)

    @property
    def open(self) -> int:
        """All who are being served."""
        return sum(one.open for one in self.queues)

    @property
    def slow(self) -> int:
        """All who wait for an answer longer than their queue allows."""
        return sum(one.slow for one in self.queues)

    @property
    def came(self) -> int:
        """Contacts within the last hour."""
        return sum(one.came for one in self.queues)

    @property
    def present(self) -> int:
        """People at work now."""
        return sum(one.is_present for one in self.people)

    @property
    def gap(self) -> int:
        """People missing in all queues."""
        return sum(one.gap for one in self.queues)

    @property
    def alarmed(self) -> list[QueueNow]:
        """Queues for which somebody should be called in."""
        return [one for one in self.queues if one.needs_people]


def board_now(staff: Staff, *, at: datetime) -> Board:
    """The queues in reach of this person and their members, in a handful of queries."""
    queues = {one.pk: QueueNow(queue=one) for one in _queues_of(staff)}
    _count(queues, staff, at=at)
    people = _people(queues, at=at)
    pairs = Queue.members.through.objects.filter(queue__in=queues, staff__in=people)
    for queue_id, staff_id in pairs.values_list("queue_id", "staff_id"):
        queues[queue_id].members.append(people[staff_id])
    return Board(at=at, queues=list(queues.values()), people=_in_order(people.values()))


def came_within_the_hour(queue: Queue, *, at: datetime) -> int:
    """Contacts that came to this queue within the hour before `at`. (D148)"""
    return Conversation.objects.filter(
        queue=queue, opened_at__gt=at - HOUR, opened_at__lte=at
    ).count()


def supervisors_of(queue: Queue) -> list[int]:
    """Who supervises this queue: active people whose role may and whose reach holds its department."""
    may = Q(roles__permissions__contains=[ConversationPermission.SUPERVISE.value])
    people = Staff.objects.active().people().filter(may).distinct().order_by("pk")
    return [
        one.pk for one in people if one.reach_departments().filter(pk=queue.department_id).exists()
    ]


def _queues_of(staff: Staff) -> list[Queue]:
    mine = Q(department__in=staff.reach_departments()) | Q(members=staff)
    found = Queue.objects.filter(mine, is_active=True).select_related("department").distinct()
    return list(found.order_by("-is_default", "name"))


def _count(queues: dict[int, QueueNow], staff: Staff, *, at: datetime) -> None:
    visible = visible_conversations(staff).filter(queue__in=queues)
    rows = (
        visible.live()
        .values("queue_id")
        .annotate(
            waiting=Count("pk", filter=Q(state=State.QUEUED)),
            oldest_at=Min("queued_at", filter=Q(state=State.QUEUED)),
            open=Count("pk", filter=Q(state=State.OPEN)),
        )
        .order_by("queue_id")
    )
    for row in rows:
        now = queues[row["queue_id"]]
        now.waiting, now.oldest_at, now.open = row["waiting"], row["oldest_at"], row["open"]
    slow = visible.open().slow(at).values("queue_id").order_by("queue_id")
    for row in slow.annotate(count=Count("pk")).values("queue_id", "count"):
        queues[row["queue_id"]].slow = row["count"]
    came = visible.filter(opened_at__gt=at - HOUR).values("queue_id").order_by("queue_id")
    for row in came.annotate(count=Count("pk")):
        queues[row["queue_id"]].came = row["count"]


def _people(queues: dict[int, QueueNow], *, at: datetime) -> dict[int, PersonNow]:
    members = (
        Staff.objects.active()
        .people()
        .filter(Q(queues__in=queues))
        .select_related("presence", "department")
        .distinct()
    )
    people = {one.pk: PersonNow(staff=one, state=presence_state(one)) for one in members}
    served = Conversation.objects.open().filter(handler__in=people)
    chats = Q(channel=Conversation.Channel.CHAT)
    rows = served.values("handler_id").annotate(
        chats=Count("pk", filter=chats),
        others=Count("pk", filter=~chats),
        since=Min("waiting_since"),
    )
    for row in rows.order_by("handler_id"):
        person = people[row["handler_id"]]
        person.chats, person.others = row["chats"], row["others"]
        person.waiting_since = row["since"]
    slow = served.slow(at).values("handler_id").order_by("handler_id")
    for row in slow.annotate(count=Count("pk")).values("handler_id", "count"):
        people[row["handler_id"]].slow = row["count"]
    return people


def _in_order(people: Iterable[PersonNow]) -> list[PersonNow]:
    order = list(PresenceState.values)
    return sorted(people, key=lambda one: (order.index(one.state), -one.slow, one.staff.sort_key))
