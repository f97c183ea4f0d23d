"""Writes of the mailroom: what other parts may call."""

from shouwen.mailroom.carriers.base import HandOver
from shouwen.mailroom.carriers.email.compose import MailFile
from shouwen.mailroom.operations.arrival import (
    Origin,
    TakenIn,
    fill_in,
    set_aside_unfetched,
    take_in_delivery,
    take_in_mail,
    take_in_too_large,
)
from shouwen.mailroom.operations.inbound import (
    AlreadySettled,
    NothingToRetry,
    announce_arrival,
    drop_by_hand,
    drop_inbound,
    mark_handled,
    quarantine,
    quarantine_after,
    retry_inbound,
    work_on_inbound,
)
from shouwen.mailroom.operations.mailboxes import (
    MailboxIncomplete,
    begin_uidvalidity,
    note_mailbox_failing,
    note_mailbox_well,
    note_sending,
    save_mailbox,
    skip_waiting_mail,
)
from shouwen.mailroom.operations.outgoing import (
    AddressRefused,
    MailDraft,
    NoMailbox,
    NothingToResend,
    cancel_outbound,
    queue_automatic_mail,
    queue_mail,
    resend_outbound,
)
from shouwen.mailroom.operations.reading import note_bounce, understand_inbound
from shouwen.mailroom.operations.resets import queue_password_reset
from shouwen.mailroom.operations.rules import (
    PatternUnclear,
    RuleIsNeeded,
    block_sender,
    built_in_rule,
    switch_rule,
)
from shouwen.mailroom.operations.sending import (
    claim_due,
    record_hand_over,
    release_suspects,
    renew_lease,
)

__all__ = [
    "AddressRefused",
    "AlreadySettled",
    "HandOver",
    "MailDraft",
    "MailFile",
    "MailboxIncomplete",
    "NoMailbox",
    "NothingToResend",
    "NothingToRetry",
    "Origin",
    "PatternUnclear",
    "RuleIsNeeded",
    "TakenIn",
    "announce_arrival",
    "begin_uidvalidity",
    "block_sender",
    "built_in_rule",
    "cancel_outbound",
    "claim_due",
    "drop_by_hand",
    "drop_inbound",
    "fill_in",
    "mark_handled",
    "note_bounce",
    "note_mailbox_failing",
    "note_mailbox_well",
    "note_sending",
    "quarantine",
    "quarantine_after",
    "queue_automatic_mail",
    "queue_mail",
    "queue_password_reset",
    "record_hand_over",
    "release_suspects",
    "renew_lease",
    "resend_outbound",
    "retry_inbound",
    "save_mailbox",
    "set_aside_unfetched",
    "skip_waiting_mail",
    "switch_rule",
    "take_in_delivery",
    "take_in_mail",
    "take_in_too_large",
    "understand_inbound",
    "work_on_inbound",
]
