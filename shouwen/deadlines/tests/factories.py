"""Calendars for tests."""

from itertools import count

from shouwen.deadlines.models import WorkCalendar

_numbers = count(1)
WORKING_DAY = [[510, 720], [780, 1050]]


def make_calendar(**fields: object) -> WorkCalendar:
    """A calendar with office hours: 8:30-12:00 and 13:00-17:30, Monday to Friday."""
    values = {
        "code": f"calendar-{next(_numbers)}",
        "name": "客服中心",
        "week": [*([WORKING_DAY] * 5), [], []],
        **fields,
    }
    return WorkCalendar.objects.create(**values)


NEVER_OPEN = [[]] * 7
