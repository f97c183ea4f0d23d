"""Filters that show hours and moments on a calendar's own wall clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template

from shouwen.deadlines.hours import write_hours
from shouwen.deadlines.models import spans_of

register = template.Library()


@register.filter
def hours(spans: list[list[int]]) -> str:
    """Spans as 08:30-12:00, 13:30-17:30."""
    return write_hours(spans_of(spans))


@register.filter
def wall(moment: datetime, zone: str) -> str:
    """Day and time in that zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@register.filter
def wall_time(moment: datetime, zone: str) -> str:
    """The time of day in that zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


@register.filter
def in_minutes(amount: timedelta) -> int:
    """Whole minutes."""
    return int(amount.total_seconds() // 60)
