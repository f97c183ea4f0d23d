"""Mailroom tables: mailboxes, the two ledgers, the rules that drop."""

from shouwen.mailroom.models.inbound import DropRule, Inbound, InboundQuerySet
from shouwen.mailroom.models.mailbox import Mailbox, MailboxQuerySet
from shouwen.mailroom.models.outbound import Outbound, OutboundQuerySet

__all__ = [
    "DropRule",
    "Inbound",
    "InboundQuerySet",
    "Mailbox",
    "MailboxQuerySet",
    "Outbound",
    "OutboundQuerySet",
]
