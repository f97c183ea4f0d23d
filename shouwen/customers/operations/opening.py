"""Opening a customer's file: one file for one person, however often and wherever they write."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shouwen.accounts.models import Department, Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.numbering import next_number
from shouwen.customers.events import (
    ContactPointAdded,
    CustomerCreated,
    CustomerEvent,
    SameContactSeen,
)
from shouwen.customers.masking import mask_contact
from shouwen.customers.models import ContactPoint, Customer
from shouwen.customers.normalising import Unreadable, normalise
from shouwen.customers.operations.details import write_name
from shouwen.customers.operations.rows import (
    ALIAS_LIMIT,
    NAME_LIMIT,
    REMARKS_LIMIT,
    clean_text,
    fill_search_fields,
    locked_customer,
)
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.refusals import ContactPointTaken, ContactPointUnreadable

NUMBER_PREFIX = "KH"
ATTEMPTS = 3


class Reading(NamedTuple):
    """A contact point as somebody gave it, in its one form."""

    kind: str
    platform: str
    normalised: str
    value: str


def find_or_create_customer(
    *,
    contacts: Sequence[tuple[str, str]],
    by: Staff,
    name: str = "",
    alias: str = "",
    source: str = Customer.Source.STAFF,
    department: Department | None = None,
) -> Customer:
    """The one customer who has any of these contact points, or a new one with all of them.

    `contacts` are pairs of kind and value: ("phone", "138 0013 7719"), ("mail", "a@b.cn"),
    ("im:wechat", "id"), ("im:web", token). Put the surest first: if they lead to different
    customers, the first one wins and nothing is taken from the others. Contact points nobody has
    are added to the customer found. What cannot be read as its kind is left out; without any
    readable one a new file is opened. A name is written down only where none is known; an `alias`
    (a nickname, 访客 7F31) stands in for it and is never masked. Two calls at once for one contact point give one customer. Refuses who may not open files. [D358]
    """
    require(by, CustomerPermission.CREATE)
    readings = _read(contacts)
    draft = Customer(
        name=_storable(name, NAME_LIMIT),
        alias=_storable(alias, ALIAS_LIMIT),
        source=Customer.Source(source),
        department=department,
    )
    for _attempt in range(ATTEMPTS):
        # Somebody else may just have taken one of the contact points: then it is found next time.
        with suppress(IntegrityError):
            return _find_or_create_once(draft, readings, by)
    return _find_or_create_once(draft, readings, by)


@transaction.atomic
def _find_or_create_once(draft: Customer, readings: list[Reading], by: Staff) -> Customer:
    found = _find(readings)
    if found:
        return _complete(found, readings, draft.name, by)
    draft.pk = None
    return _create(draft, readings, by)


@transaction.atomic
def take_down_contacts(
    customer_id: int, *, contacts: Sequence[tuple[str, str]], by: Staff, name: str = ""
) -> Customer:
    """What a customer says of himself is in his file: contact points nobody has, a name if unknown.

    Contact points of other customers stay theirs; that the same one was given here is announced
    (SameContactSeen), never told to the customer. What cannot be read is left out. Refuses nothing
    a customer may do wrong.
    """
    require(by, CustomerPermission.CREATE)
    customer = locked_customer(customer_id)
    return _complete(customer, _read(contacts), _storable(name, NAME_LIMIT), by)


def _storable(text: str, limit: int) -> str:
    """One line without control characters, cut to fit: what arrives is taken as far as it goes."""
    return "".join(c for c in text if c.isprintable()).strip()[:limit]


def _read(contacts: Sequence[tuple[str, str]]) -> list[Reading]:
    readings: dict[tuple[str, str, str], Reading] = {}
    for kind, value in contacts:
        plain, _colon, platform = kind.partition(":")
        try:
            reading = Reading(plain, platform, normalise(plain, value), value.strip()[:254])
        except Unreadable:
            continue
        readings.setdefault(reading[:3], reading)
    return list(readings.values())


def _find(readings: list[Reading]) -> Customer | None:
    owners = _owners(readings)
    return next((owners[one[:3]] for one in readings if one[:3] in owners), None)


def _owners(readings: list[Reading]) -> dict[tuple[str, str, str], Customer]:
    if not readings:
        return {}
    wanted = Q()
    for one in readings:
        wanted |= Q(kind=one.kind, platform=one.platform, normalised=one.normalised)
    points = ContactPoint.objects.filter(wanted).select_related("customer")
    return {(p.kind, p.platform, p.normalised): p.customer for p in points}


def _create(draft: Customer, readings: list[Reading], by: Staff) -> Customer:
    draft.number = next_number(NUMBER_PREFIX, at=timezone.now())
    fill_search_fields(draft, draft.remarks)
    draft.save(force_insert=True)
    _insert(draft, readings)
    shown = [mask_contact(one.kind, one.normalised) for one in readings]
    publish(
        CustomerCreated(
            customer_id=draft.pk, source=draft.source, contact_points=shown, by_id=by.pk
        )
    )
    return draft


def _insert(customer: Customer, readings: list[Reading]) -> None:
    has_primary = set(
        customer.contact_points.filter(is_primary=True).values_list("kind", "platform")
    )
    points = []
    for one in readings:
        place = (one.kind, one.platform)
        points.append(
            ContactPoint(customer=customer, **one._asdict(), is_primary=place not in has_primary)
        )
        has_primary.add(place)
    # In one order everywhere, so that two at once wait for each other instead of locking up.
    ContactPoint.objects.bulk_create(sorted(points, key=lambda p: (p.kind, p.normalised)))


def _complete(customer: Customer, readings: list[Reading], name: str, by: Staff) -> Customer:
    """Add what is new about a customer who was found."""
    owners = _owners(readings)
    fresh = [one for one in readings if one[:3] not in owners]
    if fresh:
        customer = locked_customer(customer.pk)
        _insert(customer, fresh)
    for one in readings:
        owner = owners.get(one[:3])
        if owner is None or owner.pk != customer.pk:
            publish(_seen(customer, one, owner, by))
    if name and not customer.name:
        customer = locked_customer(customer.pk)
        write_name(customer, name, by)
    return customer


def _seen(customer: Customer, one: Reading, owner: Customer | None, by: Staff) -> CustomerEvent:
    shown = mask_contact(one.kind, one.normalised)
    if owner is None:
        return ContactPointAdded(
            customer_id=customer.pk,
            kind=one.kind,
            platform=one.platform,
            shown=shown,
            by_id=by.pk,
        )
    return SameContactSeen(customer_id=customer.pk, other_id=owner.pk, shown=shown, by_id=by.pk)


@dataclass(frozen=True, kw_only=True)
class EnteredDetails:
    """What a colleague writes down when entering a customer by hand."""

    salutation: str = Customer.Salutation.UNKNOWN
    kind: str = Customer.Kind.PERSON
    remarks: str = ""


@transaction.atomic
def enter_customer(
    *, name: str, details: EnteredDetails, contacts: Sequence[tuple[str, str]], by: Staff
) -> Customer:
    """A file with everything a colleague entered; of their department.

    Refuses a contact point that cannot be read or that another customer has.
    """
    require(by, CustomerPermission.CREATE)
    name = clean_text(name, limit=NAME_LIMIT, is_needed=True)
    customer = Customer(
        name=name,
        salutation=Customer.Salutation(details.salutation),
        kind=Customer.Kind(details.kind),
        remarks=clean_text(details.remarks, limit=REMARKS_LIMIT),
        department=by.department,
    )
    readings = _read(contacts)
    if len(readings) < len(contacts):
        raise ContactPointUnreadable(_("This phone number or mail address cannot be read."))
    if _owners(readings):
        raise ContactPointTaken(_("This belongs to another customer already."))
    try:
        with transaction.atomic():
            return _create(customer, readings, by)
    except IntegrityError:
        raise ContactPointTaken(_("This belongs to another customer already.")) from None
