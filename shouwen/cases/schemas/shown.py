"""What the API says about cases. Times are moments with a zone; people's data as the key's person may see it."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import BaseModel


class CasePersonOut(Schema):
    """A member of staff."""

    id: int
    name: str


class KindOut(Schema):
    """A kind of case that new cases may have."""

    code: str
    name: str
    is_complaint: bool
    explanation: str


class NodeOut(Schema):
    """A category or a cause; `parent` is the code of the one above it, empty at the top."""

    code: str
    name: str
    parent: str
    needs_evidence: bool


class KindFileOut(KindOut):
    """A kind whole: what its form asks, what it is sorted by, its steps, clocks, ladder and remedies."""

    needs_demand: bool
    needs_judging: bool
    needs_approval: str
    needs_answer: bool
    needs_follow_up: bool
    needs_cause: bool
    fields: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    ladder: list[dict[str, Any]]
    remedies: list[dict[str, Any]]
    categories: list[NodeOut]
    causes: list[NodeOut]


class CaseOut(Schema):
    """A case as lists show it. `category` and `kind` are codes; `due_at` is the nearest running clock."""

    id: int
    number: str
    kind: str
    kind_name: str
    is_complaint: bool
    category: str
    title: str
    place: str
    way: str
    customer_id: int
    customer_name: str
    conversation_id: int | None
    department: str
    department_id: int
    first_responder: CasePersonOut
    handler: CasePersonOut | None
    stage: str
    is_closed: bool
    is_waiting: bool
    is_handed_over: bool
    is_urgent: bool
    is_major: bool
    priority: str
    validity: str
    ladder_level: int
    reopened_count: int
    recurrence: int
    opened_at: datetime
    accepted_at: datetime | None
    handled_at: datetime | None
    answered_at: datetime | None
    followed_up_at: datetime | None
    closed_at: datetime | None
    last_progress_at: datetime
    due_at: datetime | None


class CasesOut(Schema):
    """A page of cases; `next` is the cursor of the following one, empty at the end."""

    items: list[CaseOut]
    next: str


class FieldOut(Schema):
    """A field of the form: its stored value, and the value in words; phone numbers masked."""

    code: str
    name: str
    type: str
    value: Any
    shown: str
    is_missing: bool


class ClockOut(Schema):
    """A clock: of a stage, its end, and what became of it."""

    stage: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    paused_at: datetime | None
    missed_at: datetime | None
    met_at: datetime | None
    cancelled_at: datetime | None


class StepOut(Schema):
    """A step of the kind: done, passed over with a reason, or open."""

    code: str
    name: str
    stage: str
    done_at: datetime | None
    skip_reason: str


class NewsOut(Schema):
    """A word of progress."""

    at: datetime
    by: CasePersonOut
    text: str
    told_way: str
    customer_opinion: str


class HandOffOut(Schema):
    """Work handed to a department or person."""

    id: int
    department: str
    staff: CasePersonOut | None
    task: str
    reason: str
    state: str
    sent_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    result: str
    progress: list[NewsOut]


class PromiseOut(Schema):
    """A promise to the customer, with its own clock."""

    id: int
    text: str
    by: CasePersonOut
    due_at: datetime
    kept_at: datetime | None
    trouble: str
    customer_told_at: datetime | None


class ApprovalOut(Schema):
    """A question to somebody higher; `decision` is empty while it waits."""

    id: int
    about: str
    text: str
    role_code: str
    asked_by: CasePersonOut
    asked_at: datetime
    decision: str
    decided_at: datetime | None
    words: str


class AnswerOut(Schema):
    """What the customer was told, and what he says to it."""

    id: int
    way: str
    at: datetime
    by: CasePersonOut
    text: str
    method: str
    works_from: datetime | None
    is_not_ours: bool
    reply: str
    reply_words: str


class FollowUpOut(Schema):
    """A follow-up owed or done; `result` is empty while it is owed."""

    id: int
    owed_since: datetime
    result: str
    way: str
    words: str
    at: datetime | None
    attempts: int


class EscalationOut(Schema):
    """A level of the ladder reached."""

    id: int
    level: int
    role_name: str
    to: CasePersonOut | None
    how: str
    reason: str
    at: datetime
    advice: str


class CaseFileOut(CaseOut):
    """A case whole, without its history; `next_step` says in words what it waits for."""

    matter: str
    demand: str
    result: str
    cause: str
    cause_evidence: str
    corrective_action: str
    is_won_back: bool | None
    validity_reason: str
    contract_clause: str
    invalid_choice: str
    safety: int | None
    impact: int | None
    urgency: int | None
    next_step: str
    form: list[FieldOut]
    clocks: list[ClockOut]
    steps: list[StepOut]
    hand_offs: list[HandOffOut]
    promises: list[PromiseOut]
    approvals: list[ApprovalOut]
    answers: list[AnswerOut]
    follow_ups: list[FollowUpOut]
    escalations: list[EscalationOut]


class FactOut(Schema):
    """One fact of the history: its name for programs, and in words."""

    id: int
    at: datetime
    name: str
    by: str
    text: str
    detail: str


class FactsOut(Schema):
    """A page of history, newest first."""

    items: list[FactOut]
    next: str


class OpenedRowOut(BaseModel):
    """What became of one row of a batch: the case, or the words of its refusal with their status.

    `is_repeated`: this key had opened the case before, and nothing was opened now.
    """

    key: str
    status: int
    case_id: int | None = None
    number: str = ""
    due_at: datetime | None = None
    is_repeated: bool = False
    error: str = ""
    fields: list[str] = []


class OpenedRowsOut(BaseModel):
    """A result per row, in the order of the rows."""

    opened: int
    repeated: int
    refused: int
    rows: list[OpenedRowOut]
