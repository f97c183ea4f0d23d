"""Who may see which file, and search."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Reverse

from shouwen.accounts.models import Role, Staff
from shouwen.customers.contactkinds import VISITOR, ContactKind
from shouwen.customers.models import ContactPoint, Customer, CustomerQuerySet
from shouwen.customers.normalising import (
    Unreadable,
    digits_of,
    normalise,
    normalise_mail,
    normalise_phone,
)
from shouwen.customers.permissions import CustomerPermission

TAIL_SHORTEST = 4
Widening = Callable[[Staff], Q]
_widenings: list[Widening] = []


def also_visible(widening: Widening) -> Widening:
    """Register further customers a person may see: parts above know whom they are serving."""
    if widening not in _widenings:
        _widenings.append(widening)
    return widening


def visible_customers(staff: Staff) -> CustomerQuerySet:
    """The files this person may open; nobody without customers.see.

    Reach `own`: those they keep or nobody keeps, of their department or of none. Reach
    `department`: those of their departments or of none. Besides, whom parts above name through
    `also_visible`, such as the customers being served now.
    """
    if not staff.may(CustomerPermission.SEE):
        return Customer.objects.none()
    if staff.reach == Role.Reach.ALL:
        return Customer.objects.all()
    allowed = Q(keeper=staff)
    if staff.reach == Role.Reach.DEPARTMENT:
        allowed |= Q(department__isnull=True)
        allowed |= Q(department__in=staff.reach_departments())
    else:
        near = Q(department__isnull=True) | Q(department_id=staff.department_id)
        allowed |= Q(keeper__isnull=True) & near
    for widening in _widenings:
        allowed |= widening(staff)
    return Customer.objects.filter(allowed)


def search_customers(staff: Staff, words: str) -> CustomerQuerySet:
    """Visible customers found by name, pinyin, initials, number, tag, asset, remark or contact point.

    A phone number is found whole in any spelling, or by its last four digits or more; a mail
    address and an IM id whole. All on indexes. Nothing asked, nothing found.
    """
    text = words.strip()
    if not text:
        return visible_customers(staff).none()
    owners = ContactPoint.objects.filter(_contact_condition(text)).values("customer_id")
    found = Customer.objects.matching(text).values("pk").union(owners)
    return visible_customers(staff).filter(pk__in=found)


def _contact_condition(text: str) -> Q:
    condition = Q(kind=ContactKind.IM, normalised=text) & ~Q(platform=VISITOR)
    try:
        if "@" in text:
            return condition | Q(kind=ContactKind.MAIL, normalised=normalise_mail(text))
        condition |= Q(kind=ContactKind.PHONE, normalised=normalise_phone(text))
    except Unreadable:
        return condition
    digits = digits_of(text)
    if len(digits) >= TAIL_SHORTEST:
        condition |= Q(kind=ContactKind.PHONE, pk__in=_phones_ending_in(digits))
    return condition


def _phones_ending_in(digits: str) -> QuerySet[ContactPoint, dict[str, Any]]:
    return (
        ContactPoint.objects.filter(kind=ContactKind.PHONE)
        .alias(backwards=Reverse("normalised"))
        .filter(backwards__startswith=digits[::-1])
        .values("pk")
    )


def customers_with(
    staff: Staff, *, words: str = "", tag: str = "", flag: str = ""
) -> CustomerQuerySet:
    """Visible customers narrowed by search words, a tag's name and a flag's colour."""
    found = search_customers(staff, words) if words.strip() else visible_customers(staff)
    if tag:
        found = found.tagged(tag)
    if flag:
        found = found.flagged(flag)
    return found


def customer_reached_at(contacts: Iterable[tuple[str, str]]) -> Customer | None:
    """The customer who has one of these contact points, whoever asks; the first in order."""
    for kind, value in contacts:
        try:
            normalised = normalise(kind, value)
        except Unreadable:
            continue
        point = ContactPoint.objects.filter(kind=kind, normalised=normalised).first()
        if point:
            return point.customer
    return None
