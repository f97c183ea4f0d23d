"""Reactions of the mailroom: read what arrived, nudge the screens."""

from shouwen.core.bus import When, handles
from shouwen.core.jobs import enqueue
from shouwen.core.live import nudge
from shouwen.mailroom.events import (
    BounceArrived,
    InboundDropped,
    InboundHandled,
    InboundQuarantined,
    InboundReceived,
    InboundRetried,
    MailboxFailing,
    MailboxRecovered,
    MailboxSaved,
    OutboundFailed,
    OutboundGivenUp,
    OutboundHandedOver,
    OutboundPostponed,
    OutboundQueued,
    OutboundResent,
)
from shouwen.mailroom.jobs import understand

BOARD = "board:mailroom"


@handles(InboundReceived, InboundRetried, when=When.IN_TRANSACTION)
def read_what_arrived(event: InboundReceived | InboundRetried) -> None:
    """The job that reads it is written in the same transaction as the row."""
    if isinstance(event, InboundRetried) or event.channel == "mail":
        enqueue(understand, inbound_id=event.inbound_id)


@handles(
    *(InboundReceived, InboundRetried, InboundHandled, InboundQuarantined, InboundDropped),
    when=When.AFTER_COMMIT,
)
def show_inbound(event: InboundReceived) -> None:
    """Ledger screens fetch again."""
    nudge(BOARD, "inbound", event.inbound_id)


@handles(
    *(OutboundQueued, OutboundHandedOver, OutboundPostponed, OutboundFailed),
    *(OutboundGivenUp, OutboundResent, BounceArrived),
    when=When.AFTER_COMMIT,
)
def show_outbound(event: OutboundQueued) -> None:
    """Ledger screens fetch again."""
    nudge(BOARD, "outbound", event.outbound_id)


@handles(MailboxFailing, MailboxRecovered, MailboxSaved, when=When.AFTER_COMMIT)
def show_mailbox(event: MailboxFailing) -> None:
    """Screens with the health of mailboxes fetch again."""
    nudge(BOARD, "mailbox", event.mailbox_id)
