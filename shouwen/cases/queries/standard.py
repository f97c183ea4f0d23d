"""GB/T 19012: what must be on record of a complaint, each thing as a condition the database can check.

Row numbers are ours. Clause numbers are not printed: they differ between editions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, Model, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.models import ReadLog
from shouwen.cases.models import (
    Answer,
    CasePaper,
    CaseQuerySet,
    Escalation,
    FollowUpDuty,
    HandOff,
    ProgressNote,
    Remedy,
    StepDone,
)
from shouwen.core.models import HistoryEntry
from shouwen.deadlines.models import Deadline

ALWAYS = Q(pk__isnull=False)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that must be on record: found where the condition holds, asked for where it applies."""

    code: str
    row: int
    name: str | Promise
    found: Q
    applies: Q = ALWAYS


# What a row of the standard is about.
ROWS: dict[int, str | Promise] = {
    1: _("How to complain is public"),
    2: _("Receipt"),
    3: _("Tracking"),
    4: _("Acknowledgement"),
    5: _("First review"),
    6: _("Investigation"),
    7: _("Response"),
    8: _("The decision is told"),
    9: _("Closing"),
    10: _("Escalation"),
    11: _("Fairness"),
    12: _("Collecting"),
    13: _("Analysis"),
    14: _("Satisfaction with the handling"),
    15: _("Monitoring"),
    16: _("Audit"),
    17: _("Management review"),
    18: _("Improvement"),
    19: _("Confidentiality"),
    20: _("No charge, easy access"),
}
# Rows whose proof lies with the company, and what it is; a standing one holds until it is replaced.
COMPANY_ITEMS: dict[int, str | Promise] = {
    1: _("Published notice: text, version, channels"),
    12: _("Rule for keeping and disposing of records"),
    13: _("Trend report with systemic and recurring problems"),
    16: _("Audit plan and findings"),
    17: _("Minutes of the management review"),
    18: _("Check of the effect of corrective actions"),
    20: _("Free channels and help for those who need it"),
}
STANDING = frozenset({1, 12, 20})


def _of_case(model: type[Model], **conditions: object) -> Q:
    return Q(Exists(model._default_manager.filter(case=OuterRef("pk"), **conditions)))


def _clock(**conditions: object) -> Q:
    return Q(
        Exists(
            Deadline.objects.filter(subject_kind="case", subject_id=OuterRef("pk"), **conditions)
        )
    )


@cache
def items() -> tuple[Item, ...]:
    """All things asked for of a complaint, in the order of the rows."""
    every = [*_receipt(), *_on_the_way(), *_decision(), *_afterwards()]
    return tuple(sorted(every, key=lambda one: one.row))


def _receipt() -> Iterable[Item]:
    yield Item(code="identity", row=2, name=_("Number, date, complainant, channel"), found=ALWAYS)
    yield Item(code="matter", row=2, name=_("Description"), found=~Q(matter=""))
    yield Item(code="demand", row=2, name=_("Remedy sought"), found=~Q(demand=""))
    yield Item(code="due", row=2, name=_("Due date"), found=_clock())
    yield Item(code="category", row=2, name=_("Category"), found=Q(category__isnull=False))
    history = HistoryEntry.objects.filter(subject_kind="case", subject_id=OuterRef("pk"))
    yield Item(code="history", row=3, name=_("Every step with its time"), found=Q(Exists(history)))
    told = Q(Exists(ProgressNote.objects.filter(case=OuterRef("pk")).exclude(told_way="")))
    yield Item(code="told", row=3, name=_("Progress told to the complainant"), found=told)
    accepted = Q(accepted_at__isnull=False)
    yield Item(code="accepted", row=4, name=_("Accepted: when and by whom"), found=accepted)
    in_time = _clock(kind="accept", met_at__isnull=False)
    yield Item(code="accept_clock", row=4, name=_("Clock of the acceptance"), found=in_time)
    scored = Q(safety__isnull=False, impact__isnull=False, urgency__isnull=False)
    yield Item(code="severity", row=5, name=_("Safety, impact and urgency scored"), found=scored)


