"""Facts about notices, faults and start-of-day checks."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class NoticesSent(Event):
    """Some people were told something; `notice_ids` are the new rows."""

    kind: str
    staff_ids: list[int]
    notice_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class NoticesRead(Event):
    """A person has seen notices. A mark on a screen, not a fact for the books."""

    is_kept: ClassVar[bool] = False
    staff_id: int


@dataclass(frozen=True, kw_only=True)
class NoticesChosen(Event):
    """A person said how to be told about these kinds."""

    subject: ClassVar[tuple[str, str] | None] = ("staff", "staff_id")
    staff_id: int
    kinds: list[str]


@dataclass(frozen=True, kw_only=True)
class FaultEvent(Event):
    """A fact about a reported fault."""

    subject: ClassVar[tuple[str, str] | None] = ("fault", "fault_id")
    fault_id: int
    number: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class FaultReported(FaultEvent):
    """Somebody found that something does not work."""


@dataclass(frozen=True, kw_only=True)
class FaultTaken(FaultEvent):
    """Somebody works on it."""


@dataclass(frozen=True, kw_only=True)
class FaultResolved(FaultEvent):
    """It works again."""

    reported_by_id: int


@dataclass(frozen=True, kw_only=True)
class StartOfDayChecked(Event):
    """A person looked at system, phone and network before the first contact of a day."""

    subject: ClassVar[tuple[str, str] | None] = ("staff", "staff_id")
    staff_id: int
    day: str
    is_well: bool
