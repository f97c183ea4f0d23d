"""Cases by the keys that other programs gave them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from shouwen.accounts.models import Staff
from shouwen.cases.models import Case, OutsideKey


@dataclass(frozen=True)
class OutsideCase:
    """The case behind a key, and the digest of what was sent when it was opened."""

    case_id: int
    number: str
    due_at: datetime | None
    digest: str

    @classmethod
    def of(cls, case: Case, digest: str) -> OutsideCase:
        """The case just opened."""
        return cls(case.pk, case.number, case.due_at, digest)


def cases_of_keys(by: Staff, keys: Collection[str]) -> dict[str, OutsideCase]:
    """The cases that programs of this person opened under these keys."""
    if not keys:
        return {}
    rows = OutsideKey.objects.filter(by=by, key__in=keys).values_list(
        "key", "case_id", "case__number", "case__due_at", "digest"
    )
    return {
        key: OutsideCase(case_id, number, due_at, digest)
        for key, case_id, number, due_at, digest in rows
    }
