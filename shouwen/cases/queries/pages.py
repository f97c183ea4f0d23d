"""Everything the page of one case shows, read once."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import FieldType, FormField, Step
from shouwen.cases.formvalues import shown_value
from shouwen.cases.models import (
    Answer,
    Approval,
    Case,
    CasePaper,
    CasePromise,
    CaseVolume,
    CustomerWord,
    Escalation,
    FollowUpDuty,
    HandOff,
    Remedy,
    StepDone,
)
from shouwen.cases.queries.kinds import defined_at
from shouwen.cases.queries.responses import ShownResponse, responses_of
from shouwen.cases.workflow import PATH, place_on_path
from shouwen.customers.masking import HIDDEN, mask_phone
from shouwen.customers.normalising import Unreadable, normalise
from shouwen.customers.permissions import CustomerPermission
from shouwen.deadlines.arithmetic import Explanation
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.queries import deadlines_of, why_due


@dataclass(frozen=True)
class PathStep:
    """One of the five stages on the path: done, current, late or to come, and its time."""

    name: str
    state: str
    done_at: datetime | None
    due_at: datetime | None
    is_paused: bool


@dataclass(frozen=True)
class ShownField:
    """A field of the form and what stands in it."""

    field: FormField
    value: str
    is_missing: bool


@dataclass(frozen=True)
class ShownStep:
    """A step of the kind and whether it is done."""

    step: Step
    done: StepDone | None


@dataclass(frozen=True)
class CasePage:
    """What is known of a case, for its page and its papers."""

    case: Case
    path: list[PathStep]
    fields: list[ShownField]
    steps: list[ShownStep]
    hand_offs: list[HandOff]
    approvals: list[Approval]
    remedies: list[Remedy]
    promises: list[CasePromise]
    escalations: list[Escalation]
    answers: list[Answer]
    follow_ups: list[FollowUpDuty]
    papers: list[CasePaper]
    volumes: list[CaseVolume]
    responses: list[ShownResponse]
    clocks: list[Deadline]
    customer_words: list[CustomerWord]
    clock: Deadline | None
    why: Explanation | None

    @property
    def open_proposal(self) -> Approval | None:
        """The proposal that waits for its answer."""
        return next((a for a in self.approvals if a.about == "proposal" and not a.decision), None)

    @property
    def granted_proposal(self) -> Approval | None:
        """The proposal that was approved last."""
        granted = [a for a in self.approvals if a.about == "proposal" and a.decision == "granted"]
        return granted[-1] if granted else None


def case_page(case: Case, staff: Staff, *, at: datetime) -> CasePage:
    """The case with all that belongs to it, phone numbers masked for whoever may not see them.

    About a dozen short reads, whatever its length.
    """
    clocks = list(deadlines_of("case", case.pk))
    clock = next((one for one in clocks if one.is_running and one.kind == case.stage), None)
    return CasePage(
        case=case,
        path=_path(case, clocks, at),
        fields=_fields(case, staff),
        steps=_steps(case),
        hand_offs=list(
            case.hand_offs.select_related("department", "staff", "received_by")
            .prefetch_related("progress__by")
            .order_by("pk")
        ),
        approvals=list(case.approvals.select_related("asked_by", "decided_by").order_by("pk")),
        remedies=list(case.remedies.select_related("approval").order_by("pk")),
        promises=list(case.promises.select_related("by").order_by("due_at", "pk")),
        escalations=list(case.escalations.select_related("to", "by").order_by("pk")),
        answers=list(case.answers.select_related("by").order_by("pk")),
        follow_ups=list(case.follow_ups.select_related("owner", "by").order_by("pk")),
        papers=list(case.papers.select_related("file", "by", "letter").order_by("pk")),
        volumes=list(case.volumes.defer("sheet", "contents").order_by("number")),
        responses=responses_of(case),
        clocks=clocks,
        customer_words=list(
            case.customer_words.prefetch_related("papers__file").order_by("at", "pk")
        ),
        clock=clock,
        why=why_due(clock) if clock else None,
    )


def _path(case: Case, clocks: list[Deadline], at: datetime) -> list[PathStep]:
    done = {
        "accept": case.accepted_at,
        "handle": case.handled_at,
        "answer": case.answered_at,
        "follow_up": case.followed_up_at,
        "archive": case.closed_at,
    }
    here = len(PATH) if case.is_closed else place_on_path(case.stage)
    return [
        _step(stage, number, here, done[stage], clocks, at) for number, stage in enumerate(PATH)
    ]


def _step(
    stage: str,
    number: int,
    here: int,
    done_at: datetime | None,
    clocks: list[Deadline],
    at: datetime,
) -> PathStep:
    clock = next((one for one in clocks if one.kind == stage and one.is_running), None)
    state = "done" if number < here else "current" if number == here else ""
    if state == "done" and done_at is None:
        state = "passed"
    if state == "current" and clock and not clock.is_paused and clock.due_at < at:
        state = "late"
    return PathStep(
        name=str(Case.Stage(stage).label),
        state=state,
        done_at=done_at if state == "done" else None,
        due_at=clock.due_at if clock else None,
        is_paused=bool(clock and clock.is_paused),
    )


def _fields(case: Case, staff: Staff) -> list[ShownField]:
    sees_clear = staff.may(CustomerPermission.SEE_CLEAR)
    here = place_on_path(case.stage)
    shown = []
    for field in case.kind.defined.fields:
        is_there = field.code in case.values
        wanted = field.required_from and place_on_path(field.required_from) <= here + 1
        value = shown_value(field, case.values[field.code]) if is_there else ""
        if field.type == FieldType.PHONE and value and not sees_clear:
            value = masked_phone(value)
        shown.append(ShownField(field, value, is_missing=bool(wanted) and not is_there))
    return shown + _fields_gone(case, sees_clear=sees_clear)


def _fields_gone(case: Case, *, sees_clear: bool) -> list[ShownField]:
    """What was filled into fields that the kind has no longer, by the names they had then."""
    gone = [code for code in case.values if case.kind.defined.field(code) is None]
    if not gone:
        return []
    then = defined_at(case.kind, case.created_at)
    named = [then.field(code) or FormField(code=code, name=code) for code in gone]
    return [_shown(field, case, sees_clear=sees_clear) for field in named]


def _shown(field: FormField, case: Case, *, sees_clear: bool) -> ShownField:
    value = shown_value(field, case.values[field.code])
    if field.type == FieldType.PHONE and not sees_clear:
        value = masked_phone(value)
    return ShownField(field, value, is_missing=False)


def masked_phone(value: str) -> str:
    """A phone number as anybody may see it; one that cannot be read is hidden whole."""
    try:
        return mask_phone(normalise("phone", value))
    except Unreadable:
        return HIDDEN


def _steps(case: Case) -> list[ShownStep]:
    defined = case.kind.defined
    done = {one.code: one for one in case.steps_done.select_related("by")}
    wanted = [
        step
        for stage in PATH
        for step in defined.steps_at(stage, is_urgent=case.is_urgent, is_major=case.is_major)
    ]
    return [ShownStep(step, done.get(step.code)) for step in wanted]


def what_is_next(page: CasePage) -> str:
    """One line that says what the case waits for now."""
    case = page.case
    if case.is_closed:
        return _("Archived.")
    if case.is_waiting:
        return _("We wait for the customer; the clock stands still.")
    if page.open_proposal:
        return _("The proposal waits for its approval.")
    lines = {
        "accept": _("Nobody has taken it yet."),
        "handle": _("Find a result: by yourself, or by those it is handed to."),
        "answer": _("Tell the customer the result, in the way he came."),
        "follow_up": _("Ask the customer whether he is satisfied."),
        "archive": _("Write down the root cause and put it into the archive."),
    }
    return lines[case.stage]
