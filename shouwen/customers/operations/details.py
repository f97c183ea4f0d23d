"""Changing what is written at the top of a customer's file."""

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.customers.events import (
    CustomerAssigned,
    CustomerFlagged,
    CustomerRenamed,
    QualityChanged,
    RemarksChanged,
)
from shouwen.customers.masking import mask_name
from shouwen.customers.models import Customer
from shouwen.customers.operations.rows import (
    NAME_LIMIT,
    NOTE_LIMIT,
    REMARKS_LIMIT,
    clean_text,
    locked_customer,
    write_search_text,
)
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.refusals import RemarksChangedMeanwhile


def write_name(customer: Customer, name: str, by: Staff) -> None:
    old, customer.name = customer.name, name
    customer.save(update_fields=["name", "kind", "salutation", "updated_at"])
    write_search_text(customer)
    publish(
        CustomerRenamed(
            customer_id=customer.pk,
            old_name=mask_name(old) if old else "",
            name=customer.masked_name,
            by_id=by.pk,
        )
    )


@transaction.atomic
def rename_customer(
    customer_id: int,
    *,
    name: str,
    by: Staff,
    salutation: str | None = None,
    kind: str | None = None,
) -> Customer:
    """The customer goes by this name (and salutation and kind, if given) and is found by it.

    Refuses an empty name and one over 100 characters.
    """
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    name = clean_text(name, limit=NAME_LIMIT, is_needed=True)
    if salutation is not None:
        customer.salutation = Customer.Salutation(salutation)
    if kind is not None:
        customer.kind = Customer.Kind(kind)
    write_name(customer, name, by)
    return customer


@transaction.atomic
def set_flag(customer_id: int, *, flag: str, by: Staff, note: str = "") -> Customer:
    """The customer carries a flag of this colour with a note (插旗备注); an empty colour takes it off.

    Refuses a note over 200 characters.
    """
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    customer.flag = Customer.Flag(flag)
    customer.flag_note = clean_text(note, limit=NOTE_LIMIT) if flag else ""
    customer.save(update_fields=["flag", "flag_note", "updated_at"])
    write_search_text(customer)
    publish(
        CustomerFlagged(
            customer_id=customer.pk, flag=customer.flag, note=customer.flag_note, by_id=by.pk
        )
    )
    return customer


@transaction.atomic
def set_remarks(customer_id: int, *, text: str, by: Staff, seen: str | None = None) -> Customer:
    """The remarks read so. `seen` is what the writer had before them when they began.

    Refuses if somebody else wrote in between, so that no remark is lost, and over 2,000 characters.
    """
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    cleaned = clean_text(text.replace("\r\n", "\n"), limit=REMARKS_LIMIT)
    if seen is not None and seen.replace("\r\n", "\n").strip() != customer.remarks:
        raise RemarksChangedMeanwhile(
            _("A colleague has just changed the remarks to: %s") % customer.remarks
        )
    customer.remarks = cleaned
    customer.save(update_fields=["remarks", "updated_at"])
    write_search_text(customer)
    publish(RemarksChanged(customer_id=customer.pk, length=len(cleaned), by_id=by.pk))
    return customer


@transaction.atomic
def file_as_quality(customer_id: int, *, is_quality: bool, by: Staff, reason: str = "") -> Customer:
    """The customer is filed as a quality customer (优质客户), or no longer is. [part of D495]"""
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    customer.is_quality = is_quality
    customer.save(update_fields=["is_quality", "updated_at"])
    publish(
        QualityChanged(
            customer_id=customer.pk,
            is_quality=is_quality,
            reason=clean_text(reason, limit=NOTE_LIMIT),
            by_id=by.pk,
        )
    )
    return customer


@transaction.atomic
def assign_customer(
    customer_id: int, *, department: Department | None, keeper: Staff | None, by: Staff
) -> Customer:
    """The file belongs to this department and is kept by this person; None: to everyone."""
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    customer.department, customer.keeper = department, keeper
    customer.save(update_fields=["department", "keeper", "updated_at"])
    publish(
        CustomerAssigned(
            customer_id=customer.pk,
            department_id=customer.department_id,
            keeper_id=customer.keeper_id,
            by_id=by.pk,
        )
    )
    return customer
