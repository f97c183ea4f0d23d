"""Telling the customer by mail how his case goes on: each news once, if its kind wants it."""

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.cases.definitions import Told
from shouwen.cases.events import CustomerNotTold, CustomerTold
from shouwen.cases.models import Case
from shouwen.cases.operations.rows import announce, lock_case
from shouwen.cases.progress import Progress, subject_of, text_of
from shouwen.conversations.models import Conversation
from shouwen.conversations.operations.mail import THREAD_KIND
from shouwen.core.errors import Refused
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations import MailDraft, queue_mail

SUBJECT = "case"


def address_of(case: Case) -> str:
    """Where the customer is told: what he gave on the form, or whence his mail came; else nothing.

    A mail on his file that he did not write from is not used: he came another way.
    """
    link = getattr(case, "status_link", None)
    if link and link.mail:
        return str(link.mail)
    if case.way != Case.Way.MAIL:
        return ""
    points = case.customer.contact_points.filter(kind="mail").order_by("-is_primary", "pk")
    return points.values_list("value", flat=True).first() or ""


def wants_to_tell(case: Case, what: str) -> bool:
    """Whether this kind tells its customers this, and the customer can be reached by mail."""
    is_switched_on = what not in set(Told) or Told(what) in case.kind.defined.tells
    return is_switched_on and bool(address_of(case))


@transaction.atomic
def tell_customer(case_id: int, told: Progress, *, key: str, by: Staff) -> Outbound | None:
    """The mail is on the ledger, once for each `key`; None when it could not be written.

    Machines do not answer it: it says that a machine wrote it. An answer finds the conversation
    that the case came from. (D688)
    """
    case = lock_case(case_id)
    ledger_key = f"case:{case.pk}:{key}"
    if known := Outbound.objects.filter(idempotency_key=ledger_key).first():
        return known
    try:
        with transaction.atomic():
            sent = queue_mail(_draft(case, told, ledger_key), mailbox=None, by=by)
    except Refused as refusal:
        announce(CustomerNotTold, case, by=by, what=told.what, reason=str(refusal))
        return None
    announce(CustomerTold, case, by=by, what=told.what, outbound_id=sent.pk)
    return sent


def _draft(case: Case, told: Progress, key: str) -> MailDraft:
    talk = case.conversation
    came_by_mail = talk is not None and talk.channel == Conversation.Channel.MAIL
    return MailDraft(
        key=key,
        to=[address_of(case)],
        subject=subject_of(told),
        text=text_of(told),
        subject_kind=THREAD_KIND if came_by_mail else SUBJECT,
        subject_id=talk.pk if talk and came_by_mail else case.pk,
        is_automatic=True,
    )
