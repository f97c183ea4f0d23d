"""Facts about exports."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class ExportEvent(Event):
    """Base: a fact about one export."""

    subject: ClassVar[tuple[str, str] | None] = ("export", "export_id")
    export_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class ExportAsked(ExportEvent):
    """Somebody wants a list as a file; a worker will write it."""

    is_clear: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExportFinished(ExportEvent):
    """The file is ready, or why it is not: `state` is ready, failed or cancelled."""

    state: str
    row_count: int


@dataclass(frozen=True, kw_only=True)
class ExportExpired(ExportEvent):
    """Its file was removed; the row stays as the record."""
