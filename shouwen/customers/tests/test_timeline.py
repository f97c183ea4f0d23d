"""Every fact about a customer has words."""

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.core.history import history_of
from shouwen.customers import events, operations
from shouwen.customers.models import FriendGroup
from shouwen.customers.operations.friends import FriendDetails
from shouwen.customers.queries import customer_timeline
from shouwen.customers.queries.shown import contact_field
from shouwen.customers.tests.factories import ContactPointFactory

pytestmark = pytest.mark.django_db


FACTS = {
    "AssetAdded",
    "AssetChanged",
    "AssetRemoved",
    "ContactPointAdded",
    "ContactPointMadePrimary",
    "ContactPointRemoved",
    "CustomerAssigned",
    "CustomerBefriended",
    "CustomerCreated",
    "CustomerFlagged",
    "CustomerRenamed",
    "CustomerTagged",
    "CustomerUntagged",
    "PersonalDataRevealed",
    "QualityChanged",
    "RemarksChanged",
    "SameContactSeen",
}


def test_no_kind_of_fact_is_forgotten_here():
    kinds = {one.__name__ for one in events.CustomerEvent.__subclasses__()}

    assert kinds == FACTS


def test_a_long_life_is_told_in_words():
    by = system_staff()
    ContactPointFactory(value="13900001111")
    customer = operations.find_or_create_customer(contacts=[("phone", "13800137719")], by=by)
    pk = customer.pk
    operations.take_down_contacts(pk, contacts=[("phone", "13900001111")], by=by)
    operations.rename_customer(pk, name="周玉兰", by=by)
    operations.set_flag(pk, flag="red", by=by)
    operations.set_flag(pk, flag="", by=by)
    operations.set_remarks(pk, text="轮椅", by=by)
    operations.file_as_quality(pk, is_quality=True, by=by)
    operations.file_as_quality(pk, is_quality=False, by=by)
    operations.set_tags(pk, names=["业主"], by=by)
    operations.set_tags(pk, names=[], by=by)
    operations.assign_customer(pk, department=None, keeper=None, by=by)
    point = operations.add_contact_point(pk, kind="im", platform="qq", value="123456", by=by)
    group = FriendGroup.objects.create(name="面膜")
    operations.befriend_customer(point.pk, details=FriendDetails(groups=[group]), by=by)
    operations.make_primary(point.pk, by=by)
    operations.remove_contact_point(point.pk, by=by)
    asset = operations.add_asset(pk, kind="flat", label="3栋1102", by=by)
    operations.change_asset(asset.pk, label="3栋1103", attributes={}, by=by)
    operations.remove_asset(asset.pk, by=by)
    phone = customer.contact_points.get()
    operations.reveal(pk, field=contact_field(phone.pk), reason="回拨", by=by)

    happened = {entry.name.partition(".")[2] for entry in history_of("customer", pk)}
    entries, _older = customer_timeline(customer)

    assert happened == FACTS
    assert not [entry for entry in entries if entry.text.startswith("customers.")]
    assert not [entry for entry in entries if "13800137719" in f"{entry.text}{entry.detail}"]
