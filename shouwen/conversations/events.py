"""Facts about conversations."""

from dataclasses import dataclass, field
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class ConversationEvent(Event):
    """Base: a fact about one conversation."""

    subject: ClassVar[tuple[str, str] | None] = ("conversation", "conversation_id")
    conversation_id: int
    queue_id: int
    department_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationOpened(ConversationEvent):
    """A customer got in touch; it waits in its queue."""

    channel: str
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationClaimed(ConversationEvent):
    """A member of staff has it now: routed, claimed by hand, or taken over."""

    staff_id: int
    how: str
    from_staff_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ConversationQueued(ConversationEvent):
    """It waits again: transferred to a group, given back, or its agent went away."""

    from_staff_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ConversationBecameMessage(ConversationEvent):
    """Nobody could serve now: it is a message with an owner (留言)."""

    owner_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConversationTransferred(ConversationEvent):
    """Handed to another person or group with a reason; the first responder stays."""

    from_staff_id: int | None
    to_staff_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConversationClosed(ConversationEvent):
    """It has ended."""

    outcome: str
    customer_id: int
    handler_id: int | None


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(ConversationEvent):
    """The customer wrote again to a closed conversation (mail)."""

    handler_id: int | None


@dataclass(frozen=True, kw_only=True)
class ConversationJoined(ConversationEvent):
    """A supervisor looks in or joins (监控/强插)."""

    staff_id: int


@dataclass(frozen=True, kw_only=True)
class WrapUpFinished(ConversationEvent):
    """The summary is complete; so many points are unsolved."""

    unsolved: int


@dataclass(frozen=True, kw_only=True)
class PointSolved(ConversationEvent):
    """A carried point is solved."""

    point_id: int


@dataclass(frozen=True, kw_only=True)
class CallBackOwed(ConversationEvent):
    """Somebody must call the customer back."""

    call_back_id: int
    owner_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class CallBackDone(ConversationEvent):
    """The customer was called back."""

    call_back_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerMarkedHarassing(Event):
    """The team is warned of a caller, with the rule how to handle him."""

    subject: ClassVar[tuple[str, str] | None] = ("customer", "customer_id")
    customer_id: int
    reason: str
    handling: str


@dataclass(frozen=True, kw_only=True)
class HarassmentLifted(Event):
    """The warning is taken back."""

    subject: ClassVar[tuple[str, str] | None] = ("customer", "customer_id")
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class PostedLine:
    """Where a new line stands, who sent it, and whose conversation it is then."""

    line_id: int
    conversation_id: int
    seq: int
    rev: int = 0
    kind: str
    channel: str
    author_id: int | None
    handler_id: int | None = None
    department_id: int = 0
    mentions: list[int]
    # Whether the promise of an answer ran when it was said.
    has_clock: bool = False
    # The approved answers its words were taken from.
    answers: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LinesPosted(Event):
    """Lines were written, many at once; one fact for the group."""

    lines: list[PostedLine]


@dataclass(frozen=True, kw_only=True)
class LineRecalled(ConversationEvent):
    """A line was taken back within two minutes."""

    line_id: int


@dataclass(frozen=True, kw_only=True)
class LinesRead(Event):
    """Somebody has read to here. A mark on a screen, no fact for the books: not kept in history."""

    is_kept: ClassVar[bool] = False
    subject: ClassVar[tuple[str, str] | None] = ("conversation", "conversation_id")
    conversation_id: int
    by_customer: bool
    seq: int


@dataclass(frozen=True, kw_only=True)
class AnsweredByPhone(ConversationEvent):
    """The customer was called instead of written to; the call is a contact of its own."""

    call_id: int


@dataclass(frozen=True, kw_only=True)
class ContactAsked(ConversationEvent):
    """The contact is of this kind; questions of its list were answered."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class PointMarked(ConversationEvent):
    """A need, opinion, complaint or suggestion was heard."""

    point_id: int
    sort: str


@dataclass(frozen=True, kw_only=True)
class CustomerTold(ConversationEvent):
    """The customer was told how far his matter is, or the answer."""

    feedback_id: int
    is_final: bool


@dataclass(frozen=True, kw_only=True)
class ContactLogSetUp(Event):
    """A kind of matters, or a part of the day for the report, was made or changed."""

    what: str
    row_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyTimesChanged(Event):
    """How soon answers are promised was changed."""


@dataclass(frozen=True, kw_only=True)
class MailDeskChanged(Event):
    """How mail of a mailbox is received and answered was changed."""

    subject: ClassVar[tuple[str, str] | None] = ("mailbox", "mailbox_id")
    mailbox_id: int


@dataclass(frozen=True, kw_only=True)
class QueueChanged(Event):
    """A queue was made or changed."""

    subject: ClassVar[tuple[str, str] | None] = ("queue", "queue_id")
    queue_id: int


@dataclass(frozen=True, kw_only=True)
class WidgetSiteChanged(Event):
    """A widget was made or changed."""

    subject: ClassVar[tuple[str, str] | None] = ("widget_site", "site_id")
    site_id: int


@dataclass(frozen=True, kw_only=True)
class Typing(Event):
    """Somebody types; `by_id` is empty for the customer. Never kept."""

    is_kept: ClassVar[bool] = False
    conversation_id: int
