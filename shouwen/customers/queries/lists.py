"""Rows of the customer list, and the lists to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects

from shouwen.accounts.models import Staff
from shouwen.customers.contactkinds import VISITOR
from shouwen.customers.models import Asset, ContactPoint, Customer, FriendGroup, Tag
from shouwen.customers.queries.shown import shown_contact, shown_name


@dataclass(frozen=True)
class CustomerRow:
    """One customer in a list, as one person may see it."""

    customer: Customer
    name: str
    contacts: list[str]
    tags: list[Tag]
    assets: list[Asset]


def customer_rows(customers: Iterable[Customer], staff: Staff) -> list[CustomerRow]:
    """The customers of a page with what the list shows of them, in three queries however many."""
    page = list(customers)
    prefetch_related_objects(
        page,
        Prefetch(
            "contact_points",
            ContactPoint.objects.exclude(platform=VISITOR).order_by("-is_primary", "pk"),
        ),
        Prefetch("tags", Tag.objects.order_by("name")),
        Prefetch("assets", Asset.objects.order_by("pk")),
    )
    return [
        CustomerRow(
            customer=one,
            name=shown_name(one, staff),
            contacts=[shown_contact(point, staff) for point in one.contact_points.all()],
            tags=list(one.tags.all()),
            assets=list(one.assets.all()),
        )
        for one in page
    ]


def tags_in_use() -> QuerySet[Tag]:
    """All tags by name, each with the number of customers who carry it as `customer_count`."""
    return Tag.objects.annotate(customer_count=Count("customer_links")).order_by("name")


def friend_groups() -> QuerySet[FriendGroup]:
    """All groups of IM friends, by what they group and name."""
    return FriendGroup.objects.order_by("basis", "name")
