"""What can be done with a file."""

import pytest
from django.db import IntegrityError

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of
from shouwen.customers import operations
from shouwen.customers.models import Customer
from shouwen.customers.queries import search_customers
from shouwen.customers.refusals import (
    ContactPointTaken,
    ContactPointUnreadable,
    NothingEntered,
    RemarksChangedMeanwhile,
    TagNameTaken,
    TextTooLong,
)
from shouwen.customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
    TagFactory,
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


class TestRenameCustomer:
    def test_the_customer_is_found_by_the_new_name(self, agent):
        customer = CustomerFactory(name="周玉兰")

        operations.rename_customer(customer.pk, name=" 陈国强 ", salutation="sir", by=agent)

        assert list(search_customers(agent, "cgq")) == [customer]
        assert not search_customers(agent, "周玉兰")
        customer.refresh_from_db()
        assert (customer.name, customer.salutation) == ("陈国强", "sir")

    def test_history_names_nobody(self, agent):
        customer = CustomerFactory(name="周玉兰")

        operations.rename_customer(customer.pk, name="陈国强", by=agent)

        assert last_fact(customer).payload["old_name"] == "周*兰"
        assert last_fact(customer).payload["name"] == "陈*强"

    def test_a_company_stays_readable_to_all(self, agent):
        customer = CustomerFactory(name="")

        operations.rename_customer(customer.pk, name="张江实业有限公司", kind="company", by=agent)

        assert Customer.objects.get().masked_name == "张江实业有限公司"

    def test_refuses_an_empty_name(self, agent):
        with pytest.raises(NothingEntered):
            operations.rename_customer(CustomerFactory().pk, name="  ", by=agent)

    def test_refuses_a_name_that_is_too_long(self, agent):
        with pytest.raises(TextTooLong):
            operations.rename_customer(CustomerFactory().pk, name="周" * 101, by=agent)

    def test_refuses_who_may_not_edit(self):
        with pytest.raises(NotPermitted):
            operations.rename_customer(CustomerFactory().pk, name="x", by=StaffFactory())

    def test_refuses_a_customer_who_is_not_there(self, agent):
        with pytest.raises(NotThere):
            operations.rename_customer(0, name="x", by=agent)


class TestSetFlag:
    def test_sets_colour_and_note(self, agent):
        customer = CustomerFactory()

        operations.set_flag(customer.pk, flag="red", note="等退款", by=agent)

        customer.refresh_from_db()
        assert (customer.flag, customer.flag_note) == ("red", "等退款")
        assert last_fact(customer).payload["note"] == "等退款"
        assert list(search_customers(agent, "退款")) == [customer]

    def test_taking_it_off_takes_the_note_off(self, agent):
        customer = CustomerFactory(flag="red", flag_note="等退款")

        operations.set_flag(customer.pk, flag="", note="等退款", by=agent)

        customer.refresh_from_db()
        assert (customer.flag, customer.flag_note) == ("", "")

    def test_the_database_keeps_no_note_without_a_flag(self):
        with pytest.raises(IntegrityError):
            CustomerFactory(flag="", flag_note="等退款")


class TestSetRemarks:
    def test_writes_them(self, agent):
        customer = CustomerFactory()

        operations.set_remarks(customer.pk, text="午休勿扰\r\n母亲 82 岁", seen="", by=agent)

        customer.refresh_from_db()
        assert customer.remarks == "午休勿扰\n母亲 82 岁"
        assert list(search_customers(agent, "午休")) == [customer]

    def test_refuses_when_a_colleague_wrote_in_between(self, agent):
        customer = CustomerFactory(remarks="母亲 82 岁")

        with pytest.raises(RemarksChangedMeanwhile, match="母亲 82 岁"):
            operations.set_remarks(customer.pk, text="午休勿扰", seen="", by=agent)

        customer.refresh_from_db()
        assert customer.remarks == "母亲 82 岁"


class TestFiling:
    def test_files_a_quality_customer(self, agent):
        customer = CustomerFactory()

        operations.file_as_quality(customer.pk, is_quality=True, reason="年消费 3 万", by=agent)

        customer.refresh_from_db()
        assert customer.is_quality
        assert last_fact(customer).payload["reason"] == "年消费 3 万"

    def test_assigns_department_and_keeper(self, agent):
        customer, department = CustomerFactory(), DepartmentFactory()

        operations.assign_customer(customer.pk, department=department, keeper=agent, by=agent)

        customer.refresh_from_db()
        assert (customer.department, customer.keeper) == (department, agent)


