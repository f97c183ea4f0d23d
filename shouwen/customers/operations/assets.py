"""Flats, vehicles, devices and accounts of a customer."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from shouwen.accounts.models import Staff
from shouwen.accounts.permissions import require
from shouwen.core.bus import publish
from shouwen.core.errors import NotThere
from shouwen.customers.events import AssetAdded, AssetChanged, AssetRemoved
from shouwen.customers.models import Asset, Customer
from shouwen.customers.operations.rows import clean_text, locked_customer, write_search_text
from shouwen.customers.permissions import CustomerPermission
from shouwen.customers.refusals import AssetAlreadyThere

LABEL_LIMIT = 100
ATTRIBUTE_LIMIT = 200
ATTRIBUTES_MOST = 30


@transaction.atomic
def add_asset(
    customer_id: int,
    *,
    kind: str,
    label: str,
    by: Staff,
    attributes: Mapping[str, str] | None = None,
) -> Asset:
    """The customer has this flat, vehicle, device or account, and is found by its label.

    Refuses a second one of the same kind and label.
    """
    require(by, CustomerPermission.EDIT)
    customer = locked_customer(customer_id)
    label = clean_text(label, limit=LABEL_LIMIT, is_needed=True)
    _refuse_second(customer, Asset.Kind(kind), label)
    asset = Asset.objects.create(
        customer=customer, kind=kind, label=label, attributes=_clean_attributes(attributes or {})
    )
    write_search_text(customer)
    publish(
        AssetAdded(customer_id=customer.pk, asset_id=asset.pk, kind=kind, label=label, by_id=by.pk)
    )
    return asset


@transaction.atomic
def change_asset(asset_id: int, *, label: str, attributes: Mapping[str, str], by: Staff) -> Asset:
    """The asset has this label and these details. Refuses the label of another of its kind."""
    require(by, CustomerPermission.EDIT)
    asset = _asset(asset_id)
    label = clean_text(label, limit=LABEL_LIMIT, is_needed=True)
    if label != asset.label:
        _refuse_second(asset.customer, asset.kind, label)
    asset.label, asset.attributes = label, _clean_attributes(attributes)
    asset.save(update_fields=["label", "attributes", "updated_at"])
    write_search_text(asset.customer)
    publish(
        AssetChanged(
            customer_id=asset.customer_id,
            asset_id=asset.pk,
            kind=asset.kind,
            label=label,
            by_id=by.pk,
        )
    )
    return asset


@transaction.atomic
def remove_asset(asset_id: int, *, by: Staff) -> Customer:
    """The asset is no longer this customer's."""
    require(by, CustomerPermission.EDIT)
    asset = _asset(asset_id)
    fact = AssetRemoved(
        customer_id=asset.customer_id,
        asset_id=asset.pk,
        kind=asset.kind,
        label=asset.label,
        by_id=by.pk,
    )
    asset.delete()
    write_search_text(asset.customer)
    publish(fact)
    return asset.customer


def _asset(asset_id: int) -> Asset:
    found = Asset.objects.filter(pk=asset_id).first()
    if found is None:
        raise NotThere
    customer = locked_customer(found.customer_id)
    asset = customer.assets.filter(pk=asset_id).first()
    if asset is None:
        raise NotThere
    return asset


def _refuse_second(customer: Customer, kind: str, label: str) -> None:
    if customer.assets.filter(kind=kind, label=label).exists():
        raise AssetAlreadyThere(_("“%s” is in the file already.") % label)


def _clean_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    cleaned = {}
    for name, value in list(attributes.items())[:ATTRIBUTES_MOST]:
        key = clean_text(name, limit=LABEL_LIMIT)
        if key:
            cleaned[key] = clean_text(str(value), limit=ATTRIBUTE_LIMIT)
    return cleaned
