"""What the API takes about cases."""

from typing import Annotated, Any, Literal, Self

from ninja import Field, Schema
from pydantic import BaseModel, model_validator

from shouwen.cases.models import Case, FollowUpDuty
from shouwen.core.moments import Moment

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Code = Annotated[str, Field(max_length=40)]
Words = Annotated[str, Field(min_length=1, max_length=10_000)]
Reason = Annotated[str, Field(min_length=1, max_length=300)]
Grade = Annotated[int, Field(ge=0, le=3)]
BATCH_MOST = 1000


class WriterIn(BaseModel):
    """Who it is about: the one customer with any of these contact points, opened if there is none."""

    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    mail: str = Field("", max_length=254)


class CaseIn(BaseModel):
    """A matter to register. `values` are the form's fields by code; `matter` is in the customer's words."""

    kind: Code
    way: Case.Way
    matter: Words
    demand: str = Field("", max_length=10_000)
    title: str = Field("", max_length=120)
    customer_id: Id | None = None
    customer: WriterIn | None = None
    conversation_id: Id | None = None
    values: dict[str, Any] = Field(default_factory=dict, max_length=100)
    category: Code = ""
    department: Code = Field("", description="Empty: the kind's, else that of the key's person.")
    accused_id: Id | None = None
    is_urgent: bool = False
    is_major: bool = False
    priority: Case.Priority = Case.Priority.ORDINARY
    happened_at: Moment | None = None

    @model_validator(mode="after")
    def _is_about_somebody(self) -> Self:
        if not (self.customer_id or self.customer or self.conversation_id):
            raise ValueError("name customer_id, customer or conversation_id")
        return self


class CaseRowIn(CaseIn):
    """A row of a batch. The same `key` of the same person is one case for ever."""

    key: str = Field(min_length=1, max_length=100)


class CaseRowsIn(Schema):
    """At most a thousand rows; read one by one, so that a bad row spoils no other."""

    rows: list[dict[str, Any]] = Field(
        min_length=1, max_length=BATCH_MOST, description="Each as CaseRowIn."
    )


class CaseReasonIn(Schema):
    """Why."""

    reason: Reason


class AssignIn(CaseReasonIn):
    """To whom, and why."""

    staff_id: Id


class JudgeIn(Schema):
    """Valid or not; an invalid one is helped nevertheless or politely refused."""

    is_valid: bool
    reason: str = Field(min_length=1, max_length=500)
    contract_clause: str = Field("", max_length=200)
    invalid_choice: Literal["", "assist", "refuse"] = ""


class ReviewIn(Schema):
    """How grave it is, each from 0 to 3; a change needs a reason."""

    safety: Grade
    impact: Grade
    urgency: Grade
    is_major: bool = False
    is_urgent: bool = False
    reason: str = Field("", max_length=300)


class ProposalIn(Schema):
    """How to handle it, and what else could be done."""

    proposal: Words
    options: str = Field("", max_length=10_000)


class DecisionIn(Schema):
    """Granted or not; a refusal says why."""

    is_granted: bool
    words: str = Field("", max_length=500)


class HandOffIn(Schema):
    """What is to be done, by which department or person, until when."""

    department: Code
    task: str = Field(min_length=1, max_length=300)
    staff_id: Id | None = None
    reason: str = Field("", max_length=300)
    due_at: Moment | None = None


class NewsIn(Schema):
    """A word of progress; `told_way` says that and how the customer heard it."""

    text: Words
    told_way: Case.Way | Literal[""] = ""
    customer_opinion: str = Field("", max_length=500)


class ResultIn(Schema):
    """What came of it."""

    result: Words


class AnswerIn(Schema):
    """What the customer was told: concrete time and method, or that it is not ours and why."""

    way: Case.Way
    text: Words
    method: str = Field("", max_length=300)
    works_from: Moment | None = None
    is_not_ours: bool = False
    other_way_reason: str = Field("", max_length=300)


class ReplyIn(Schema):
    """Whether the customer accepts the answer."""

    is_accepted: bool
    words: str = Field("", max_length=500)


class PromiseIn(Schema):
    """What was promised, and until when."""

    text: Reason
    due_at: Moment


class FollowUpIn(Schema):
    """How the follow-up went; a dissatisfied customer says with what."""

    result: Annotated[
        FollowUpDuty.Result, Field(description="Not empty: a result cannot be owed again.")
    ]
    way: Case.Way
    words: str = Field("", max_length=10_000)


class ArchiveIn(Schema):
    """What the archive asks for; `cause` is a code of the kind."""

    cause: Code = ""
    cause_evidence: str = Field("", max_length=500)
    corrective_action: str = Field("", max_length=10_000)
    is_won_back: bool | None = None


class StepIn(Schema):
    """Done with a note, or passed over with a reason."""

    note: str = Field("", max_length=500)
    skip_reason: str = Field("", max_length=300)


class FormIn(Schema):
    """What of the form is written anew; what is left out stays."""

    title: str | None = Field(None, min_length=1, max_length=120)
    matter: Words | None = None
    demand: str | None = Field(None, max_length=10_000)
    values: dict[str, Any] | None = Field(None, max_length=100)
    category: Code = ""
