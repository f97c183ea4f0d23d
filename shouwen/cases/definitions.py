"""What a kind of case is made of, as data: forms, categories, steps, clocks, ladders, remedies.

Packs carry these in YAML; a site edits them on a page; both are checked here and nowhere else.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]


class Strict(BaseModel):
    """A key nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldType(StrEnum):
    """What a form field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    PHONE = "phone"


class Stage(StrEnum):
    """The five stages of the loop (受理 处理 答复 回访 归档)."""

    ACCEPT = "accept"
    HANDLE = "handle"
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    ARCHIVE = "archive"


Priority = Literal["critical", "serious", "ordinary"]
Way = Literal["visit", "letter", "call", "chat", "mail", "sms", "form", "platform", "other"]


class Told(StrEnum):
    """What a customer may be told by itself, each once."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    CLOSED = "closed"


class Choice(Strict):
    """One answer of a choice field; chosen when a case is opened, its department has it at once."""

    code: Code
    name: Name
    hands_to: Code | None = None


class FormField(Strict):
    """A field of the form: what it holds, and from which stage on it must be filled."""

    code: Code
    name: Name
    type: FieldType = FieldType.TEXT
    required_from: Stage | None = None
    help: Text = ""
    print_name: Name | None = None
    choices: tuple[Choice, ...] = ()
    is_place: bool = False  # its value tells where it happened: same place, same cause recurs
    for_customer: bool = True  # stands on the form that customers fill in themselves

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        wants = self.type in {FieldType.CHOICE, FieldType.CHOICES}
        if wants != bool(self.choices):
            raise ValueError(_("choices belong to choice fields, and only there"))
        return self


class Node(Strict):
    """A category or a cause, with those below it."""

    code: Code
    name: Name
    help: Text = ""
    needs_evidence: bool = False  # a verdict on the customer (misuse) is nothing without evidence
    children: tuple["Node", ...] = ()


class Step(Strict):
    """Something that is done at a stage and ticked off, or passed over with a reason."""

    code: Code
    name: Name
    stage: Stage
    help: Text = ""
    is_for: Literal["all", "ordinary", "urgent", "major"] = "all"


class ClockRule(Strict):
    """How long a stage may take: the first rule whose conditions hold counts.

    `minutes` are working minutes, `days` whole working days; 0 days is the end of today.
    """

    stage: Stage
    minutes: Annotated[int, Field(ge=1, le=60 * 24 * 366)] | None = None
    days: Annotated[int, Field(ge=0, le=366)] | None = None
    warn_minutes: Annotated[int, Field(ge=0)] = 60
    calendar: Code | None = None  # without: the department's, else the company's
    is_urgent: bool | None = None
    is_major: bool | None = None
    is_handed_over: bool | None = None
    priority: Priority | None = None
    way: Way | None = None
    pauses: bool = True  # stands still while we wait for the customer
    source: Text = ""

    @model_validator(mode="after")
    def _has_one_amount(self) -> Self:
        if (self.minutes is None) == (self.days is None):
            raise ValueError(_("a clock counts either minutes or days"))
        return self


class Response(Strict):
    """A time that is promised besides the stages: from registration until a moment field is filled.

    The support centre's answer is measured to the departure of its engineer (D615).
    """

    field: Code
    minutes: Annotated[int, Field(ge=1, le=60 * 24 * 366)]
    warn_minutes: Annotated[int, Field(ge=0)] = 0
    calendar: Code | None = None
    priority: Priority | None = None


class Rung(Strict):
    """A level of the ladder: who is told when it is reached."""

    role: Code
    name: Name
    is_company: bool = False  # a leader of the company: beyond the power of departments (D677)


class RemedyKind(Strict):
    """A remedy that may be offered, and up to which amount without a higher approval (in fen)."""

    code: Code
    name: Name
    has_amount: bool = False
    free_limit_fen: Annotated[int, Field(ge=0)] = 0
    approver_role: Code | None = None


