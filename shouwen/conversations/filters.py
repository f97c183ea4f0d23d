"""What the address of the workspace narrows its list to."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils.dateparse import parse_date

from shouwen.conversations.models import Conversation
from shouwen.conversations.queries.workspace import STANDS, Wanted

LONGEST_HOURS = 24 * 366


def wanted_of(given: Mapping[str, str], *, at: datetime) -> Wanted:
    """What is asked for; what cannot be read is left out."""
    channel = given.get("channel", "")
    hours = whole(given.get("hours"))
    return Wanted(
        channel=channel if channel in Conversation.Channel.values else "",
        queue_id=whole(given.get("queue")),
        handler_id=whole(given.get("handler")),
        customer_id=whole(given.get("customer")),
        opened_on=_day(given.get("day", "")),
        stand=given.get("state", "") if given.get("state") in STANDS else "",
        words=given.get("q", "").strip()[:60],
        is_slow="slow" in given,
        is_unanswered="unanswered" in given,
        opened_since=at - timedelta(hours=min(hours, LONGEST_HOURS)) if hours else None,
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def whole(text: str | None) -> int | None:
    """A number of at most nine digits, or None."""
    return int(text) if text and text.isdigit() and len(text) < 10 else None