class TestContactPoints:
    def test_the_first_of_its_kind_is_primary(self, agent):
        customer = CustomerFactory()
        first = operations.add_contact_point(
            customer.pk, kind="phone", value="13800137719", by=agent
        )
        second = operations.add_contact_point(
            customer.pk, kind="phone", value="13900001111", by=agent
        )

        assert (first.is_primary, second.is_primary) == (True, False)
        assert last_fact(customer).payload["shown"] == "139****1111"

    def test_adding_it_again_changes_nothing(self, agent):
        point = ContactPointFactory(value="13800137719")

        again = operations.add_contact_point(
            point.customer_id, kind="phone", value="138-0013-7719", by=agent
        )

        assert again == point

    def test_refuses_one_of_another_customer(self, agent):
        taken = ContactPointFactory(value="13800137719")

        with pytest.raises(ContactPointTaken, match=taken.customer.number):
            operations.add_contact_point(
                CustomerFactory().pk, kind="phone", value="13800137719", by=agent
            )

    @pytest.mark.parametrize(("kind", "value"), [("phone", "?"), ("mail", "zhou"), ("im", " ")])
    def test_refuses_what_is_none(self, agent, kind, value):
        with pytest.raises(ContactPointUnreadable):
            operations.add_contact_point(CustomerFactory().pk, kind=kind, value=value, by=agent)

    def test_an_im_id_has_a_service(self, agent):
        point = operations.add_contact_point(CustomerFactory().pk, kind="im", value="z8", by=agent)

        assert point.platform == "other"

    def test_the_next_one_moves_up_when_the_primary_goes(self, agent):
        primary = ContactPointFactory()
        other = ContactPointFactory(customer=primary.customer, is_primary=False)

        operations.remove_contact_point(primary.pk, by=agent)

        other.refresh_from_db()
        assert other.is_primary
        assert last_fact(other.customer).name == "customers.ContactPointRemoved"

    def test_the_last_one_may_go(self, agent):
        point = ContactPointFactory()

        customer = operations.remove_contact_point(point.pk, by=agent)

        assert not customer.contact_points.exists()

    def test_one_is_primary(self, agent):
        first = ContactPointFactory()
        second = ContactPointFactory(customer=first.customer, is_primary=False)

        operations.make_primary(second.pk, by=agent)

        first.refresh_from_db()
        assert not first.is_primary
        assert last_fact(first.customer).name == "customers.ContactPointMadePrimary"

    def test_refuses_one_that_is_gone(self, agent):
        with pytest.raises(NotThere):
            operations.make_primary(0, by=agent)


class TestTags:
    @pytest.mark.duty("D512")
    def test_whoever_serves_next_sees_and_finds_the_tag(self, agent):
        customer, next_agent = CustomerFactory(), StaffFactory(role="online_agent")

        operations.tag_customer(customer.pk, name="重点关怀", by=agent)

        (found,) = search_customers(next_agent, "重点关怀")
        assert [tag.name for tag in found.tags.all()] == ["重点关怀"]

    def test_tagging_twice_is_one_tag_and_one_fact(self, agent):
        customer = CustomerFactory()

        operations.tag_customer(customer.pk, name="业主", by=agent)
        operations.tag_customer(customer.pk, name=" 业主 ", by=agent)

        assert customer.tags.count() == 1
        assert history_of("customer", customer.pk).count() == 1

    def test_untagging_takes_it_off_and_out_of_search(self, agent):
        customer = CustomerFactory()
        operations.tag_customer(customer.pk, name="业主", by=agent)

        operations.untag_customer(customer.pk, tag_id=customer.tags.get().pk, by=agent)

        assert not customer.tags.exists()
        assert not search_customers(agent, "业主")

    def test_untagging_what_is_not_there_changes_nothing(self, agent):
        customer = CustomerFactory()

        operations.untag_customer(customer.pk, tag_id=TagFactory().pk, by=agent)

        assert not history_of("customer", customer.pk).exists()

    def test_a_tag_is_created_once(self, leader):
        operations.create_tag(name="业主", tone="accent", by=leader)

        with pytest.raises(TagNameTaken):
            operations.create_tag(name="业主", by=leader)

    def test_a_renamed_tag_is_found_by_its_new_name(self, agent, leader):
        customer = CustomerFactory()
        operations.tag_customer(customer.pk, name="业主", by=agent)
        tag = customer.tags.get()

        operations.change_tag(tag.pk, name="住户", tone="kept", by=leader)

        assert list(search_customers(agent, "住户")) == [customer]

    def test_a_recoloured_tag_keeps_its_name(self, leader):
        tag = TagFactory(name="业主")

        assert operations.change_tag(tag.pk, name="业主", tone="late", by=leader).tone == "late"
        assert history_of("customer_tag", tag.pk).get().name == "customers.TagChanged"

    def test_refuses_the_name_of_another_tag(self, leader):
        TagFactory(name="业主")

        with pytest.raises(TagNameTaken):
            operations.change_tag(TagFactory().pk, name="业主", tone="plain", by=leader)

    def test_refuses_a_tag_that_is_gone(self, leader):
        with pytest.raises(NotThere):
            operations.change_tag(0, name="业主", tone="plain", by=leader)

    def test_agents_do_not_manage_the_list(self, agent):
        with pytest.raises(NotPermitted):
            operations.create_tag(name="业主", by=agent)

    def test_setting_tags_changes_only_what_differs(self, agent):
        customer = CustomerFactory()
        operations.set_tags(customer.pk, names=["业主", "重点关怀"], by=agent)

        operations.set_tags(customer.pk, names=["业主", "有车"], by=agent)

        assert set(customer.tags.values_list("name", flat=True)) == {"业主", "有车"}
        assert history_of("customer", customer.pk).count() == 4
