"""Lists of the mailroom, each beginning with what the person may see."""

from django.db.models import Q

from shouwen.accounts.models import Role, Staff
from shouwen.mailroom.models import (
    DropRule,
    Inbound,
    InboundQuerySet,
    Mailbox,
    MailboxQuerySet,
    Outbound,
    OutboundQuerySet,
)


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


def outbound_of(kind: str, subject_id: int) -> OutboundQuerySet:
    """What was sent about one thing, oldest first, for its own page."""
    return Outbound.objects.about(kind, subject_id).order_by("pk")


def default_mailbox() -> Mailbox | None:
    """The mailbox through which the system itself writes; None when no active one can send."""
    can_send = Mailbox.objects.active().exclude(smtp_host="")
    return can_send.order_by("-is_default", "pk").first()


def drop_rules() -> list[DropRule]:
    """All rules, the built-in ones first."""
    return list(DropRule.objects.order_by("-is_built_in", "kind", "name", "pk"))
