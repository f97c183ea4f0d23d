"""Assets, and IM friends in groups."""

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotThere
from shouwen.core.history import history_of
from shouwen.customers import operations
from shouwen.customers.models import Friend
from shouwen.customers.operations.friends import FriendDetails
from shouwen.customers.queries import search_customers
from shouwen.customers.refusals import (
    AssetAlreadyThere,
    NotAnImContact,
    TagNameTaken,
)
from shouwen.customers.tests.factories import (
    AssetFactory,
    ContactPointFactory,
    CustomerFactory,
    FriendGroupFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return StaffFactory(role="agent")


@pytest.fixture
def leader():
    return StaffFactory(role="supervisor")


def last_fact(customer):
    return history_of("customer", customer.pk)[0]


class TestAssets:
    def test_the_customer_is_found_by_it(self, agent):
        customer = CustomerFactory()

        asset = operations.add_asset(
            customer.pk,
            kind="flat",
            label="3栋1单元1102",
            attributes={"用途": "自住", " ": "x"},
            by=agent,
        )

        assert asset.attributes == {"用途": "自住"}
        assert list(search_customers(agent, "1单元1102")) == [customer]

    def test_refuses_a_second_one_alike(self, agent):
        asset = AssetFactory()

        with pytest.raises(AssetAlreadyThere):
            operations.add_asset(asset.customer_id, kind=asset.kind, label=asset.label, by=agent)

    def test_changes_it(self, agent):
        asset = AssetFactory(label="旧")

        changed = operations.change_asset(
            asset.pk, label="沪A·12345", attributes={"颜色": "白"}, by=agent
        )

        assert (changed.label, changed.attributes) == ("沪A·12345", {"颜色": "白"})
        assert last_fact(asset.customer).name == "customers.AssetChanged"

    def test_details_change_without_the_label(self, agent):
        asset = AssetFactory(label="旧")

        assert operations.change_asset(asset.pk, label="旧", attributes={}, by=agent) == asset

    def test_removes_it(self, agent):
        asset = AssetFactory(label="沪A12345")

        operations.remove_asset(asset.pk, by=agent)

        assert not asset.customer.assets.exists()
        assert last_fact(asset.customer).name == "customers.AssetRemoved"

    def test_refuses_one_that_is_gone(self, agent):
        with pytest.raises(NotThere):
            operations.remove_asset(0, by=agent)


class TestBefriendCustomer:
    @pytest.mark.duty("D511")
    def test_puts_an_im_id_into_groups_by_product_activity_age_and_sex(self, agent):
        point = ContactPointFactory(kind="im", platform="wangwang", value="tb_zhou")
        groups = [FriendGroupFactory(name="面膜"), FriendGroupFactory(basis="activity")]
        details = FriendDetails(groups=groups, activity="双十一入口", age=34, sex="female")

        friend = operations.befriend_customer(point.pk, details=details, by=agent)

        assert set(friend.groups.all()) == set(groups)
        assert (friend.activity, friend.age, friend.sex) == ("双十一入口", 34, "female")
        assert last_fact(point.customer).payload["groups"][0] == "面膜"

    def test_done_again_it_changes_the_groups(self, agent):
        point = ContactPointFactory(kind="im", platform="qq", value="123456")
        old, new = FriendGroupFactory(), FriendGroupFactory()
        operations.befriend_customer(point.pk, details=FriendDetails(groups=[old]), by=agent)

        operations.befriend_customer(point.pk, details=FriendDetails(groups=[new]), by=agent)

        assert Friend.objects.get().groups.get() == new

    @pytest.mark.parametrize(("kind", "platform"), [("phone", ""), ("im", "web")])
    def test_refuses_what_is_no_im_id(self, agent, kind, platform):
        point = ContactPointFactory(kind=kind, platform=platform)

        with pytest.raises(NotAnImContact):
            operations.befriend_customer(point.pk, details=FriendDetails(), by=agent)

    def test_refuses_one_that_is_gone(self, agent):
        with pytest.raises(NotThere):
            operations.befriend_customer(0, details=FriendDetails(), by=agent)

    def test_a_group_is_created_once(self, leader):
        operations.create_friend_group(name="面膜", by=leader)

        with pytest.raises(TagNameTaken):
            operations.create_friend_group(name="面膜", by=leader)
