"""Facts about incidents, and about wrongs done in handling."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.cases.events.case import CaseEvent
from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class CaseLeftIncident(CaseEvent):
    """It has a cause of its own after all."""

    incident_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentEvent(Event):
    """Base: a fact about an incident."""

    subject: ClassVar[tuple[str, str] | None] = ("incident", "incident_id")
    incident_id: int


@dataclass(frozen=True, kw_only=True)
class IncidentDeclared(IncidentEvent):
    """One cause behind many cases was named."""


@dataclass(frozen=True, kw_only=True)
class IncidentGrew(IncidentEvent):
    """Cases joined it."""

    case_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class IncidentTold(IncidentEvent):
    """One message went to everybody concerned."""

    text: str
    case_ids: list[int]
    key: str


@dataclass(frozen=True, kw_only=True)
class IncidentEnded(IncidentEvent):
    """It is over, with a result."""


@dataclass(frozen=True, kw_only=True)
class MisconductReported(Event):
    """Somebody reported a wrong."""

    subject: ClassVar[tuple[str, str] | None] = ("misconduct", "misconduct_id")
    misconduct_id: int
    staff_id: int
    case_id: int | None


@dataclass(frozen=True, kw_only=True)
class MisconductGraded(Event):
    """A grade was proposed, or approved by another."""

    subject: ClassVar[tuple[str, str] | None] = ("misconduct", "misconduct_id")
    misconduct_id: int
    grade: int
    is_approved: bool
