"""Lists of the mailroom, each beginning with what the person may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from shouwen.accounts.models import Role, Staff
from shouwen.core.clock import day_bounds
from shouwen.core.history import history_of
from shouwen.core.http import whole_number
from shouwen.mailroom.models import (
    DropRule,
    Inbound,
    InboundQuerySet,
    Mailbox,
    MailboxQuerySet,
    Outbound,
    OutboundQuerySet,
)
from shouwen.mailroom.words import fact_in_words
from shouwen.mailroom.workflow import STUCK_AFTER


def _in_reach(staff: Staff, prefix: str = "") -> Q:
    """Mailboxes of the departments in reach; those of no department belong to everybody."""
    if staff.reach == Role.Reach.ALL:
        return Q()
    reach = Q(**{f"{prefix}department__isnull": True})
    return reach | Q(**{f"{prefix}department__in": staff.reach_departments()})


def visible_mailboxes(staff: Staff) -> MailboxQuerySet:
    """The mailboxes of the departments in this person's reach, and the company's common ones."""
    return Mailbox.objects.filter(_in_reach(staff)).select_related("department")


def visible_inbound(staff: Staff) -> InboundQuerySet:
    """What arrived for the mailboxes this person may see."""
    return Inbound.objects.filter(_in_reach(staff, "mailbox__")).select_related("mailbox", "rule")


def visible_outbound(staff: Staff) -> OutboundQuerySet:
    """What left through the mailboxes this person may see."""
    return Outbound.objects.filter(_in_reach(staff, "mailbox__")).select_related("mailbox")


def wanted_again(mailbox: Mailbox) -> InboundQuerySet:
    """Mails that the server kept back and a person asked for once more."""
    waiting = Inbound.objects.waiting().filter(mailbox=mailbox, raw_key="", uid__isnull=False)
    return waiting.filter(uidvalidity=mailbox.uidvalidity).order_by("pk")


def default_mailbox() -> Mailbox | None:
    """The mailbox through which the system itself writes; None when no active one can send."""
    can_send = Mailbox.objects.active().exclude(smtp_host="")
    return can_send.order_by("-is_default", "pk").first()


def drop_rules() -> list[DropRule]:
    """All rules, the built-in ones first."""
    return list(DropRule.objects.order_by("-is_built_in", "kind", "name", "pk"))


@dataclass(frozen=True, kw_only=True)
class LedgerFilter:
    """What a ledger list is narrowed to; `state` may be "waiting" or, for what leaves, "trouble"."""

    state: str = ""
    channel: str = ""
    mailbox: str = ""
    rule: int | None = None
    day: date | None = None

    @property
    def is_narrowed(self) -> bool:
        return self != LedgerFilter()


def inbound_matching(staff: Staff, asked: LedgerFilter) -> InboundQuerySet:
    """The rows of the inbound ledger behind a figure."""
    rows = visible_inbound(staff)
    if asked.state:
        state = Inbound.State.RECEIVED if asked.state == "waiting" else asked.state
        rows = rows.filter(state=state)
    if asked.channel:
        rows = rows.filter(channel=asked.channel)
    if asked.mailbox:
        rows = rows.filter(**_mailbox(asked.mailbox))
    if asked.rule is not None:
        rows = rows.filter(rule_id=asked.rule)
    if asked.day is not None:
        rows = rows.arrived_between(*day_bounds(asked.day))
    return rows


def outbound_matching(staff: Staff, asked: LedgerFilter) -> OutboundQuerySet:
    """The rows of the outbound ledger behind a figure."""
    rows = visible_outbound(staff)
    if asked.state == "trouble":
        rows = rows.filter(_TROUBLE)
    elif asked.state:
        rows = rows.filter(state=asked.state)
    if asked.mailbox:
        rows = rows.filter(**_mailbox(asked.mailbox))
    if asked.day is not None:
        start, end = day_bounds(asked.day)
        rows = rows.filter(created_at__gte=start, created_at__lt=end)
    return rows


_TROUBLE = Q(state__in=[Outbound.State.FAILED, Outbound.State.GIVEN_UP]) | Q(
    bounced_at__isnull=False
)


def _mailbox(asked: str) -> dict[str, object]:
    return {"mailbox_id": whole_number(asked)} if asked.isdigit() else {"mailbox__isnull": True}


@dataclass(frozen=True)
class LedgerState:
    """What stands out now: counts that open their rows."""

    quarantined: int
    waiting_long: int
    queued: int
    in_trouble: int
    failing_mailboxes: int


def needs_a_person(
    staff: Staff, *, at: datetime
) -> tuple[InboundQuerySet, OutboundQuerySet, MailboxQuerySet]:
    """The rows of the two ledgers, and the mailboxes, that stand still until somebody acts."""
    lately = Q(updated_at__gt=at - timedelta(days=30))
    return (
        visible_inbound(staff).quarantined(),
        visible_outbound(staff).filter(_TROUBLE).filter(lately),
        visible_mailboxes(staff).failing(),
    )


def ledger_state(staff: Staff, *, at: datetime) -> LedgerState:
    """What needs a person: quarantine, what waits over ten minutes, what could not be sent."""
    waiting = visible_inbound(staff).waiting()
    outbound = visible_outbound(staff)
    quarantined, in_trouble, failing = needs_a_person(staff, at=at)
    return LedgerState(
        quarantined=quarantined.count(),
        waiting_long=waiting.filter(received_at__lt=at - STUCK_AFTER).count(),
        queued=outbound.filter(state__in=[Outbound.State.QUEUED, Outbound.State.SENDING]).count(),
        in_trouble=in_trouble.count(),
        failing_mailboxes=failing.count(),
    )


def mailbox_silent_for(mailbox: Mailbox, *, at: datetime) -> timedelta | None:
    """How long nothing was heard of an active mailbox, if that is longer than it should be."""
    if not mailbox.can_fetch:
        return None
    since = mailbox.last_ok_at or mailbox.created_at
    silent = at - since
    allowed = timedelta(seconds=3 * mailbox.poll_seconds) + timedelta(minutes=2)
    return silent if silent > allowed else None


@dataclass(frozen=True)
class FactLine:
    """One fact about a row, in words."""

    at: datetime
    words: str
    payload: dict[str, object]


def facts_about_row(kind: str, row_id: int) -> list[FactLine]:
    """The latest facts about a row of either ledger, newest first, at most fifty."""
    entries = history_of(kind, row_id)[:50]
    return [FactLine(one.at, fact_in_words(one.name), one.payload) for one in entries]
