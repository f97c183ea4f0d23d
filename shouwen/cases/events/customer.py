"""Facts about what customers hear and do themselves, and about their letters."""

from dataclasses import dataclass

from shouwen.cases.events.case import CaseEvent


@dataclass(frozen=True, kw_only=True)
class CustomerSpoke(CaseEvent):
    """The customer added a word or a picture on his own page."""

    word_id: int
    pictures: int


@dataclass(frozen=True, kw_only=True)
class CustomerTold(CaseEvent):
    """The customer was told by mail, by itself, how it goes on."""

    what: str
    outbound_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerNotTold(CaseEvent):
    """He was to be told by mail, and it could not be written."""

    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StatusLinkMade(CaseEvent):
    """The customer can look at his case; `is_anew` ends the link before."""

    is_anew: bool


@dataclass(frozen=True, kw_only=True)
class LetterEntered(CaseEvent):
    """It came by letter: entered in the book and put before the leader."""

    letter_id: int
    to_id: int | None


@dataclass(frozen=True, kw_only=True)
class LetterRead(CaseEvent):
    """The leader has read the letter."""

    letter_id: int
    instruction: str
