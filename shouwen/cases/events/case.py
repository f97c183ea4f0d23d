"""Facts about cases."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Base: a fact about one case, and whom its lists belong to."""

    subject: ClassVar[tuple[str, str] | None] = ("case", "case_id")
    case_id: int
    department_id: int
    handler_id: int | None
    first_responder_id: int


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    """Registered: it has a number and a first responder."""

    kind_code: str
    customer_id: int
    way: str
    conversation_id: int | None = None
    recurrence: int = 1


@dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    """Somebody has said that he takes it."""


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(CaseEvent):
    """Another person handles it; the first responder stays."""

    from_staff_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseFormChanged(CaseEvent):
    """What the form says was changed; `fields` names what."""

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class CaseJudged(CaseEvent):
    """Found valid or invalid, with a reason."""

    validity: str
    reason: str
    invalid_choice: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseReviewed(CaseEvent):
    """Its severity was scored, or changed with a reason."""

    is_major: bool
    is_urgent: bool
    score: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class StepFinished(CaseEvent):
    """A step was done, or passed over with a reason."""

    step: str
    skip_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HandOffEvent(CaseEvent):
    """Base: a fact about work handed over."""

    hand_off_id: int
    to_department_id: int
    to_staff_id: int | None


@dataclass(frozen=True, kw_only=True)
class HandedOff(HandOffEvent):
    """Work was handed to a department or person."""

    task: str


@dataclass(frozen=True, kw_only=True)
class HandOffReceived(HandOffEvent):
    """They have it."""


@dataclass(frozen=True, kw_only=True)
class HandOffDone(HandOffEvent):
    """They did it, with a result."""


@dataclass(frozen=True, kw_only=True)
class HandOffReturned(HandOffEvent):
    """They sent it back, or we took it back."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ProgressNoted(CaseEvent):
    """There is news; with `told_way` the customer knows it."""

    note_id: int
    hand_off_id: int | None = None
    told_way: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseStalled(CaseEvent):
    """Nothing was heard for as long as its kind allows. Announced once a silence."""

    silent_since: datetime


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(CaseEvent):
    """Somebody higher is asked."""

    approval_id: int
    about: str
    role_code: str


@dataclass(frozen=True, kw_only=True)
class ApprovalDecided(CaseEvent):
    """Granted or refused."""

    approval_id: int
    about: str
    decision: str
    asked_by_id: int


@dataclass(frozen=True, kw_only=True)
class RemedyOffered(CaseEvent):
    """The customer is offered something."""

    remedy_id: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class RemedySettled(CaseEvent):
    """The customer took it or not, or it was carried out."""

    remedy_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(CaseEvent):
    """A level of the ladder was reached."""

    escalation_id: int
    level: int
    to_id: int | None
    how: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OverheadRiskSeen(CaseEvent):
    """The customer may complain over our heads."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class EscalationAdvised(CaseEvent):
    """Advice came back down."""

    escalation_id: int


@dataclass(frozen=True, kw_only=True)
class PromiseMade(CaseEvent):
    """The customer was promised something by a time."""

    promise_id: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseKept(CaseEvent):
    """The promise is kept, in time or not."""

    promise_id: int
    was_in_time: bool


@dataclass(frozen=True, kw_only=True)
class PromiseInTrouble(CaseEvent):
    """Something came up: the customer must hear of it before the promise is broken."""

    promise_id: int
    trouble: str


@dataclass(frozen=True, kw_only=True)
class CaseWaits(CaseEvent):
    """We wait for the customer: clocks stand still."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseGoesOn(CaseEvent):
    """The customer has done his part."""


@dataclass(frozen=True, kw_only=True)
class CaseHandled(CaseEvent):
    """There is a result."""


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(CaseEvent):
    """The customer has an answer."""

    answer_id: int
    way: str


@dataclass(frozen=True, kw_only=True)
class AnswerReplied(CaseEvent):
    """The customer accepts the answer, or not."""

    answer_id: int
    reply: str


@dataclass(frozen=True, kw_only=True)
class FollowUpOwed(CaseEvent):
    """The customer is to be asked whether he is satisfied."""

    follow_up_id: int
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpRecorded(CaseEvent):
    """The follow-up has a result."""

    follow_up_id: int
    result: str


@dataclass(frozen=True, kw_only=True)
class CaseArchived(CaseEvent):
    """Closed, with all the archive asks for."""

    cause_id: int | None
    is_won_back: bool | None


@dataclass(frozen=True, kw_only=True)
class CaseReopened(CaseEvent):
    """It is worked on again; everything before is kept and counted."""

    reason: str
    from_stage: str


@dataclass(frozen=True, kw_only=True)
class CaseLinked(CaseEvent):
    """Tied to another case."""

    other_id: int
    link: str


@dataclass(frozen=True, kw_only=True)
class CaseMerged(CaseEvent):
    """It goes on inside another case."""

    into_id: int


@dataclass(frozen=True, kw_only=True)
class CaseUnmerged(CaseEvent):
    """It stands by itself again."""

    from_id: int


@dataclass(frozen=True, kw_only=True)
class PaperAdded(CaseEvent):
    """A paper belongs to it."""

    paper_id: int


@dataclass(frozen=True, kw_only=True)
class LetterKept(CaseEvent):
    """A version of the reply letter lies among its papers."""

    letter_id: int
    version: int
