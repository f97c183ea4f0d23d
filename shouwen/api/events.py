"""Facts about keys."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class ApiKeyMade(Event):
    """A key was given out."""

    subject: ClassVar[tuple[str, str] | None] = ("api_key", "key_id")
    key_id: int
    staff_id: int
    scopes: list[str]


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Event):
    """A key opens nothing any more."""

    subject: ClassVar[tuple[str, str] | None] = ("api_key", "key_id")
    key_id: int
