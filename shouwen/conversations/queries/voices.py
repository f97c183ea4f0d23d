"""Needs, opinions, complaints and suggestions heard, put together by shift and day. (D019, D297)"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from shouwen.accounts.models import Staff
from shouwen.conversations.models import ReportSpan, SummaryPoint
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.core.clock import day_bounds, local_day

SHOWN_MOST = 1000


@dataclass(frozen=True)
class Span:
    """A stretch of time with its name: a day, or a part of it."""

    name: str
    start: datetime
    end: datetime


def day_span(day: date, *, name: str = "") -> Span:
    """The whole local day."""
    start, end = day_bounds(day)
    return Span(name, start, end)


def span_on(span: ReportSpan, day: date) -> Span:
    """This part of the day that begins on `day`; one that ends before it begins lasts overnight."""
    start = day_bounds(day)[0]
    length = (span.ends - span.starts) % (24 * 60) or 24 * 60
    begins = start + timedelta(minutes=span.starts)
    return Span(span.name, begins, begins + timedelta(minutes=length))


def voices(staff: Staff, span: Span, *, sort: str = "") -> QuerySet[SummaryPoint]:
    """What was heard in this span, as far as this person may read it, in the order it was heard."""
    points = SummaryPoint.objects.filter(
        raised_at__gte=span.start,
        raised_at__lt=span.end,
        wrap_up__conversation__in=visible_conversations(staff),
    ).exclude(sort="")
    if sort in SummaryPoint.Sort.values:
        points = points.filter(sort=sort)
    return points.select_related(
        "wrap_up__kind", "wrap_up__by", "wrap_up__conversation__customer", "owner"
    ).order_by("raised_at", "pk")


@dataclass(frozen=True)
class SortCount:
    """How often one sort was heard, and how much of it is not solved yet."""

    sort: str
    count: int
    unsolved: int

    @property
    def label(self) -> str:
        """The sort in words."""
        return str(SummaryPoint.Sort(self.sort).label)


def counted(points: QuerySet[SummaryPoint]) -> list[SortCount]:
    """Per sort how many were heard and how many are not solved. The figures are those of the rows."""
    rows = list(points.values_list("sort", "solved_at"))
    return [
        SortCount(
            sort=sort,
            count=sum(one == sort for one, _solved in rows),
            unsolved=sum(one == sort and solved is None for one, solved in rows),
        )
        for sort in SummaryPoint.Sort.values
    ]


def spans_ended(*, at: datetime, within: timedelta) -> list[tuple[ReportSpan, Span]]:
    """The parts of the day that ended within this time before `at`."""
    found = []
    for row in ReportSpan.objects.filter(is_active=True).order_by("pk"):
        for back in (0, 1):
            span = span_on(row, local_day(at) - timedelta(days=back))
            if at - within <= span.end <= at:
                found.append((row, span))
    return found
