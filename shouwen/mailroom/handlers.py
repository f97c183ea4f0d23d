"""Reactions of the mailroom: read what arrived, send what accounts asks for, nudge the screens."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from shouwen.accounts.events import PasswordResetAsked
from shouwen.accounts.queries import password_reset_token, system_staff
from shouwen.core.bus import When, handles, handles_together
from shouwen.core.jobs import enqueue
from shouwen.core.live import nudge
from shouwen.mailroom.events import (
    BounceArrived,
    InboundAtTheDoor,
    InboundDropped,
    InboundEvent,
    InboundHandled,
    InboundQuarantined,
    InboundReceived,
    InboundRetried,
    MailboxEvent,
    MailboxFailing,
    MailboxRecovered,
    MailboxSaved,
    OutboundEvent,
    OutboundFailed,
    OutboundGivenUp,
    OutboundHandedOver,
    OutboundPostponed,
    OutboundQueued,
    OutboundResent,
)
from shouwen.mailroom.jobs import understand_waiting
from shouwen.mailroom.operations import AddressRefused, NoMailbox, queue_password_reset

logger = logging.getLogger(__name__)

BOARD = "board:mailroom"
MAIL = "mail"


@handles_together(InboundReceived, InboundRetried, when=When.IN_TRANSACTION)
def read_what_arrived(events: Sequence[InboundAtTheDoor]) -> None:
    """The job that reads them is written in the same transaction as the rows; one a mailbox."""
    for mailbox_id in dict.fromkeys(one.mailbox_id for one in events if one.channel == MAIL):
        enqueue(understand_waiting, mailbox_id=mailbox_id)


@handles_together(
    *(InboundReceived, InboundRetried, InboundHandled, InboundQuarantined, InboundDropped),
    when=When.AFTER_COMMIT,
)
def show_inbound(events: Sequence[InboundEvent]) -> None:
    """Ledger screens fetch again."""
    nudge(BOARD, "inbound", events[-1].inbound_id)


@handles(
    *(OutboundQueued, OutboundHandedOver, OutboundPostponed, OutboundFailed),
    *(OutboundGivenUp, OutboundResent, BounceArrived),
    when=When.AFTER_COMMIT,
)
def show_outbound(event: OutboundEvent) -> None:
    """Ledger screens fetch again."""
    nudge(BOARD, "outbound", event.outbound_id)


@handles(MailboxFailing, MailboxRecovered, MailboxSaved, when=When.AFTER_COMMIT)
def show_mailbox(event: MailboxEvent) -> None:
    """Screens with the health of mailboxes fetch again."""
    nudge(BOARD, "mailbox", event.mailbox_id)


@handles(PasswordResetAsked, when=When.AS_JOB)
def mail_password_reset(event: PasswordResetAsked) -> None:
    """The link goes out through the default mailbox; without one it is said in the log."""
    token = password_reset_token(event.reset_id)
    link = settings.PUBLIC_URL + reverse("accounts:password_reset_set", args=[token])
    try:
        queue_password_reset(event.reset_id, mail=event.mail, link=link, by=system_staff())
    except (NoMailbox, AddressRefused) as refusal:
        logger.warning("password reset %d cannot be sent: %s", event.reset_id, refusal)
