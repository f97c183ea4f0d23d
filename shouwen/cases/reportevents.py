"""Facts about kept reports and numbers entered by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class CaseReportEvent(Event):
    """Base: a fact about a kept report."""

    subject: ClassVar[tuple[str, str] | None] = ("case_report", "report_id")
    report_id: int


@dataclass(frozen=True, kw_only=True)
class CaseReportOwed(CaseReportEvent):
    """The calendar asks for it."""

    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseReportCounted(CaseReportEvent):
    """It has the figures of now."""


@dataclass(frozen=True, kw_only=True)
class CaseReportWritten(CaseReportEvent):
    """What a supervisor says to the figures was written or changed."""


@dataclass(frozen=True, kw_only=True)
class CaseReportFiled(CaseReportEvent):
    """It is in the archive and changes no more."""


@dataclass(frozen=True, kw_only=True)
class ReportRuleChanged(Event):
    """An entry of the calendar of reports was made or changed."""

    subject: ClassVar[tuple[str, str] | None] = ("case_report_rule", "rule_id")
    rule_id: int
    span: str


@dataclass(frozen=True, kw_only=True)
class FigureEntered(Event):
    """A number was entered by hand, or (None) taken out again."""

    subject: ClassVar[tuple[str, str] | None] = ("case_entered_figure", "entered_id")
    entered_id: int
    measure: str
    value: int | None
