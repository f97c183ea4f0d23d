"""Facts about what arrives and what leaves."""

from dataclasses import dataclass
from typing import ClassVar

from shouwen.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class InboundEvent(Event):
    """Base: a fact about one row of the inbound ledger."""

    subject: ClassVar[tuple[str, str] | None] = ("inbound", "inbound_id")
    inbound_id: int


@dataclass(frozen=True, kw_only=True)
class InboundAtTheDoor(InboundEvent):
    """Base: whoever understands things of this channel should read it now."""

    channel: str
    mailbox_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class InboundReceived(InboundAtTheDoor):
    """Raw bytes and row are safe; nothing is understood yet."""


@dataclass(frozen=True, kw_only=True)
class MailArrived(InboundEvent):
    """A mail was read, no rule drops it, no bounce: somebody above should make it a conversation.

    React to those announced together, IN_TRANSACTION, and end with `mark_all_handled`: what breaks
    is found, undone and tried alone. It may be announced again (after a retry): an inbound that is
    settled already needs nothing. `automatic` is empty for a person, else the kind of machine; mail
    with it must never be answered by a machine.
    """

    automatic: str = ""


@dataclass(frozen=True, kw_only=True)
class InboundHandled(InboundEvent):
    """It became something, or was added to it."""

    as_kind: str
    as_id: int


@dataclass(frozen=True, kw_only=True)
class InboundQuarantined(InboundEvent):
    """It could not be handled; it waits for a person, and others pass it by."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class InboundRetried(InboundAtTheDoor):
    """A person sent it through once more."""


@dataclass(frozen=True, kw_only=True)
class InboundDropped(InboundEvent):
    """A named rule, or a person with a reason, dropped it; the raw bytes stay."""

    rule: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OutboundEvent(Event):
    """Base: a fact about one row of the outbound ledger; what it is about is told with it."""

    subject: ClassVar[tuple[str, str] | None] = ("outbound", "outbound_id")
    outbound_id: int
    subject_kind: str = ""
    subject_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class OutboundQueued(OutboundEvent):
    """It will be sent."""


@dataclass(frozen=True, kw_only=True)
class OutboundHandedOver(OutboundEvent):
    """The mail server took it; `refused` names recipients it did not take."""

    refused: list[str]


@dataclass(frozen=True, kw_only=True)
class OutboundPostponed(OutboundEvent):
    """It was tried and waits for the next try; told for the first failure only."""

    error: str


@dataclass(frozen=True, kw_only=True)
class OutboundFailed(OutboundEvent):
    """The mail server refused it for good."""

    error: str


@dataclass(frozen=True, kw_only=True)
class OutboundGivenUp(OutboundEvent):
    """It could not be handed over within two days."""

    error: str


@dataclass(frozen=True, kw_only=True)
class OutboundResent(OutboundEvent):
    """A person sent it once more."""


@dataclass(frozen=True, kw_only=True)
class BounceArrived(OutboundEvent):
    """A mail of ours came back, or (not permanent) is delayed on its way."""

    inbound_id: int
    recipient: str
    status: str
    is_permanent: bool


@dataclass(frozen=True, kw_only=True)
class MailboxEvent(Event):
    """Base: a fact about one mailbox."""

    subject: ClassVar[tuple[str, str] | None] = ("mailbox", "mailbox_id")
    mailbox_id: int


@dataclass(frozen=True, kw_only=True)
class MailboxSaved(MailboxEvent):
    """A mailbox was set up or changed."""


@dataclass(frozen=True, kw_only=True)
class MailboxFailing(MailboxEvent):
    """Mail can be neither fetched nor sent there now; told once, at the first failure."""

    error: str


@dataclass(frozen=True, kw_only=True)
class MailboxRecovered(MailboxEvent):
    """It works again."""


@dataclass(frozen=True, kw_only=True)
class DropRuleSaved(Event):
    """A rule was made, changed or switched."""

    subject: ClassVar[tuple[str, str] | None] = ("drop_rule", "rule_id")
    rule_id: int
    is_active: bool
