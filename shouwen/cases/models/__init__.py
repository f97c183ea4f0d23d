"""Tables of cases."""

from shouwen.cases.models.case import Case, CaseQuerySet
from shouwen.cases.models.decisions import Approval, Escalation, Remedy
from shouwen.cases.models.handoff import HandOff, ProgressNote
from shouwen.cases.models.kind import CaseCategory, CaseKind
from shouwen.cases.models.records import Answer, CasePaper, CasePromise, FollowUpDuty, StepDone
from shouwen.cases.models.relations import CaseLink, Incident, Misconduct

__all__ = [
    "Answer",
    "Approval",
    "Case",
    "CaseCategory",
    "CaseKind",
    "CaseLink",
    "CasePaper",
    "CasePromise",
    "CaseQuerySet",
    "Escalation",
    "FollowUpDuty",
    "HandOff",
    "Incident",
    "Misconduct",
    "ProgressNote",
    "Remedy",
    "StepDone",
]
