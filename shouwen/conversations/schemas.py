"""What the API says and takes about conversations."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from shouwen.core.moments import Moment


class PersonOut(Schema):
    """A member of staff."""

    id: int
    name: str


class ConversationOut(Schema):
    """A conversation; the customer's name as the key's person may see it. Times are moments with a zone."""

    id: int
    number: str
    receipt_number: str
    channel: str
    direction: str
    state: str
    outcome: str
    subject: str
    customer_id: int
    customer_name: str
    queue: str
    department: str
    first_responder: PersonOut | None
    handler: PersonOut | None
    is_harassing: bool
    has_unsolved_points: bool
    opened_at: datetime
    first_answered_at: datetime | None
    waiting_since: datetime | None
    closed_at: datetime | None
    queue_seconds: int | None
    last_line_text: str


class ConversationsOut(Schema):
    """A page of conversations; `next` is the cursor of the following one, empty at the end."""

    items: list[ConversationOut]
    next: str


class LinesOut(Schema):
    """Lines changed since a cursor (`rev`), where the cursor stands now, and the state."""

    lines: list[dict[str, Any]]
    cursor: int
    state: dict[str, Any]


class LineIn(Schema):
    """A line to say. The same `client_id` again is the same line."""

    client_id: UUID
    text: str = Field(max_length=4000)
    kind: Literal["agent", "note"] = "agent"
    guard_reason: str = Field(
        "", max_length=200, description="why words that the phrase guard warns of go out after all"
    )


class WrittenContactIn(Schema):
    """A contact that is written down: a call, a visit, a letter, a message, a post."""

    channel: Literal["phone", "walk_in", "letter", "sms", "platform", "web_post"]
    words: str = Field(min_length=1, max_length=4000)
    outcome: Literal["answered", "call_back", "missed"]
    name: str = Field("", max_length=100)
    phone: str = Field("", max_length=40)
    mail: str = Field("", max_length=254)
    account: str = Field("", max_length=100)
    platform: str = Field("", max_length=40)
    direction: Literal["in", "out"] = "in"
    answer: str = Field("", max_length=4000)
    call_back_at: Moment | None = None
    queue_code: str = Field("", max_length=40, description="Empty: the default queue.")


class TransferIn(Schema):
    """To whom: a person or a queue, one of them, with a reason."""

    staff_id: int | None = None
    queue_code: str = Field("", max_length=40)
    reason: str = Field(min_length=1, max_length=300)


class PointIn(Schema):
    """One point the customer raised."""

    text: str = Field(min_length=1, max_length=300)
    is_solved: bool
    sort: Literal["", "need", "opinion", "complaint", "suggestion"] = ""


class SummaryIn(Schema):
    """The summary that ends a conversation; an unsolved point needs a next action."""

    kind: str = Field("enquiry", max_length=12, description="the code of a kind of matters")
    demand: str = Field(min_length=1, max_length=500)
    points: list[PointIn] = Field(min_length=1, max_length=20)
    motive: str = Field("", max_length=200)
    place: str = Field("", max_length=100)
    next_action: str = Field("", max_length=300)
    needs: str = Field("", max_length=500)
    answers: dict[int, str] = Field(default_factory=dict, description="by the id of the question")


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(min_length=1, max_length=300)
