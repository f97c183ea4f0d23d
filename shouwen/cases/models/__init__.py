"""Tables of cases."""

from shouwen.cases.models.case import Case, CaseQuerySet
from shouwen.cases.models.decisions import Approval, Escalation, Remedy
from shouwen.cases.models.doors import CustomerWord, StatusLink
from shouwen.cases.models.filed import CaseLetter, CaseVolume, StandardRecord
from shouwen.cases.models.handoff import HandOff, ProgressNote
from shouwen.cases.models.kind import CaseCategory, CaseKind, CaseKindVersion
from shouwen.cases.models.receipts import ReceivedLetter
from shouwen.cases.models.records import Answer, CasePaper, CasePromise, FollowUpDuty, StepDone
from shouwen.cases.models.relations import CaseLink, Incident, Misconduct, OutsideKey
from shouwen.cases.models.reports import CaseReport, EnteredFigure, ReportRule

__all__ = [
    "Answer",
    "Approval",
    "Case",
    "CaseCategory",
    "CaseKind",
    "CaseKindVersion",
    "CaseLetter",
    "CaseLink",
    "CasePaper",
    "CasePromise",
    "CaseQuerySet",
    "CaseReport",
    "CaseVolume",
    "CustomerWord",
    "EnteredFigure",
    "Escalation",
    "FollowUpDuty",
    "HandOff",
    "Incident",
    "Misconduct",
    "OutsideKey",
    "ProgressNote",
    "ReceivedLetter",
    "Remedy",
    "ReportRule",
    "StandardRecord",
    "StatusLink",
    "StepDone",
]
