"""Reads of the mailroom."""

from shouwen.mailroom.queries.figures import ChannelFigures, ledger_figures, mail_figures
from shouwen.mailroom.queries.lists import (
    default_mailbox,
    drop_rules,
    outbound_of,
    visible_inbound,
    visible_mailboxes,
    visible_outbound,
)
from shouwen.mailroom.queries.threads import (
    bounced_outbound,
    facts_about,
    may_answer_by_machine,
    read_inbound,
    thread_of,
)

__all__ = [
    "ChannelFigures",
    "bounced_outbound",
    "default_mailbox",
    "drop_rules",
    "facts_about",
    "ledger_figures",
    "mail_figures",
    "may_answer_by_machine",
    "outbound_of",
    "read_inbound",
    "thread_of",
    "visible_inbound",
    "visible_mailboxes",
    "visible_outbound",
]
