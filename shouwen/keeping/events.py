"""What this part announces."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class _OfBackup(Event):
    subject: ClassVar[tuple[str, str] | None] = ("backup", "backup_id")
    backup_id: int


@dataclass(frozen=True, kw_only=True)
class BackupMade(_OfBackup):
    """A backup stands finished and checked in its folder."""

    folder: str
    size: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class BackupFailed(_OfBackup):
    """A backup could not be made; the words say why."""

    words: str
