"""Facts about rule documents, standards and principles."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class RuleEvent(Event):
    """A fact about a rule document."""

    subject: ClassVar[tuple[str, str] | None] = ("rule_document", "document_id")
    document_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class RuleWritten(RuleEvent):
    """A draft was written or changed; `how`: written, installed or upgraded."""

    how: str = "written"


@dataclass(frozen=True, kw_only=True)
class RulePublished(RuleEvent):
    """A version was published and holds from its effective day."""

    version_id: int
    effective_on: str


@dataclass(frozen=True, kw_only=True)
class RuleRead(RuleEvent):
    """A person confirmed to have read a version."""

    staff_id: int


@dataclass(frozen=True, kw_only=True)
class RuleReadersReminded(RuleEvent):
    """Those who have not read a version are reminded."""

    version_id: int
    staff_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class RuleReviewDue(RuleEvent):
    """The day has come on which a document must be looked through again."""

    review_on: str


@dataclass(frozen=True, kw_only=True)
class RuleReviewed(RuleEvent):
    """A document was looked through and stays as it is."""

    note: str


@dataclass(frozen=True, kw_only=True)
class RuleEvaluated(RuleEvent):
    """Somebody from outside evaluated a published document."""

    score: int


@dataclass(frozen=True, kw_only=True)
class StandardEvent(Event):
    """A fact about a standard."""

    subject: ClassVar[tuple[str, str] | None] = ("standard", "standard_id")
    standard_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class StandardSet(StandardEvent):
    """A standard was set or changed."""

    target: str


@dataclass(frozen=True, kw_only=True)
class StandardMeasured(StandardEvent):
    """It was found how a standard is kept."""

    value: str
    is_met: bool


@dataclass(frozen=True, kw_only=True)
class PrinciplesChanged(Event):
    """The list of principles is another one."""

    codes: list[str]
