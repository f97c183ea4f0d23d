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
