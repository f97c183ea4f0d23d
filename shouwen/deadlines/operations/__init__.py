"""Writes: clocks and calendars, one function a verb."""

from shouwen.deadlines.operations.calendars import (
    CalendarInvalid,
    DayHours,
    Hours,
    change_calendar,
    create_calendar,
    install_calendars,
    make_calendar_default,
    remove_calendar_day,
    set_calendar_day,
    set_department_calendar,
)
from shouwen.deadlines.operations.clocks import (
    CalendarNeverOpen,
    Promise,
    PromiseUnclear,
    cancel_deadline,
    meet_deadline,
    start_deadline,
    start_deadlines,
    start_timed_deadlines,
    sweep_deadlines,
    timed_deadline,
)
from shouwen.deadlines.operations.pausing import pause_deadline, resume_deadline

__all__ = [
    "CalendarInvalid",
    "CalendarNeverOpen",
    "DayHours",
    "Hours",
    "Promise",
    "PromiseUnclear",
    "cancel_deadline",
    "change_calendar",
    "create_calendar",
    "install_calendars",
    "make_calendar_default",
    "meet_deadline",
    "pause_deadline",
    "remove_calendar_day",
    "resume_deadline",
    "set_calendar_day",
    "set_department_calendar",
    "start_deadline",
    "start_deadlines",
    "start_timed_deadlines",
    "sweep_deadlines",
    "timed_deadline",
]
