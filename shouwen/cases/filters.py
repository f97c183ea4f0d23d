"""What the addresses of the ledger and the archive narrow their lists to."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.dateparse import parse_date

from shouwen.cases.models import Case
from shouwen.cases.queries.archive import ArchiveAsked
from shouwen.cases.queries.ledger import LedgerAsked, next_month
from shouwen.core.clock import local_day

LONGEST_WORDS = 60


def ledger_asked(given: Mapping[str, str], *, at: datetime) -> LedgerAsked:
    """What is asked for; without days this month, and what cannot be read is left out."""
    today = local_day(at)
    since = _day(given.get("since", "")) or today.replace(day=1)
    until = _day(given.get("until", "")) or next_month(since) - timedelta(days=1)
    return LedgerAsked(
        since=min(since, until),
        until=max(since, until),
        kind=_code(given.get("kind", "")),
        department_id=_whole(given.get("department", "")),
        way=_one_of(Case.Way.values, given.get("way", "")),
        validity=_one_of(Case.Validity.values, given.get("validity", "")),
        state=_one_of(["open", "archived"], given.get("state", "")),
        words=_words(given.get("q", "")),
        gap=_code(given.get("gap", "")),
    )


def ledger_query(asked: LedgerAsked) -> str:
    """The same as an address says it: page, file and paper are narrowed alike."""
    words = {
        "since": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        "kind": asked.kind,
        "department": asked.department_id or "",
        "way": asked.way,
        "validity": asked.validity,
        "state": asked.state,
        "q": asked.words,
        "gap": asked.gap,
    }
    return urlencode({name: value for name, value in words.items() if value})


def archive_asked(given: Mapping[str, str]) -> ArchiveAsked:
    """What is looked for in the archive; what cannot be read is left out."""
    return ArchiveAsked(
        words=_words(given.get("q", "")),
        customer=_words(given.get("customer", "")),
        place=_words(given.get("place", "")),
        kind=_code(given.get("kind", "")),
        cause_id=_whole(given.get("cause", "")),
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 1970 <= day.year <= 2999 else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _one_of(known: list[str], text: str) -> str:
    return text if text in known else ""


def _words(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_WORDS]


def _code(text: str) -> str:
    return text if text.replace("_", "").isalnum() and text.isascii() and len(text) <= 40 else ""
