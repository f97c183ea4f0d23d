"""A row of a sheet."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone


@dataclass(frozen=True)
class SheetRow:
    """A name and what stands behind it; `private` says which permission shows it unmasked."""

    name: str
    value: str
    masked: str = ""
    private: str = ""
    is_wide: bool = False


def row(name: str, value: str, *, is_wide: bool = False) -> SheetRow:
    """A row that everybody may read who may read the case."""
    return SheetRow(name, value, is_wide=is_wide)


def moment(at: datetime | None) -> str:
    """A day and a time on paper: with its year."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def joined(*parts: str) -> str:
    """What is there of these, on one line."""
    return " · ".join(one for one in parts if one)
