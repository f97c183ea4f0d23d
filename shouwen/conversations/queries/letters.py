"""How an answer by mail is framed, and where mail of a mailbox goes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from shouwen.accounts.models import Staff
from shouwen.accounts.queries import company
from shouwen.conversations.letters import (
    CLOSING,
    FOREIGN_CLOSING,
    FOREIGN_OPENING,
    OPENING,
    filled_in,
)
from shouwen.conversations.models import Conversation, MailDesk, Queue
from shouwen.customers.models import Customer
from shouwen.knowledge.courtesy import time_greeting
from shouwen.mailroom.models import Mailbox

TITLES = {Customer.Salutation.SIR: "先生", Customer.Salutation.MADAM: "女士"}


@dataclass(frozen=True)
class Frame:
    """What stands above and below the words of an answer; both empty where there is none."""

    opening: str = ""
    closing: str = ""


def desk_of(mailbox_id: int | None) -> MailDesk | None:
    """How mail of this mailbox is received and answered, if somebody has set it."""
    return MailDesk.objects.filter(mailbox=mailbox_id).first() if mailbox_id else None


def desks() -> list[MailDesk]:
    """Every mailbox with its desk; one that nobody has set has the standard letter, unsaved."""
    rows = Mailbox.objects.select_related("desk__queue").order_by("name", "pk")
    return [desk_or_standard(one) for one in rows]


def desk_or_standard(mailbox: Mailbox) -> MailDesk:
    """The mailbox's desk, or the standard one that holds until somebody sets it."""
    kept: MailDesk | None = getattr(mailbox, "desk", None)
    return kept or MailDesk(mailbox=mailbox, opening=OPENING, closing=CLOSING)


def queues_of_mailboxes(mailboxes: Collection[Mailbox]) -> dict[int | None, Queue]:
    """The queue to which mail of each mailbox goes, by the mailbox's id; only those that have one.

    The one it was given to, else one of its department; in use, each of them.
    """
    in_use = Queue.objects.filter(is_active=True)
    given = MailDesk.objects.filter(mailbox__in=mailboxes, queue__is_active=True)
    own = {desk.mailbox_id: desk.queue for desk in given.select_related("queue") if desk.queue}
    departments = {one.department_id for one in mailboxes} - {None}
    theirs = in_use.filter(department__in=departments).order_by("-pk") if departments else []
    of_department = {queue.department_id: queue for queue in theirs}
    found = {
        one.pk: own.get(one.pk) or of_department.get(one.department_id or 0) for one in mailboxes
    }
    return {pk: queue for pk, queue in found.items() if queue}


def frame_of(
    conversation: Conversation, staff: Staff | None, *, at: datetime, name: str = ""
) -> Frame:
    """The letter frame of an answer by this person, its placeholders filled in. (D109)

    Foreign-language queues have a plain English one. `name` stands for the customer's where the
    screen may not show it.
    """
    desk = desk_of(conversation.mailbox_id)
    if desk and not desk.has_frame:
        return Frame()
    opening, closing = (desk.opening, desk.closing) if desk else (OPENING, CLOSING)
    if conversation.language not in {"", "zh"}:
        opening, closing = FOREIGN_OPENING, FOREIGN_CLOSING
    customer = conversation.customer
    known = {
        "customer": name or customer.name or "客户",
        "title": _title(customer),
        "me": staff.public_name if staff else "",
        "company": company().name,
        "greeting": time_greeting(at),
        "date": f"{timezone.localtime(at):%Y年%-m月%-d日}",
        "number": conversation.number,
    }
    return Frame(filled_in(opening, known), filled_in(closing, known))


def _title(customer: Customer) -> str:
    """先生 or 女士 behind a person's name, unless the name says so itself."""
    if not customer.name or customer.name.endswith(("先生", "女士", "小姐")):
        return ""
    return TITLES.get(Customer.Salutation(customer.salutation), "")