class KindDefinition(Strict):
    """A kind of case (工单种类), whole."""

    code: Code
    name: Name
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,6}$")]
    is_complaint: bool = False
    always_urgent: bool = False  # sudden events: never handled alone, at once with the superior
    explanation: Text = ""
    is_public: bool = False  # customers may send it in themselves, without signing in
    invitation: Text = ""  # what stands above the customer's own form
    tells: tuple[Told, ...] = tuple(Told)  # what the customer is told by itself
    department: Code | None = None
    needs_demand: bool = False
    needs_judging: bool = False
    needs_approval: Literal["never", "ordinary", "always"] = "never"
    needs_answer: bool = True
    needs_follow_up: bool = False
    needs_satisfaction: bool = False  # half satisfied is not enough: worked on until he is
    needs_cause: bool = False
    customer_sets_priority: bool = False  # on the form that customers fill in themselves
    goes_to_keeper: bool = False  # whoever keeps the customer has it at once, as a task
    hands_to: Code | None = None  # the department that has it at once, as a task
    follow_up_days: Annotated[int, Field(ge=0, le=90)] = 3
    stalled_after_hours: Annotated[int, Field(ge=1, le=24 * 60)] = 24
    recurs_within_days: Annotated[int, Field(ge=1, le=730)] = 30
    fields: tuple[FormField, ...] = ()
    categories: tuple[Node, ...] = ()
    causes: tuple[Node, ...] = ()
    steps: tuple[Step, ...] = ()
    clocks: tuple[ClockRule, ...] = ()
    responses: tuple[Response, ...] = ()
    ladder: tuple[Rung, ...] = ()
    urgent_ladder: tuple[Rung, ...] = ()  # for special or urgent ones; empty: the same ladder
    remedies: tuple[RemedyKind, ...] = ()
    targets: tuple[Code, ...] = ()  # departments that work is usually handed to
    guidance: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _customers_can_fill_it_in(self) -> Self:
        hidden = [
            one.code
            for one in self.fields
            if one.required_from is Stage.ACCEPT and not one.for_customer
        ]
        if self.is_public and hidden:
            raise ValueError(
                f"{', '.join(hidden)}: needed at acceptance, but customers are not asked for it"
            )
        return self

    @model_validator(mode="after")
    def _codes_are_once(self) -> Self:
        lists: dict[str, list[str]] = {
            "fields": [one.code for one in self.fields],
            "categories": _codes(self.categories),
            "causes": _codes(self.causes),
            "steps": [one.code for one in self.steps],
            "remedies": [one.code for one in self.remedies],
        }
        for name, codes in lists.items():
            twice = sorted({code for code in codes if codes.count(code) > 1})
            if twice:
                raise ValueError(
                    _("%(list)s: %(codes)s stands there twice")
                    % {"list": name, "codes": ", ".join(twice)}
                )
        return self

    @model_validator(mode="after")
    def _responses_end_with_a_moment(self) -> Self:
        for one in self.responses:
            field = self.field(one.field)
            if field is None or field.type != FieldType.MOMENT:
                raise ValueError(_("responses: “%s” is no field that holds a moment") % one.field)
        return self

    def field(self, code: str) -> FormField | None:
        """The form field with this code."""
        return next((one for one in self.fields if one.code == code), None)

    def ladder_for(self, *, is_urgent: bool) -> tuple[Rung, ...]:
        """Who is told, level by level, for a case of this nature."""
        return self.urgent_ladder if is_urgent and self.urgent_ladder else self.ladder

    def remedy(self, code: str) -> RemedyKind | None:
        """The remedy with this code."""
        return next((one for one in self.remedies if one.code == code), None)

    def steps_at(self, stage: str, *, is_urgent: bool, is_major: bool) -> list[Step]:
        """What is ticked off at a stage, for a case of this nature."""
        natures = {"all", "urgent" if is_urgent else "ordinary"} | (
            {"major"} if is_major else set()
        )
        return [one for one in self.steps if one.stage == stage and one.is_for in natures]


def _codes(nodes: tuple[Node, ...]) -> list[str]:
    return [code for node in nodes for code in (node.code, *_codes(node.children))]
