"""Reactions: the ladder, notices, live screens, reports, what customers hear."""

from shouwen.cases.handlers import (
    clocks,
    customer,
    filing,
    people,
    receipts,
    reports,
    responding,
    screens,
)

__all__ = [
    "clocks",
    "customer",
    "filing",
    "people",
    "receipts",
    "reports",
    "responding",
    "screens",
]
