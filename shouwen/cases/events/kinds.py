"""Facts about kinds of cases, and about the standard kept with them."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class CaseKindChanged(Event):
    """A kind of case was installed, edited or retired."""

    subject: ClassVar[tuple[str, str] | None] = ("case_kind", "kind_id")
    kind_id: int
    code: str
    how: str


@dataclass(frozen=True, kw_only=True)
class StandardRecorded(Event):
    """The company has proof on record for a row of GB/T 19012."""

    subject: ClassVar[tuple[str, str] | None] = ("standard_record", "record_id")
    record_id: int
    row: int
