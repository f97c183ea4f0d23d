"""Figures of conversations for the page of the ledgers."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from shouwen.accounts.models import Staff
from shouwen.conversations.models import Conversation
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.core.clock import day_bounds
from shouwen.mailroom.queries.figures import ChannelFigures

Channel = Conversation.Channel


def contact_figures(staff: Staff, *, first_day: date, last_day: date) -> list[ChannelFigures]:
    """Per channel and local day, the contacts that came and whether somebody has them. (D222)

    Definition: conversations by the day they were opened, mail left out (the mailroom counts it by
    its raw ledger). A contact waits while it is in a queue; all others are handled: nothing that
    came by these channels is dropped or set aside. `rows_url` is the query of the workspace.
    """
    start, end = day_bounds(first_day)[0], day_bounds(last_day)[1]
    is_waiting = Q(state=Conversation.State.QUEUED)
    rows = (
        visible_conversations(staff)
        .filter(opened_at__gte=start, opened_at__lt=end)
        .exclude(channel=Channel.MAIL)
        .annotate(day=TruncDate("opened_at"))
        .values("channel", "day")
        .annotate(
            handled=Count("pk", filter=~is_waiting, distinct=True),
            waiting=Count("pk", filter=is_waiting, distinct=True),
        )
        .order_by("-day", "channel")
    )
    return [
        ChannelFigures(
            channel=row["channel"],
            label=str(Channel(row["channel"]).label),
            day=row["day"],
            handled=row["handled"],
            waiting=row["waiting"],
            rows_url=_rows_url(row["channel"], row["day"]),
        )
        for row in rows
    ]


def _rows_url(channel: str, day: date) -> str:
    query = urlencode({"tab": "all", "channel": channel, "day": day.isoformat()})
    return f"?{query}&state={{state}}"
