"""Working calendars and the days that differ: making and changing them."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import Refused
from shouwen.deadlines import events
from shouwen.deadlines.arithmetic import Spans
from shouwen.deadlines.models import CalendarDay, DepartmentCalendar, WorkCalendar
from shouwen.deadlines.permissions import DeadlinePermission
from shouwen.deadlines.queries import ALWAYS, OFFICE

WORKING_DAY: Spans = ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30))
WHOLE_DAY: Spans = ((0, 24 * 60),)


class CalendarInvalid(Refused):
    """A calendar needs a name and a known time zone."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What a person may set on a calendar."""

    name: str
    time_zone: str
    week: tuple[Spans, ...]
    follows_holidays: bool


@transaction.atomic
def create_calendar(code: str, *, hours: Hours, by: Staff) -> WorkCalendar:
    """A new calendar exists. Refuses a code already taken, an empty name, an unknown time zone."""
    require(by, DeadlinePermission.EDIT_CALENDARS)
    if WorkCalendar.objects.filter(code=code).exists():
        raise CalendarInvalid(_("There is already a calendar with the code “%s”.") % code)
    calendar = WorkCalendar(code=code, **_checked(hours))
    calendar.is_default = not WorkCalendar.objects.filter(is_default=True).exists()
    calendar.save(force_insert=True)
    publish(events.CalendarChanged(calendar_id=calendar.pk, code=code, by_id=by.pk))
    return calendar


@transaction.atomic
def change_calendar(calendar_id: int, *, hours: Hours, by: Staff) -> WorkCalendar:
    """The calendar has these hours from now on; clocks that run keep the time they promised."""
    require(by, DeadlinePermission.EDIT_CALENDARS)
    calendar = WorkCalendar.objects.select_for_update().get(pk=calendar_id)
    checked = _checked(hours)
    for name, value in checked.items():
        setattr(calendar, name, value)
    calendar.save(update_fields=[*checked, "updated_at"])
    publish(events.CalendarChanged(calendar_id=calendar.pk, code=calendar.code, by_id=by.pk))
    return calendar


def _checked(hours: Hours) -> dict[str, object]:
    if not hours.name.strip():
        raise CalendarInvalid(_("Give the calendar a name."))
    if hours.time_zone not in available_timezones():
        raise CalendarInvalid(_("“%s” is not a known time zone.") % hours.time_zone[:60])
    return {
        "name": hours.name.strip(),
        "time_zone": hours.time_zone,
        "week": [list(map(list, spans)) for spans in hours.week],
        "follows_holidays": hours.follows_holidays,
    }


@transaction.atomic
def make_calendar_default(calendar_id: int, *, by: Staff) -> WorkCalendar:
    """This calendar holds wherever none is named."""
    require(by, DeadlinePermission.EDIT_CALENDARS)
    calendar = WorkCalendar.objects.select_for_update().get(pk=calendar_id)
    WorkCalendar.objects.filter(is_default=True).exclude(pk=calendar_id).update(is_default=False)
    calendar.is_default = True
    calendar.save(update_fields=["is_default", "updated_at"])
    publish(events.CalendarChanged(calendar_id=calendar.pk, code=calendar.code, by_id=by.pk))
    return calendar


@transaction.atomic
def set_department_calendar(
    department: Department, *, calendar: WorkCalendar | None, by: Staff
) -> None:
    """The department works by this calendar; None: by that of the department above, or the company's."""
    require(by, DeadlinePermission.EDIT_CALENDARS)
    if calendar is None:
        DepartmentCalendar.objects.filter(department=department).delete()
    else:
        DepartmentCalendar.objects.update_or_create(
            department=department, defaults={"calendar": calendar}
        )
    publish(
        events.DepartmentCalendarSet(
            department_id=department.pk,
            calendar_id=calendar.pk if calendar else None,
            by_id=by.pk,
        )
    )


@dataclass(frozen=True, kw_only=True)
class DayHours:
    """A day that differs: its own spans (none: closed), or worked like an ordinary day."""

    spans: Spans = ()
    is_ordinary: bool = False
    name: str = ""


@transaction.atomic
def set_calendar_day(
    calendar_id: int | None, *, day: date, hours: DayHours, by: Staff
) -> CalendarDay:
    """That day has these hours; without a calendar on every calendar that follows holidays."""
    require(by, DeadlinePermission.EDIT_CALENDARS)
    row, _is_new = CalendarDay.objects.update_or_create(
        calendar_id=calendar_id,
        day=day,
        defaults={
            "spans": [] if hours.is_ordinary else [list(span) for span in hours.spans],
            "is_ordinary": hours.is_ordinary,
            "name": hours.name.strip()[:80],
        },
    )
    publish(
        events.CalendarDayChanged(
            calendar_id=calendar_id, day=day.isoformat(), is_removed=False, by_id=by.pk
        )
    )
    return row


@transaction.atomic
def remove_calendar_day(day_id: int, *, by: Staff) -> None:
    """The day is again what the published holidays and the week say. Gone already is fine."""
    require(by, DeadlinePermission.EDIT_CALENDARS)
    row = CalendarDay.objects.select_for_update().filter(pk=day_id).first()
    if row is None:
        return
    row.delete()
    publish(
        events.CalendarDayChanged(
            calendar_id=row.calendar_id, day=row.day.isoformat(), is_removed=True, by_id=by.pk
        )
    )


@transaction.atomic
def install_calendars(*, by: Staff) -> None:
    """The two calendars everybody needs exist; what a site changed on them stays.

    Office hours are 8:30-17:30 with lunch 12:00-13:00, Monday to Friday.
    """
    always = Hours(
        name=_("Around the clock"),
        time_zone=settings.TIME_ZONE,
        week=(WHOLE_DAY,) * 7,
        follows_holidays=False,
    )
    office = Hours(
        name=_("Office hours"),
        time_zone=settings.TIME_ZONE,
        week=(*(WORKING_DAY,) * 5, (), ()),
        follows_holidays=True,
    )
    for code, hours in ((OFFICE, office), (ALWAYS, always)):
        if not WorkCalendar.objects.filter(code=code).exists():
            create_calendar(code, hours=hours, by=by)
