"""Reads of the mailroom."""

from shouwen.mailroom.queries.figures import ChannelFigures, ledger_figures, mail_figures
from shouwen.mailroom.queries.lists import (
    LedgerFilter,
    LedgerState,
    default_mailbox,
    drop_rules,
    facts_about_row,
    inbound_matching,
    ledger_state,
    mailbox_silent_for,
    outbound_matching,
    visible_inbound,
    visible_mailboxes,
    visible_outbound,
    wanted_again,
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
    "LedgerFilter",
    "LedgerState",
    "bounced_outbound",
    "default_mailbox",
    "drop_rules",
    "facts_about",
    "facts_about_row",
    "inbound_matching",
    "ledger_figures",
    "ledger_state",
    "mail_figures",
    "mailbox_silent_for",
    "may_answer_by_machine",
    "outbound_matching",
    "read_inbound",
    "thread_of",
    "visible_inbound",
    "visible_mailboxes",
    "visible_outbound",
    "wanted_again",
]
