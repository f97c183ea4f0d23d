"""Stretches of whole local days that figures are counted over: day, week, month, quarter, half, year, own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shouwen.core.clock import day_bounds

# Ten years and a little: what is longer is a slip of the pen, and no chart could show it.
LONGEST = timedelta(days=3700)
FIRST, LAST = date(MINYEAR + 100, 1, 1), date(MAXYEAR - 100, 12, 31)


class Span(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    OWN = "own"


SPAN_NAMES: dict[Span, str | Promise] = {
    Span.DAY: pgettext_lazy("period", "Day"),
    Span.WEEK: pgettext_lazy("period", "Week"),
    Span.MONTH: pgettext_lazy("period", "Month"),
    Span.QUARTER: pgettext_lazy("period", "Quarter"),
    Span.HALF: pgettext_lazy("period", "Half-year"),
    Span.YEAR: pgettext_lazy("period", "Year"),
    Span.OWN: gettext_lazy("Own dates"),
}
MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF: 6, Span.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both counted whole, in the company's time zone."""

    span: Span
    first_day: date
    last_day: date

    @property
    def start(self) -> datetime:
        """The first moment."""
        return day_bounds(self.first_day)[0]

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return day_bounds(self.last_day)[1]

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def previous(self) -> Period:
        """The one of the same length before it."""
        if self.span == Span.OWN:
            return self._moved(-self.days)
        return period_of(self.span, max(FIRST, self.first_day - timedelta(days=1)))

    @property
    def next(self) -> Period:
        """The one of the same length after it."""
        if self.span == Span.OWN:
            return self._moved(self.days)
        return period_of(self.span, min(LAST, self.last_day + timedelta(days=1)))

    @property
    def a_year_before(self) -> Period:
        """The same period of the year before; of a week, the one 52 weeks before."""
        if self.span == Span.WEEK:
            return self._moved(-52 * 7)
        return Period(self.span, _year_back(self.first_day), _year_back(self.last_day))

    def _moved(self, days: int) -> Period:
        moved = timedelta(days=days)
        return Period(self.span, self.first_day + moved, self.last_day + moved)

    @property
    def name(self) -> str:
        """As people say it."""
        first, last = self.first_day, self.last_day
        year = {"year": first.year}
        if self.span == Span.DAY or first == last:
            return first.isoformat()
        if self.span == Span.MONTH:
            return f"{first:%Y-%m}"
        if self.span == Span.QUARTER:
            return _("%(year)d, quarter %(quarter)d") % {**year, "quarter": (first.month + 2) // 3}
        if self.span == Span.HALF:
            words = (
                _("First half of %(year)d") if first.month == 1 else _("Second half of %(year)d")
            )
            return words % year
        if self.span == Span.YEAR:
            return _("Year %(year)d") % year
        return _("%(first)s to %(last)s") % {"first": first.isoformat(), "last": last.isoformat()}

    @property
    def asked(self) -> dict[str, str]:
        """As an address says it."""
        if self.span != Span.OWN:
            return {"span": self.span.value, "day": self.first_day.isoformat()}
        first, last = self.first_day.isoformat(), self.last_day.isoformat()
        return {"span": self.span.value, "from": first, "to": last}

    @property
    def query(self) -> str:
        """The same as one text."""
        return urlencode(self.asked)


def _year_back(day: date) -> date:
    """The same day a year before; the last of February where that year has no 29th."""
    is_month_end = (day + timedelta(days=1)).month != day.month
    if day.month == 2 and is_month_end:
        return date(day.year - 1, 3, 1) - timedelta(days=1)
    return day.replace(year=day.year - 1)


def period_of(span: Span, day: date) -> Period:
    """The period of this length that the day lies in; weeks begin on Monday."""
    if span == Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(span, monday, monday + timedelta(days=6))
    if months := MONTHS.get(span):
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        after = date(
            first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1
        )
        return Period(span, first, after - timedelta(days=1))
    return Period(span, day, day)


def period_asked(asked: dict[str, str], *, today: date, usual: Span = Span.MONTH) -> Period:
    """The period an address asks for; the usual one around today where it says nothing readable."""
    span = Span(asked["span"]) if asked.get("span") in set(Span) else usual
    if span == Span.OWN:
        first, last = _day(asked.get("from", "")), _day(asked.get("to", ""))
        if first and last:
            first, last = min(first, last), max(first, last)
            return Period(span, max(first, last - LONGEST), last)
        span = usual
    return period_of(span, _day(asked.get("day", "")) or today)


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return min(max(day, FIRST), LAST) if day else None


def buckets_of(period: Period) -> list[Period]:
    """The period cut into what a chart shows side by side: days, weeks, months, or years."""
    unit = Span.DAY
    for longer, than in ((Span.WEEK, 45), (Span.MONTH, 180), (Span.YEAR, 1200)):
        if period.days > than:
            unit = longer
    buckets, day = [], period.first_day
    while day <= period.last_day:
        whole = period_of(unit, day)
        last = min(whole.last_day, period.last_day)
        is_whole = day == whole.first_day and last == whole.last_day
        buckets.append(Period(unit if is_whole else Span.OWN, day, last))
        day = last + timedelta(days=1)
    return buckets
