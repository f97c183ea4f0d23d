"""The figures of the inbound ledger: received = handled + quarantined + dropped + waiting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from shouwen.accounts.models import Staff
from shouwen.core.clock import day_bounds
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.queries.lists import visible_inbound

STATES = ("handled", "quarantined", "dropped", "waiting")


@dataclass(frozen=True)
class ChannelFigures:
    """One channel on one day. `rows_url` leads to the rows; `{state}` in it is replaced.

    Other parts fill the slot "mailroom.channels" with functions of (request, first_day, last_day)
    that return a list of these, so that every channel stands on one page.
    """

    channel: str
    label: str
    day: date
    handled: int = 0
    quarantined: int = 0
    dropped: int = 0
    waiting: int = 0
    copies: int = 0
    rows_url: str = ""

    @property
    def received(self) -> int:
        """All that arrived: the sum, by construction of the ledger."""
        return self.handled + self.quarantined + self.dropped + self.waiting

    @property
    def cells(self) -> list["Cell"]:
        """The sum and its parts, each with the rows behind it."""
        sum_ = Cell(self.received, self._url(""))
        tones = {"quarantined": "late", "waiting": "near"}
        parts = [Cell(getattr(self, one), self._url(one), tones.get(one, "")) for one in STATES]
        return [sum_, *parts]

    def _url(self, state: str) -> str:
        return self.rows_url.replace("{state}", state)


@dataclass(frozen=True)
class Cell:
    """One number, where its rows are, and the colour of its meaning."""

    count: int
    url: str
    tone: str = ""


def mail_figures(staff: Staff, *, first_day: date, last_day: date) -> list[ChannelFigures]:
    """Per channel and mailbox and local day, newest day first, what became of what arrived.

    Definition: rows of the inbound ledger by the day they were received; copies of a mail count
    once, and the number of further copies is told apart.
    """
    start, end = day_bounds(first_day)[0], day_bounds(last_day)[1]
    state = Inbound.State
    rows = (
        visible_inbound(staff)
        .arrived_between(start, end)
        .annotate(day=TruncDate("received_at"))
        .values("channel", "mailbox_id", "mailbox__name", "day")
        .annotate(
            handled=Count("pk", filter=Q(state=state.HANDLED)),
            quarantined=Count("pk", filter=Q(state=state.QUARANTINED)),
            dropped=Count("pk", filter=Q(state=state.DROPPED)),
            waiting=Count("pk", filter=Q(state=state.RECEIVED)),
            doubled=Sum("copies"),
        )
        .order_by("-day", "channel", "mailbox_id")
    )
    return [_figures(row) for row in rows]


def _figures(row: dict[str, Any]) -> ChannelFigures:
    day, channel, mailbox_id = row["day"], row["channel"], row["mailbox_id"]
    query = {"channel": channel, "day": day.isoformat(), "mailbox": str(mailbox_id or "none")}
    counts = {name: row[name] for name in STATES}
    return ChannelFigures(
        channel=channel,
        label=row["mailbox__name"] or "",
        day=day,
        copies=row["doubled"],
        rows_url=f"?{urlencode(query)}&state={{state}}",
        **counts,
    )


def ledger_figures(groups: Iterable[Iterable[ChannelFigures]]) -> list[ChannelFigures]:
    """The figures of all channels, newest day first."""
    found = [one for group in groups for one in group]
    return sorted(found, key=lambda one: (-one.day.toordinal(), one.channel, one.label))
