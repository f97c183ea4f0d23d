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
from shouwen.core.bus import publish, publish_all
from shouwen.core.numbering import next_numbers
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


# Kind, platform and the one form of a contact point: at most one customer has it.
Place = tuple[str, str, str]


class Reading(NamedTuple):
    """A contact point as somebody gave it, in its one form."""

    kind: str
    platform: str
    normalised: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who got in touch: ways to reach him, the surest first, and what he is called.

    `contacts` are pairs of kind and value: ("phone", "138 0013 7719"), ("mail", "a@b.cn"),
    ("im:wechat", "id"), ("im:web", token). An `alias` (a nickname, 访客 7F31) stands in for a name
    that is not known and is never masked.
    """

    contacts: Sequence[tuple[str, str]]
    name: str = ""
    alias: str = ""


def find_or_create_customer(
    *,
    contacts: Sequence[tuple[str, str]],
    by: Staff,
    name: str = "",
    alias: str = "",
    source: str = Customer.Source.STAFF,
    department: Department | None = None,
) -> Customer:
    """The one customer who has any of these contact points, or a new one; as for many at once."""
    person = Person(contacts=contacts, name=name, alias=alias)
    return find_or_create_customers([person], by=by, source=source, department=department)[0]


def find_or_create_customers(
    people: Sequence[Person],
    *,
    by: Staff,
    source: str = Customer.Source.STAFF,
    department: Department | None = None,
) -> list[Customer]:
    """For each person the one customer who has any of the contact points, or a new one with all of them.

    If contact points lead to different customers, the first one wins and nothing is taken from the
    others. Contact points nobody has are added to the customer found. What cannot be read as its
    kind is left out; without any readable one a new file is opened. A name is written down only
    where none is known. Two calls at once for one contact point give one customer, and so do two
    people of one call. Refuses who may not open files. [D358]
    """
    require(by, CustomerPermission.CREATE)
    drafts = [
        Customer(
            name=_storable(one.name, NAME_LIMIT),
            alias=_storable(one.alias, ALIAS_LIMIT),
            source=Customer.Source(source),
            department=department,
        )
        for one in people
    ]
    readings = [_read(one.contacts) for one in people]
    for _attempt in range(ATTEMPTS):
        # Somebody else may just have taken one of the contact points: then it is found next time.
        with suppress(IntegrityError):
            return _find_or_create_once(drafts, readings, by)
    return _find_or_create_once(drafts, readings, by)


@transaction.atomic
def _find_or_create_once(
    drafts: list[Customer], readings: list[list[Reading]], by: Staff
) -> list[Customer]:
    owners = _owners([one for group in readings for one in group])
    customers: list[Customer] = []
    new: list[tuple[Customer, list[Reading]]] = []
    for draft, group in zip(drafts, readings, strict=True):
        found = next((owners[one[:3]] for one in group if one[:3] in owners), None)
        if found is None:
            draft.pk, found = None, draft
            new.append((draft, group))
            owners |= {one[:3]: draft for one in group}
        customers.append(found)
    if new:
        _create(new, by)
    return [
        _complete(customer, group, draft.name, by)
        if _is_news(customer, group, draft.name, owners)
        else customer
        for customer, group, draft in zip(customers, readings, drafts, strict=True)
    ]


def _is_news(
    customer: Customer, readings: list[Reading], name: str, owners: dict[Place, Customer]
) -> bool:
    """Whether this tells of a customer what his file does not hold: a contact point, a name."""
    is_known = all(one[:3] in owners and owners[one[:3]].pk == customer.pk for one in readings)
    return not is_known or bool(name and not customer.name)


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


def _owners(readings: list[Reading]) -> dict[Place, Customer]:
    if not readings:
        return {}
    wanted = Q()
    by_place: dict[tuple[str, str], set[str]] = {}
    for one in readings:
        by_place.setdefault((one.kind, one.platform), set()).add(one.normalised)
    for (kind, platform), normalised in by_place.items():
        wanted |= Q(kind=kind, platform=platform, normalised__in=normalised)
    points = ContactPoint.objects.filter(wanted).select_related("customer")
    return {(p.kind, p.platform, p.normalised): p.customer for p in points}


def _create(drafts: list[tuple[Customer, list[Reading]]], by: Staff) -> None:
    """The files are open, in their order; one statement for all."""
    numbers = next_numbers(NUMBER_PREFIX, len(drafts), at=timezone.now())
    for (draft, _readings), number in zip(drafts, numbers, strict=True):
        draft.number = number
        fill_search_fields(draft, draft.remarks)
    Customer.objects.bulk_create([draft for draft, _readings in drafts])
    _insert([point for draft, readings in drafts for point in _points(draft, readings, set())])
    publish_all([_created(*one, by) for one in drafts])


def _created(customer: Customer, readings: list[Reading], by: Staff) -> CustomerCreated:
    return CustomerCreated(
        customer_id=customer.pk,
        source=customer.source,
        contact_points=[mask_contact(one.kind, one.normalised) for one in readings],
        by_id=by.pk,
    )


def _points(
    customer: Customer, readings: list[Reading], has_primary: set[tuple[str, str]]
) -> list[ContactPoint]:
    points = []
    for one in readings:
        place = (one.kind, one.platform)
        points.append(
            ContactPoint(customer=customer, **one._asdict(), is_primary=place not in has_primary)
        )
        has_primary.add(place)
    return points


def _insert(points: list[ContactPoint]) -> None:
    # In one order everywhere, so that two at once wait for each other instead of locking up.
    ContactPoint.objects.bulk_create(sorted(points, key=lambda p: (p.kind, p.normalised)))


def _complete(customer: Customer, readings: list[Reading], name: str, by: Staff) -> Customer:
    """Add what is new about a customer who was found."""
    owners = _owners(readings)
    fresh = [one for one in readings if one[:3] not in owners]
    if fresh:
        customer = locked_customer(customer.pk)
        primary = customer.contact_points.filter(is_primary=True).values_list("kind", "platform")
        _insert(_points(customer, fresh, set(primary)))
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
            _create([(customer, readings)], by)
    except IntegrityError:
        raise ContactPointTaken(_("This belongs to another customer already.")) from None
    return customer