def _on_the_way() -> Iterable[Item]:
    yield Item(code="findings", row=6, name=_("Findings"), found=~Q(result=""))
    asked = _of_case(HandOff) | _of_case(ProgressNote)
    yield Item(code="asked", row=6, name=_("Persons asked"), found=asked)
    evidence = _of_case(CasePaper, letter__isnull=True) | ~Q(cause_evidence="")
    yield Item(code="evidence", row=6, name=_("Papers or evidence"), found=evidence)
    yield Item(code="cause", row=6, name=_("Root cause"), found=Q(cause__isnull=False))
    offered = _of_case(Remedy, state__in=["offered", "accepted", "declined", "done"])
    valid = ~Q(validity="invalid")
    yield Item(code="remedy", row=7, name=_("Remedy offered"), found=offered, applies=valid)
    above = _of_case(Remedy, approval__isnull=False)
    open_ = _of_case(Remedy, approval__isnull=False, approval__decision="")
    yield Item(code="approved", row=7, name=_("Approved by whom"), found=~open_, applies=above)


def _decision() -> Iterable[Item]:
    yield Item(code="answered", row=8, name=_("When and how it was told"), found=_of_case(Answer))
    replied = Q(Exists(Answer.objects.filter(case=OuterRef("pk")).exclude(reply="")))
    yield Item(code="reply", row=8, name=_("The complainant's reply"), found=replied)
    closed = Q(closed_at__isnull=False)
    yield Item(code="closed", row=9, name=_("Carried out, recorded, closed"), found=closed)
    refused = _of_case(Answer, reply="refused")
    redress = _of_case(StepDone, code="redress", skip_reason="")
    yield Item(
        code="redress", row=9, name=_("Other ways told after a refusal"), found=redress,
        applies=refused,
    )  # fmt: skip
    climbs = Q(ladder_level__gt=0) | _clock(missed_at__isnull=False)
    reached = _of_case(Escalation, to__isnull=False)
    yield Item(
        code="ladder", row=10, name=_("Level, time, to whom, why"), found=reached, applies=climbs
    )
    fair = Q(handler__isnull=False)  # and not the accused: the database refuses that
    yield Item(code="fair", row=11, name=_("The handler is not complained about"), found=fair)


def _afterwards() -> Iterable[Item]:
    sorted_ = Q(category__isnull=False, cause__isnull=False)
    yield Item(code="sorted", row=12, name=_("Category and root cause"), found=sorted_)
    counted = Q(cause__isnull=False) & ~Q(place="")
    yield Item(code="recurs", row=13, name=_("Recurrence: place and cause"), found=counted)
    told = _of_case(FollowUpDuty, result__in=["satisfied", "fair", "dissatisfied"])
    yield Item(code="satisfied", row=14, name=_("Asked how it was handled"), found=told)
    timed = _clock(kind="accept", met_at__isnull=False) & _clock(
        kind="handle", met_at__isnull=False
    )
    yield Item(code="timed", row=15, name=_("Acceptance and solution on the clock"), found=timed)
    corrected = ~Q(corrective_action="")
    yield Item(code="corrected", row=18, name=_("Corrective action"), found=corrected)
    without_reason = ReadLog.objects.filter(
        subject_kind="customer", subject_id=OuterRef("customer"), reason=""
    )
    logged = ~Q(Exists(without_reason))
    yield Item(code="private", row=19, name=_("Masked; every reveal with a reason"), found=logged)


def item_of(code: str) -> Item | None:
    """The thing with this code."""
    return next((one for one in items() if one.code == code), None)


def lacking(cases: CaseQuerySet, code: str) -> CaseQuerySet:
    """Complaints where this thing is asked for and not on record; none for an unknown code."""
    item = item_of(code)
    if item is None:
        return cases.none()
    return cases.complaints().filter(item.applies).exclude(item.found)
