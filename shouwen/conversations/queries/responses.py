"""How quickly first answers came: by queue, channel and day. (D613)"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from shouwen.accounts.models import Staff
from shouwen.conversations.models import Conversation
from shouwen.conversations.queries.clocks import REPLY, SUBJECT
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.core.clock import day_bounds
from shouwen.deadlines.models import Deadline

Channel = Conversation.Channel


@dataclass(frozen=True, kw_only=True)
class Response:
    """First answers to what came on one day by one channel into one queue; times in seconds."""

    day: date
    queue_id: int
    queue: str
    is_fault_intake: bool
    channel: str
    came: int
    answered: int
    quickest: float | None
    median: float | None
    slowest: float | None
    late: int

    @property
    def label(self) -> str:
        """The channel in words."""
        return str(Channel(self.channel).label)

    @property
    def rows(self) -> str:
        """The query of the workspace that lists what was counted."""
        asked = {"tab": "all", "day": self.day.isoformat(), "channel": self.channel}
        return urlencode(asked | {"queue": self.queue_id})

    @property
    def unanswered(self) -> int:
        """Those without an answer yet."""
        return self.came - self.answered


def first_responses(staff: Staff, *, first_day: date, last_day: date) -> list[Response]:
    """Per day, queue and channel: how many came and were answered, and how quickly.

    Definition: inbound conversations this person may read, by the local day they were opened; the
    time from opening to the first answer, by the clock on the wall. `late` counts those whose
    promise of an answer was missed. Intakes of fault reports stand first. (D613)
    """
    start, end = day_bounds(first_day)[0], day_bounds(last_day)[1]
    came = visible_conversations(staff).filter(
        opened_at__gte=start, opened_at__lt=end, direction=Conversation.Direction.INBOUND
    )
    rows = (
        came.annotate(day=TruncDate("opened_at"))
        .values("day", "queue_id", "queue__name", "queue__is_fault_intake", "channel")
        .annotate(
            came=Count("pk", distinct=True),
            waits=ArrayAgg(
                F("first_answered_at") - F("opened_at"),
                filter=Q(first_answered_at__isnull=False),
                default=[],
            ),
            late=Count("pk", filter=Q(pk__in=_missed(start)), distinct=True),
        )
        .order_by("-day", "-queue__is_fault_intake", "queue__name", "channel")
    )
    return [_response(row) for row in rows]


def _missed(since: datetime) -> QuerySet[Deadline, Any]:
    return Deadline.objects.filter(
        subject_kind=SUBJECT, kind=REPLY, missed_at__isnull=False, started_at__gte=since
    ).values("subject_id")


def _response(row: dict[str, Any]) -> Response:
    waits: list[timedelta] = sorted(row["waits"])
    seconds = [one.total_seconds() for one in waits]
    return Response(
        day=row["day"],
        queue_id=row["queue_id"],
        queue=str(row["queue__name"]),
        is_fault_intake=bool(row["queue__is_fault_intake"]),
        channel=str(row["channel"]),
        came=row["came"],
        answered=len(seconds),
        quickest=seconds[0] if seconds else None,
        median=median(seconds) if seconds else None,
        slowest=seconds[-1] if seconds else None,
        late=row["late"],
    )
