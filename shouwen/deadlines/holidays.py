"""Public holidays and 调休 make-up days of China, as far as they have been published."""

from datetime import date
from functools import cache

from chinese_calendar import constants
from django.utils.translation import get_language

from shouwen.deadlines.arithmetic import DayPlan, DayReason, Spans


@cache
def published_until() -> date:
    """The last day of the last year whose holidays this release knows."""
    return date(max(constants.holidays).year, 12, 31)


def _name(english: str) -> str:
    if (get_language() or "").startswith("zh"):
        return str(constants.Holiday(english).chinese)
    return english


def ordinary_hours(week: tuple[Spans, ...]) -> Spans:
    """The hours of an ordinary working day: of the first day of the week that has any."""
    return next((spans for spans in week if spans), ())


def public_days(week: tuple[Spans, ...]) -> dict[date, DayPlan]:
    """All published public holidays and make-up days, for a calendar with this week.

    A make-up day has the hours of its own weekday, or of an ordinary working day if that is closed.
    """
    plans = {
        day: DayPlan(day, (), DayReason.HOLIDAY, _name(name))
        for day, name in constants.holidays.items()
    }
    for day, name in constants.workdays.items():
        hours = week[day.weekday()] or ordinary_hours(week)
        plans[day] = DayPlan(day, hours, DayReason.MAKE_UP, _name(name))
    return plans
