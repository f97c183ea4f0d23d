"""Reading calendars and clocks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Value

from shouwen.accounts.models import Department
from shouwen.deadlines.arithmetic import (
    DayPlan,
    DayReason,
    Explanation,
    NeverOpen,
    Schedule,
    add_working_time,
    end_of_working_day,
    explain,
    explain_day,
    is_open,
    next_closing,
    next_opening,
    working_time_between,
)
from shouwen.deadlines.holidays import ordinary_hours, public_days, published_until
from shouwen.deadlines.models import (
    CalendarDay,
    Deadline,
    DepartmentCalendar,
    WorkCalendar,
    spans_of,
)

ALWAYS = "always"
OFFICE = "office"


def calendars() -> QuerySet[WorkCalendar]:
    """All working calendars, the default one first."""
    return WorkCalendar.objects.order_by("-is_default", "name")


def default_calendar() -> WorkCalendar | None:
    """The calendar that holds where none is named."""
    return WorkCalendar.objects.filter(is_default=True).first()


def calendar_by_code(code: str) -> WorkCalendar | None:
    """The calendar with this code."""
    return WorkCalendar.objects.filter(code=code).first()


def calendar_of_department(department: Department) -> WorkCalendar | None:
    """The calendar of the department, else of the nearest one above it, else the company's."""
    above = DepartmentCalendar.objects.select_related("calendar", "department").annotate(
        asked=Value(department.path)
    )
    rows = above.filter(asked__startswith=F("department__path"))
    nearest = max(rows, key=lambda one: len(one.department.path), default=None)
    return nearest.calendar if nearest else default_calendar()


def days_that_differ(calendar: WorkCalendar, *, since: date) -> QuerySet[CalendarDay]:
    """Days entered by hand that hold for this calendar, from `since` on, in order."""
    holds = Q(calendar=calendar)
    if calendar.follows_holidays:
        holds |= Q(calendar__isnull=True)
    return CalendarDay.objects.filter(holds, day__gte=since).order_by("day", "calendar_id")


def schedule_of(calendar: WorkCalendar) -> Schedule:
    """The calendar as plain arithmetic needs it.

    A day of the calendar's own wins over a common one, that over the published holidays, those
    over the week.
    """
    week = calendar.week_spans
    days: dict[date, DayPlan] = {}
    if calendar.follows_holidays:
        days = public_days(week)
    rows = list(days_that_differ(calendar, since=date.min))
    for row in sorted(rows, key=lambda one: one.calendar_id is not None):
        days[row.day] = _entered(row, week[row.day.weekday()] or ordinary_hours(week))
    return Schedule(
        zone=ZoneInfo(calendar.time_zone),
        week=week,
        days=days,
        holidays_known_until=published_until() if calendar.follows_holidays else None,
    )


def _entered(row: CalendarDay, ordinary: tuple[tuple[int, int], ...]) -> DayPlan:
    spans = ordinary if row.is_ordinary else spans_of(row.spans)
    return DayPlan(row.day, spans, DayReason.EXCEPTION, row.name)


def is_open_now(calendar: WorkCalendar, at: datetime) -> bool:
    """Whether service goes on at that moment."""
    return is_open(at, schedule_of(calendar))


@dataclass(frozen=True)
class ServiceState:
    """Whether service goes on, and when that next changes; None when it never does."""

    is_open: bool
    changes_at: datetime | None


def service_state(calendar: WorkCalendar, at: datetime) -> ServiceState:
    """Open or closed at that moment, and until when."""
    schedule = schedule_of(calendar)
    try:
        if is_open(at, schedule):
            return ServiceState(is_open=True, changes_at=next_closing(at, schedule))
        return ServiceState(is_open=False, changes_at=next_opening(at, schedule))
    except NeverOpen:
        return ServiceState(is_open=False, changes_at=None)


@dataclass(frozen=True)
class PreviewDay:
    """One day as the preview shows it."""

    plan: DayPlan
    is_uncertain: bool


def preview(calendar: WorkCalendar, *, first: date, days: int = 14) -> list[PreviewDay]:
    """The hours of the next days, and which of them rest on holidays not published yet."""
    schedule = schedule_of(calendar)
    wanted = [first + timedelta(days=count) for count in range(days)]
    return [PreviewDay(schedule.plan(day), schedule.is_uncertain(day)) for day in wanted]


def deadlines_of(subject_kind: str, subject_id: int) -> QuerySet[Deadline]:
    """All clocks of one thing, the latest first."""
    return Deadline.objects.of(subject_kind, subject_id).order_by("-pk")


def running_deadline(subject_kind: str, subject_id: int, kind: str) -> Deadline | None:
    """The running clock of this kind, if there is one."""
    return Deadline.objects.of(subject_kind, subject_id).running().filter(kind=kind).first()


def overdue_deadlines(kind: str, *, at: datetime) -> QuerySet[Deadline]:
    """Clocks of a kind that run past their time, the oldest first."""
    return Deadline.objects.overdue(at).filter(kind=kind).order_by("due_at", "pk")


def near_deadlines(kind: str, *, at: datetime) -> QuerySet[Deadline]:
    """Clocks of a kind past their warning and not past their time, the most urgent first (D224)."""
    return Deadline.objects.near(at).filter(kind=kind).order_by("due_at", "pk")


def why_due(deadline: Deadline) -> Explanation | None:
    """Why it falls due then, by the calendar as it is now; None for a fixed time."""
    if deadline.calendar is None:
        return None
    schedule = schedule_of(deadline.calendar)
    if deadline.counted_from is not None and deadline.left_seconds is not None:
        return explain(deadline.counted_from, timedelta(seconds=deadline.left_seconds), schedule)
    if deadline.rule == Deadline.Rule.DAYS:
        return explain_day(deadline.started_at, schedule, days=deadline.amount)
    return explain(deadline.started_at, timedelta(minutes=deadline.amount), schedule)


def stood_still_from(deadline: Deadline, schedule: Schedule | None = None) -> datetime | None:
    """When a clock that stands still, or did, would have stopped had it never gone on in between.

    All that was counted lies before that moment. None for one that never stood still. `schedule`
    is that of its calendar, where it is known already.
    """
    if deadline.calendar is None or deadline.left_seconds is None:
        return None
    schedule, start = schedule or schedule_of(deadline.calendar), deadline.started_at
    whole = timedelta(minutes=deadline.amount)
    if deadline.rule == Deadline.Rule.DAYS:
        due_at = end_of_working_day(start, schedule, days=deadline.amount)
        whole = working_time_between(start, due_at, schedule)
    used = max(whole - timedelta(seconds=deadline.left_seconds), timedelta())
    return add_working_time(start, used, schedule)


@dataclass(frozen=True)
class Compliance:
    """How promises of a kind that fell due in a span of time were kept."""

    kept: int
    late: int
    still_open: int


def compliance(kind: str, *, since: datetime, until: datetime) -> Compliance:
    """Promises due in [since, until): kept in time, kept late, not kept yet. Called-off ones do
    not count (D266).
    """
    due = Deadline.objects.filter(
        kind=kind, due_at__gte=since, due_at__lt=until, cancelled_at__isnull=True
    )
    met = due.filter(met_at__isnull=False)
    late = met.filter(met_at__gt=F("due_at")).count()
    return Compliance(kept=met.count() - late, late=late, still_open=due.running().count())
