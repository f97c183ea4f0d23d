"""Working time, as plain arithmetic: no database, no clock, no settings.

A `Schedule` says for each local day when work goes on. Everything else here counts along it in
real elapsed time, so a day on which the clocks change is neither an hour short nor an hour long.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from itertools import takewhile
from zoneinfo import ZoneInfo

Minutes = tuple[int, int]  # from, to: minutes since local midnight, to at most 1440
Spans = tuple[Minutes, ...]
DAY_MINUTES = 24 * 60
FURTHEST_DAYS = 1100  # an opening further away than three years is no opening


class NeverOpen(ValueError):
    """The schedule has no working time within three years."""


class DayReason(Enum):
    """Why a day has the hours it has."""

    WEEK = "week"  # the ordinary week
    HOLIDAY = "holiday"  # a public holiday
    MAKE_UP = "make_up"  # 调休: a weekend day worked in exchange for a holiday
    EXCEPTION = "exception"  # somebody entered this day by hand


@dataclass(frozen=True)
class DayPlan:
    """The working hours of one local day, and why."""

    day: date
    spans: Spans
    reason: DayReason = DayReason.WEEK
    name: str = ""

    @property
    def minutes(self) -> int:
        """Working minutes of the day by the wall clock."""
        return sum(closes - opens for opens, closes in self.spans)


@dataclass(frozen=True)
class Schedule:
    """A week, and the days that differ from it. `days` wins over `week`."""

    zone: ZoneInfo
    week: tuple[Spans, ...]  # Monday first
    days: Mapping[date, DayPlan] = field(default_factory=dict)
    holidays_known_until: date | None = None  # None: this schedule follows no public holidays

    def plan(self, day: date) -> DayPlan:
        """The hours of a day."""
        return self.days.get(day) or DayPlan(day, self.week[day.weekday()])

    def is_uncertain(self, day: date) -> bool:
        """The public holidays of that day's year are not known here yet."""
        known = self.holidays_known_until
        return known is not None and day > known and day not in self.days

    def local(self, at: datetime) -> datetime:
        """A moment on the wall clock of this schedule."""
        return at.astimezone(self.zone)

    def moment(self, day: date, minutes: int) -> datetime:
        """A place on the wall clock as a moment, in UTC."""
        days, rest = divmod(minutes, DAY_MINUTES)
        wall = time(rest // 60, rest % 60)
        local = datetime.combine(day + timedelta(days=days), wall, tzinfo=self.zone)
        return local.astimezone(UTC)


@dataclass(frozen=True)
class Stretch:
    """A piece of real time in which work goes on."""

    opens_at: datetime
    closes_at: datetime
    plan: DayPlan

    @property
    def length(self) -> timedelta:
        """Elapsed time from opening to closing."""
        return self.closes_at - self.opens_at


@dataclass(frozen=True)
class Counted:
    """One line of an explanation: a stretch that was counted, or a day that was passed over.

    For a day passed over `opens_at` and `closes_at` are None and `amount` is zero.
    """

    plan: DayPlan
    opens_at: datetime | None
    closes_at: datetime | None
    amount: timedelta
    total: timedelta
    is_uncertain: bool = False


@dataclass(frozen=True)
class Explanation:
    """Why a promise falls due when it does."""

    starts_at: datetime
    due_at: datetime
    lines: tuple[Counted, ...]


def stretches(schedule: Schedule, start: datetime) -> Iterator[Stretch]:
    """Working time from `start` on, in order, never overlapping, the first one cut at `start`."""
    for plan in _days_from(schedule, start):
        yield from _stretches_of(schedule, plan, start)


def _days_from(schedule: Schedule, start: datetime) -> Iterator[DayPlan]:
    """The days from that of `start` on; ends after three years without any working time."""
    day, idle = schedule.local(start).date(), 0
    while idle <= FURTHEST_DAYS:
        plan = schedule.plan(day)
        idle = 0 if plan.spans else idle + 1
        yield plan
        day += timedelta(days=1)


def _stretches_of(schedule: Schedule, plan: DayPlan, start: datetime) -> Iterator[Stretch]:
    """The stretches of one day after `start`; where the clocks go forward none overlaps another."""
    reached = start.astimezone(UTC)
    for opens, closes in plan.spans:
        begin = max(schedule.moment(plan.day, opens), reached)
        end = schedule.moment(plan.day, closes)
        if begin < end:
            yield Stretch(begin, end, plan)
            reached = end


def add_working_time(start: datetime, amount: timedelta, schedule: Schedule) -> datetime:
    """The moment when `amount` of working time has passed since `start`, in UTC.

    Never outside working hours; a closing moment counts as inside. A start outside them counts
    from the next opening. `amount` is not negative.
    """
    left = _not_negative(amount)
    for stretch in stretches(schedule, start):
        if left <= stretch.length:
            return stretch.opens_at + left
        left -= stretch.length
    raise NeverOpen("no working time within three years")


def working_time_between(start: datetime, end: datetime, schedule: Schedule) -> timedelta:
    """How much working time lies between two moments; nothing when `end` is not after `start`."""
    total = timedelta()
    if end <= start:
        return total
    for stretch in stretches(schedule, start):
        if stretch.opens_at >= end:
            break
        total += min(stretch.closes_at, end) - stretch.opens_at
    return total


def is_open(at: datetime, schedule: Schedule) -> bool:
    """Whether work goes on at that moment; at a closing moment it does not."""
    day = schedule.local(at).date()
    return any(one.opens_at == at for one in _stretches_of(schedule, schedule.plan(day), at))


def next_opening(at: datetime, schedule: Schedule) -> datetime:
    """`at` itself when work goes on, else the moment when it next begins, in UTC."""
    return add_working_time(at, timedelta(), schedule)


def next_closing(at: datetime, schedule: Schedule) -> datetime:
    """The end of the stretch that goes on at `at` or begins next; stretches that touch are one."""
    ends: datetime | None = None
    for stretch in stretches(schedule, at):
        if ends is not None and stretch.opens_at > ends:
            break
        ends = stretch.closes_at
        if ends - at > timedelta(days=14):
            break
    if ends is None:
        raise NeverOpen("no working time within three years")
    return ends


def end_of_working_day(start: datetime, schedule: Schedule, *, days: int = 0) -> datetime:
    """The last closing of the working day of `start`, or of the `days`-th working day after it.

    "The same day" of a promise is `days=0`. A start after the last closing belongs to the next
    working day.
    """
    left = int(_not_negative(timedelta(days=days)).days)
    for plan in _days_from(schedule, start):
        day_stretches = list(_stretches_of(schedule, plan, start))
        if not day_stretches:
            continue
        if left == 0:
            return day_stretches[-1].closes_at
        left -= 1
    raise NeverOpen("no working time within three years")


def explain(start: datetime, amount: timedelta, schedule: Schedule) -> Explanation:
    """Which stretches were counted, to the minute, and which days were passed over and why."""
    due_at = add_working_time(start, amount, schedule)
    return Explanation(start, due_at, _lines(start, due_at, schedule))


def explain_day(start: datetime, schedule: Schedule, *, days: int = 0) -> Explanation:
    """The same for a promise in whole working days."""
    due_at = end_of_working_day(start, schedule, days=days)
    return Explanation(start, due_at, _lines(start, due_at, schedule))


def _lines(start: datetime, due_at: datetime, schedule: Schedule) -> tuple[Counted, ...]:
    lines: list[Counted] = []
    total = timedelta()
    last_day = schedule.local(due_at).date()
    for plan in takewhile(lambda one: one.day <= last_day, _days_from(schedule, start)):
        counted = [one for one in _stretches_of(schedule, plan, start) if one.opens_at < due_at]
        doubt = schedule.is_uncertain(plan.day)
        if not counted:
            lines.append(Counted(plan, None, None, timedelta(), total, doubt))
        for one in counted:
            closes_at = min(one.closes_at, due_at)
            total += closes_at - one.opens_at
            amount = closes_at - one.opens_at
            lines.append(Counted(plan, one.opens_at, closes_at, amount, total, doubt))
    return tuple(lines)


def _not_negative(amount: timedelta) -> timedelta:
    if amount < timedelta():
        raise ValueError("working time cannot run backwards")
    return amount
