"""Adding and removing the ways to reach a customer."""

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere
from shouwen.customers.contactkinds import ContactKind
from shouwen.customers.events import (
    ContactPointAdded,
    ContactPointMadePrimary,
    ContactPointRemoved,
)
from shouwen.customers.models import ContactPoint, Customer
from shouwen.customers.normalising import Unreadable, normalise
from shouwen.customers.operations.rows import locked_customer
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.refusals import ContactPointTaken, ContactPointUnreadable

E = TypeVar("E", ContactPointAdded, ContactPointMadePrimary, ContactPointRemoved)


@transaction.atomic
def add_contact_point(
    customer_id: int,
    *,
    kind: str,
    value: str,
    by: Staff,
    platform: str = "",
    is_verified: bool = False,
) -> ContactPoint:
    """The customer can be reached here; the first of its kind is the one to try first.

    Adding what the customer already has changes nothing. Refuses what is no such contact point
    and one that another customer has.
    """
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    normalised = _readable(kind, value)
    platform = (platform.strip() or "other") if kind == ContactKind.IM else ""
    owned = ContactPoint.objects.filter(kind=kind, platform=platform, normalised=normalised).first()
    if owned:
        return _own(owned, customer)
    point = ContactPoint(
        customer=customer,
        kind=ContactKind(kind),
        platform=platform,
        value=value.strip(),
        normalised=normalised,
        is_primary=not _has_primary(customer, kind, platform),
        is_verified=is_verified,
    )
    try:
        with transaction.atomic():
            point.save(force_insert=True)
    except IntegrityError:
        raise _taken() from None
    publish(_fact(ContactPointAdded, point, by))
    return point


@transaction.atomic
def remove_contact_point(contact_point_id: int, *, by: Staff) -> Customer:
    """The customer can no longer be reached there; the oldest of the same kind moves up."""
    require(by, CustomerPermission.EDIT)
    point = _point(contact_point_id)
    customer, fact = point.customer, _fact(ContactPointRemoved, point, by)
    point.delete()
    rest = customer.contact_points.filter(kind=point.kind, platform=point.platform).order_by("pk")
    if point.is_primary and (heir := rest.first()):
        heir.is_primary = True
        heir.save(update_fields=["is_primary", "updated_at"])
    publish(fact)
    return customer


@transaction.atomic
def make_primary(contact_point_id: int, *, by: Staff) -> ContactPoint:
    """This is the contact point to try first among the customer's of its kind."""
    require(by, CustomerPermission.EDIT)
    point = _point(contact_point_id)
    point.customer.contact_points.filter(
        kind=point.kind, platform=point.platform, is_primary=True
    ).update(is_primary=False)
    point.is_primary = True
    point.save(update_fields=["is_primary", "updated_at"])
    publish(_fact(ContactPointMadePrimary, point, by))
    return point


def _point(contact_point_id: int) -> ContactPoint:
    found = ContactPoint.objects.filter(pk=contact_point_id).first()
    if found is None:
        raise NotThere
    customer = locked_customer(found.customer_id)
    point = customer.contact_points.select_for_update().filter(pk=contact_point_id).first()
    if point is None:
        raise NotThere
    return point


def _readable(kind: str, value: str) -> str:
    try:
        return normalise(ContactKind(kind), value)
    except Unreadable:
        words = {
            ContactKind.PHONE: _("“%s” is no phone number."),
            ContactKind.MAIL: _("“%s” is no mail address."),
            ContactKind.IM: _("“%s” is no IM id."),
        }
        raise ContactPointUnreadable(words[ContactKind(kind)] % value.strip()[:60]) from None


def _own(point: ContactPoint, customer: Customer) -> ContactPoint:
    if point.customer_id != customer.pk:
        raise ContactPointTaken(_("This belongs to customer %s already.") % point.customer.number)
    return point


def _taken() -> ContactPointTaken:
    return ContactPointTaken(_("This belongs to another customer already."))


def _has_primary(customer: Customer, kind: str, platform: str) -> bool:
    return customer.contact_points.filter(kind=kind, platform=platform, is_primary=True).exists()


def _fact(fact: type[E], point: ContactPoint, by: Staff) -> E:
    return fact(
        customer_id=point.customer_id,
        kind=point.kind,
        platform=point.platform,
        shown=point.masked,
        by_id=by.pk,
    )
