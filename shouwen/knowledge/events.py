"""Facts this part announces."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class PhraseEvent(Event):
    """A fact about one phrase."""

    subject: ClassVar[tuple[str, str] | None] = ("phrase", "phrase_id")
    phrase_id: int


@dataclass(frozen=True, kw_only=True)
class PhraseCreated(PhraseEvent):
    """A phrase was written."""

    title: str
    is_personal: bool


@dataclass(frozen=True, kw_only=True)
class PhraseChanged(PhraseEvent):
    """A phrase was rewritten; the old words stay here."""

    old_title: str
    old_text: str


@dataclass(frozen=True, kw_only=True)
class PhraseShared(PhraseEvent):
    """A personal phrase became the team's."""

    from_id: int


@dataclass(frozen=True, kw_only=True)
class PhraseDeleted(PhraseEvent):
    """A phrase is gone; its words stay here."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PhraseUsed(PhraseEvent):
    """A phrase was put into an answer."""


@dataclass(frozen=True, kw_only=True)
class PhrasesImported(Event):
    """Many phrases were taken over from pasted lines."""

    count: int
    is_personal: bool


@dataclass(frozen=True, kw_only=True)
class CourtesyInstalled(Event):
    """The polite phrases of the rule book are there."""

    count: int


@dataclass(frozen=True, kw_only=True)
class TabooChanged(Event):
    """A taboo phrase was written, changed, or taken away."""

    subject: ClassVar[tuple[str, str] | None] = ("taboo", "taboo_id")
    taboo_id: int
    text: str
    is_removed: bool = False


@dataclass(frozen=True, kw_only=True)
class TaboosInstalled(Event):
    """The taboo phrases of the rule book are there."""

    count: int


@dataclass(frozen=True, kw_only=True)
class WordsGuarded(Event):
    """Words to a customer held taboo phrases: they were refused, or sent with a reason."""

    subject: ClassVar[tuple[str, str] | None] = ("conversation", "conversation_id")
    conversation_id: int
    phrases: list[str]
    was_sent: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerEvent(Event):
    """A fact about one answer."""

    subject: ClassVar[tuple[str, str] | None] = ("answer", "answer_id")
    answer_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerWritten(AnswerEvent):
    """An answer was written or rewritten; it is a draft again. The old words stay here."""

    old_text: str


@dataclass(frozen=True, kw_only=True)
class AnswerProposed(AnswerEvent):
    """It waits for approval."""


@dataclass(frozen=True, kw_only=True)
class AnswerApproved(AnswerEvent):
    """It may be given, until a day or without end."""

    text: str


@dataclass(frozen=True, kw_only=True)
class AnswerWithdrawn(AnswerEvent):
    """It may not be given any more."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class AnswersUsed(Event):
    """These answers were given to a customer."""

    subject: ClassVar[tuple[str, str] | None] = ("conversation", "conversation_id")
    conversation_id: int
    answer_ids: list[int]
