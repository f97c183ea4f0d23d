"""Public holidays and 调休 make-up days of China, as far as they have been published."""

from datetime import date
from functools import cache, lru_cache

from chinese_calendar import constants
from django.utils.translation import get_language

from shouwen.deadlines.arithmetic import DayPlan, DayReason, Spans


@cache
def published_until() -> date:
    """The last day of the last year whose holidays this release knows."""
    return date(max(constants.holidays).year, 12, 31)


def _name(english: str, *, is_chinese: bool) -> str:
    if is_chinese:
        return str(constants.Holiday(english).chinese)
    return english


def ordinary_hours(week: tuple[Spans, ...]) -> Spans:
    """The hours of an ordinary working day: of the first day of the week that has any."""
    return next((spans for spans in week if spans), ())


def public_days(week: tuple[Spans, ...]) -> dict[date, DayPlan]:
    """All published public holidays and make-up days, for a calendar with this week.

    A make-up day has the hours of its own weekday, or of an ordinary working day if that is closed.
    """
    return dict(_public_days(week, is_chinese=(get_language() or "").startswith("zh")))


@lru_cache(maxsize=64)
def _public_days(week: tuple[Spans, ...], *, is_chinese: bool) -> dict[date, DayPlan]:
    plans = {
        day: DayPlan(day, (), DayReason.HOLIDAY, _name(name, is_chinese=is_chinese))
        for day, name in constants.holidays.items()
    }
    for day, name in constants.workdays.items():
        hours = week[day.weekday()] or ordinary_hours(week)
        label = _name(name, is_chinese=is_chinese)
        plans[day] = DayPlan(day, hours, DayReason.MAKE_UP, label)
    return plans
