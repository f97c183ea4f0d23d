"""Customers over the API: the same queries, operations and masking as on the pages."""

from django.shortcuts import get_object_or_404
from ninja import Router

from shouwen.accounts.decorators import StaffRequest
from shouwen.accounts.permissions import asks_for
from shouwen.core.paging import keyset_page
from shouwen.customers import operations
from shouwen.customers.models import Customer
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.queries import (
    CustomerCard,
    customer_card,
    customer_rows,
    customers_with,
    visible_customers,
)
from shouwen.customers.queries.cards import ShownContact
from shouwen.customers.queries.lists import CustomerRow
from shouwen.customers.schemas import (
    AssetIn,
    AssetOut,
    ContactIn,
    ContactOut,
    CustomerFileOut,
    CustomerIn,
    CustomerOut,
    CustomersOut,
    FlagIn,
    RemarksIn,
    TagIn,
)

router = Router()
PAGE_MOST = 200


@router.get("", response=CustomersOut, openapi_extra=asks_for(CustomerPermission.SEE))
def list_customers(
    request: StaffRequest,
    q: str = "",
    tag: str = "",
    flag: str = "",
    after: str = "",
    size: int = 50,
) -> CustomersOut:
    """Customers the key's person may see, newest first; `q` searches as on the page. At most 200."""
    found = customers_with(request.user, words=q, tag=tag, flag=flag)
    page = keyset_page(found, order=("-pk",), after=after, size=min(max(size, 1), PAGE_MOST))
    rows = customer_rows(page.rows, request.user)
    return CustomersOut(items=[_row(row) for row in rows], next=page.next_cursor)


@router.post("", response=CustomerFileOut, openapi_extra=asks_for(CustomerPermission.CREATE))
def find_or_create(request: StaffRequest, body: CustomerIn) -> CustomerFileOut:
    """The one customer with any of these contact points, opened if there is none."""
    customer = operations.find_or_create_customer(
        contacts=[(one.kind, one.value) for one in body.contacts],
        name=body.name,
        source=Customer.Source.API,
        by=request.user,
    )
    return _file(request, customer)


@router.get(
    "/{customer_id}", response=CustomerFileOut, openapi_extra=asks_for(CustomerPermission.SEE)
)
def get_customer(request: StaffRequest, customer_id: int) -> CustomerFileOut:
    """One customer's file."""
    return _file(request, _visible(request, customer_id))


@router.post(
    "/{customer_id}/contacts",
    response=CustomerFileOut,
    openapi_extra=asks_for(CustomerPermission.EDIT),
)
def add_contact(request: StaffRequest, customer_id: int, body: ContactIn) -> CustomerFileOut:
    """Add a way to reach the customer. Refused when another customer has it."""
    customer = _visible(request, customer_id)
    kind, _colon, platform = body.kind.partition(":")
    operations.add_contact_point(
        customer.pk, kind=kind, platform=platform, value=body.value, by=request.user
    )
    return _file(request, customer)


@router.post(
    "/{customer_id}/tags", response=CustomerFileOut, openapi_extra=asks_for(CustomerPermission.EDIT)
)
def add_tag(request: StaffRequest, customer_id: int, body: TagIn) -> CustomerFileOut:
    """Put a tag on the customer. [D512]"""
    customer = _visible(request, customer_id)
    operations.tag_customer(customer.pk, name=body.name, by=request.user)
    return _file(request, customer)


@router.delete(
    "/{customer_id}/tags/{name}",
    response=CustomerFileOut,
    openapi_extra=asks_for(CustomerPermission.EDIT),
)
def remove_tag(request: StaffRequest, customer_id: int, name: str) -> CustomerFileOut:
    """Take a tag off the customer."""
    customer = _visible(request, customer_id)
    tag = get_object_or_404(customer.tags.all(), name=name)
    operations.untag_customer(customer.pk, tag_id=tag.pk, by=request.user)
    return _file(request, customer)


@router.post(
    "/{customer_id}/flag", response=CustomerFileOut, openapi_extra=asks_for(CustomerPermission.EDIT)
)
def set_flag(request: StaffRequest, customer_id: int, body: FlagIn) -> CustomerFileOut:
    """Set, change or take off the flag."""
    customer = _visible(request, customer_id)
    operations.set_flag(customer.pk, flag=body.flag, note=body.note, by=request.user)
    return _file(request, customer)


@router.post(
    "/{customer_id}/remarks",
    response=CustomerFileOut,
    openapi_extra=asks_for(CustomerPermission.EDIT),
)
def set_remarks(request: StaffRequest, customer_id: int, body: RemarksIn) -> CustomerFileOut:
    """Rewrite the remarks. Refused when `seen` is no longer what they are."""
    customer = _visible(request, customer_id)
    operations.set_remarks(customer.pk, text=body.text, seen=body.seen, by=request.user)
    return _file(request, customer)


@router.post(
    "/{customer_id}/assets",
    response=CustomerFileOut,
    openapi_extra=asks_for(CustomerPermission.EDIT),
)
def add_asset(request: StaffRequest, customer_id: int, body: AssetIn) -> CustomerFileOut:
    """Add a flat, vehicle, device or account."""
    customer = _visible(request, customer_id)
    operations.add_asset(
        customer.pk,
        kind=body.kind,
        label=body.label,
        attributes=body.attributes,
        by=request.user,
    )
    return _file(request, customer)


def _visible(request: StaffRequest, customer_id: int) -> Customer:
    return get_object_or_404(visible_customers(request.user), pk=customer_id)


def _file(request: StaffRequest, customer: Customer) -> CustomerFileOut:
    customer.refresh_from_db()
    card = customer_card(customer, request.user)
    return CustomerFileOut(
        **_row(_as_row(card)).dict(),
        remarks=customer.remarks,
        completeness_percent=card.completeness,
        contact_points=[_contact(one) for one in card.contacts],
        assets=[AssetOut.from_orm(asset) for asset in card.assets],
    )


def _as_row(card: CustomerCard) -> CustomerRow:
    return CustomerRow(
        customer=card.customer,
        name=card.name,
        contacts=[one.shown for one in card.contacts],
        tags=card.tags,
        assets=card.assets,
    )


def _row(row: CustomerRow) -> CustomerOut:
    customer = row.customer
    return CustomerOut(
        id=customer.pk,
        number=customer.number,
        name=row.name,
        kind=customer.kind,
        salutation=customer.salutation,
        flag=customer.flag,
        flag_note=customer.flag_note,
        is_quality=customer.is_quality,
        source=customer.source,
        tags=[tag.name for tag in row.tags],
        contacts=row.contacts,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
    )


def _contact(one: ShownContact) -> ContactOut:
    return ContactOut(
        id=one.point.pk,
        kind=one.point.kind,
        platform=one.point.platform,
        value=one.shown,
        is_masked=one.is_hidden,
        is_primary=one.point.is_primary,
        is_verified=one.point.is_verified,
    )
