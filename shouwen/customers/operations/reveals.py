"""Looking at personal data in clear: with a reason, and on record. [D423]"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import ReadLog, Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.clock import day_bounds, local_day
from shouwen.core.errors import NotThere
from shouwen.customers.events import PersonalDataRevealed
from shouwen.customers.models import Customer
from shouwen.customers.operations.rows import NOTE_LIMIT, clean_text
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.refusals import ReasonMissing

NAME, FILE = "name", "file"
SUBJECT = "customer"


@transaction.atomic
def reveal(customer_id: int, *, field: str, reason: str, by: Staff) -> str:
    """The clear value of `field`: "name" or "contact-<id>"; who looked, when and why is on record.

    Refuses who may not reveal, an empty reason, and what is not in this file. [D423]
    """
    require(by, CustomerPermission.REVEAL)
    reason = clean_text(reason, limit=NOTE_LIMIT)
    if not reason:
        raise ReasonMissing(_("Please say why you need to see this."))
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise NotThere
    what, value = _read(customer, field)
    _write_log(customer, what=what, reason=reason, by=by)
    publish(PersonalDataRevealed(customer_id=customer.pk, what=what, reason=reason, by_id=by.pk))
    return value


@transaction.atomic
def note_clear_read(customer_id: int, *, by: Staff, at: datetime) -> None:
    """It is on record that somebody whose role sees all in clear opened this file. [D423]

    One row a person, file and local day. Nothing is written for those who see it masked.
    """
    if not by.may(CustomerPermission.SEE_CLEAR):
        return
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise NotThere
    start, end = day_bounds(local_day(at))
    today = ReadLog.objects.filter(
        staff=by, subject_kind=SUBJECT, subject_id=customer.pk, what=FILE, at__gte=start, at__lt=end
    )
    if not today.exists():
        reason = _("Opened the file, which the role shows in clear")
        _write_log(customer, what=FILE, reason=reason, by=by)


def _read(customer: Customer, field: str) -> tuple[str, str]:
    if field == NAME:
        return NAME, customer.display_name
    _word, _dash, pk = field.partition("-")
    point = customer.contact_points.filter(pk=pk).first() if pk.isdecimal() else None
    if point is None:
        raise NotThere
    return point.kind, point.clear


def _write_log(customer: Customer, *, what: str, reason: str, by: Staff) -> None:
    ReadLog.objects.create(
        staff=by,
        at=timezone.now(),
        subject_kind=SUBJECT,
        subject_id=customer.pk,
        subject_label=customer.number,
        what=what,
        reason=reason,
    )
