"""Facts about clocks and calendars."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class DeadlineEvent(Event):
    """What every fact about a clock says; `about_kind` and `about_id` name what was promised."""

    subject: ClassVar[tuple[str, str] | None] = ("deadline", "deadline_id")
    deadline_id: int
    about_kind: str
    about_id: int
    kind: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DeadlineStarted(DeadlineEvent):
    """A clock runs."""


@dataclass(frozen=True, kw_only=True)
class DeadlineNear(DeadlineEvent):
    """The moment of warning has passed and the promise is not kept yet. Announced once."""


@dataclass(frozen=True, kw_only=True)
class DeadlineMissed(DeadlineEvent):
    """The time has passed and the promise is not kept. Announced once."""


@dataclass(frozen=True, kw_only=True)
class DeadlineMet(DeadlineEvent):
    """The promise was kept, perhaps late."""


@dataclass(frozen=True, kw_only=True)
class DeadlineCancelled(DeadlineEvent):
    """The promise no longer holds."""


@dataclass(frozen=True, kw_only=True)
class DeadlinePaused(DeadlineEvent):
    """The clock stands still."""


@dataclass(frozen=True, kw_only=True)
class DeadlineResumed(DeadlineEvent):
    """The clock goes on with what was left; `due_at` is its new end."""


@dataclass(frozen=True, kw_only=True)
class DepartmentCalendarSet(Event):
    """A department works by this calendar, or again by that of the department above."""

    subject: ClassVar[tuple[str, str] | None] = ("department", "department_id")
    department_id: int
    calendar_id: int | None


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """A calendar was made or its hours changed. Running clocks keep their time."""

    subject: ClassVar[tuple[str, str] | None] = ("work_calendar", "calendar_id")
    calendar_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class CalendarDayChanged(Event):
    """A single day was given other hours, or was given back to the ordinary week."""

    subject: ClassVar[tuple[str, str] | None] = ("work_calendar", "calendar_id")
    calendar_id: int | None
    day: str
    is_removed: bool
