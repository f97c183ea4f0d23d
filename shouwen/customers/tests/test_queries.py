"""Who may see which file, what is found, and what is shown masked."""

import pytest
from django.db import connection
from django.db.models import Q

from shouwen.accounts.tests.factories import DepartmentFactory, RoleFactory, StaffFactory
from shouwen.customers import queries
from shouwen.customers.models import Customer
from shouwen.customers.operations import befriend_customer, rename_customer, set_flag
from shouwen.customers.operations.friends import FriendDetails
from shouwen.customers.queries import files
from shouwen.customers.tests.factories import (
    AssetFactory,
    ContactPointFactory,
    CustomerFactory,
    FriendGroupFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return StaffFactory(role="agent")


class TestVisibleCustomers:
    def test_nobody_without_the_permission(self):
        CustomerFactory()

        assert not queries.visible_customers(StaffFactory())

    def test_reach_all_sees_every_file(self):
        customer = CustomerFactory(department=DepartmentFactory(), keeper=StaffFactory())

        assert list(queries.visible_customers(StaffFactory(role="administrator"))) == [customer]

    def test_reach_department_sees_its_own_those_below_and_those_of_nobody(self):
        mine, other = DepartmentFactory(), DepartmentFactory()
        below = DepartmentFactory(parent=mine)
        agent = StaffFactory(role="agent", department=mine)
        shown = [CustomerFactory(department=one) for one in (mine, below, None)]
        hidden = CustomerFactory(department=other)
        kept = CustomerFactory(department=other, keeper=agent)

        assert set(queries.visible_customers(agent)) == {*shown, kept}
        assert hidden not in queries.visible_customers(agent)

    def test_reach_own_sees_those_kept_and_those_nobody_keeps(self):
        mine = DepartmentFactory()
        role = RoleFactory(permissions=["customers.see"], reach="own")
        staff = StaffFactory(roles=[role], department=mine)
        shown = {CustomerFactory(keeper=staff), CustomerFactory(department=mine)}
        CustomerFactory(keeper=StaffFactory(), department=mine)
        CustomerFactory(department=DepartmentFactory())

        assert set(queries.visible_customers(staff)) == shown

    def test_parts_above_may_show_more(self, agent, monkeypatch):
        served = CustomerFactory(department=DepartmentFactory())
        monkeypatch.setattr(files, "_widenings", [])
        widening = queries.also_visible(lambda staff: Q(pk=served.pk))
        queries.also_visible(widening)

        assert list(queries.visible_customers(agent)) == [served]
        assert len(files._widenings) == 1


class TestSearchCustomers:
    @pytest.fixture
    def customer(self):
        customer = CustomerFactory(number="KH-202611-4321", remarks="母亲 82 岁，轮椅")
        ContactPointFactory(customer=customer, value="13800137719")
        ContactPointFactory(customer=customer, kind="mail", value="zhou@example.cn")
        ContactPointFactory(customer=customer, kind="im", platform="wechat", value="zhou88")
        ContactPointFactory(customer=customer, kind="im", platform="web", value="visitor-7")
        CustomerFactory(name="陈国强")
        rename_customer(customer.pk, name="周玉兰", by=StaffFactory(role="agent"))
        return customer

    @pytest.mark.parametrize(
        "words",
        [
            "周玉兰",
            "玉兰",
            "周",
            "zyl",
            "zhouyul",
            "4321",
            "KH-202611-4321",
            "轮椅",
            "13800137719",
            "138 0013 7719",
            "+86 13800137719",
            "7719",
            "0137719",
            "zhou@example.cn",
            "ZHOU@EXAMPLE.CN",
            "zhou88",
        ],
    )
    def test_finds_by(self, customer, agent, words):
        assert list(queries.search_customers(agent, words)) == [customer]

    @pytest.mark.parametrize("words", ["", "  ", "719", "1380013", "lan@", "visitor-7", "不在"])
    def test_does_not_find_by(self, customer, agent, words):
        assert not queries.search_customers(agent, words)

    def test_finds_nobody_this_person_may_not_see(self, agent):
        CustomerFactory(department=DepartmentFactory())

        assert not queries.search_customers(agent, "周玉兰")

    def test_phone_tails_are_found_on_an_index(self):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            condition = files._contact_condition("7719")
            plan = files.ContactPoint.objects.filter(condition).explain()

        assert "contact_point_tail" in plan

    def test_words_are_found_on_an_index(self):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            plan = Customer.objects.matching("玉兰").explain()

        assert "customer_search" in plan


class TestCustomersWith:
    def test_narrows_by_words_tag_and_flag(self, agent):
        wanted = CustomerFactory(flag="red")
        wanted.tags.add(TagFactory(name="业主"), through_defaults={"added_by": agent})
        CustomerFactory(flag="red")
        CustomerFactory(name="陈国强")

        found = queries.customers_with(agent, words="周玉兰", tag="业主", flag="red")

        assert list(found) == [wanted]


class TestCustomerReachedAt:
    def test_is_the_first_who_has_one_of_them(self):
        point = ContactPointFactory(value="13800137719")

        found = queries.customer_reached_at([("phone", "?"), ("phone", "138-0013-7719")])

        assert found == point.customer

    def test_is_nobody_when_nobody_has_it(self):
        assert queries.customer_reached_at([("mail", "a@b.cn")]) is None


class TestMasking:
    @pytest.fixture
    def customer(self):
        customer = CustomerFactory()
        ContactPointFactory(customer=customer, value="13800137719")
        ContactPointFactory(customer=customer, kind="mail", value="zhou@example.cn")
        return customer

    @pytest.mark.duty("D423")
    @pytest.mark.parametrize(
        ("role", "name", "contacts"),
        [
            ("finance", "周*兰", ["138****7719", "z***@example.cn"]),
            ("agent", "周玉兰", ["138****7719", "z***@example.cn"]),
            ("service_manager", "周玉兰", ["138****7719", "z***@example.cn"]),
            ("administrator", "周玉兰", ["13800137719", "zhou@example.cn"]),
        ],
    )
    def test_goes_by_role_on_card_and_in_lists(self, customer, role, name, contacts):
        staff = StaffFactory(role=role)

        card = queries.customer_card(customer, staff)
        (row,) = queries.customer_rows([customer], staff)

        assert (card.name, [one.shown for one in card.contacts]) == (name, contacts)
        assert (row.name, row.contacts) == (name, contacts)
        assert card.is_name_hidden == (role == "finance")
        assert [one.is_hidden for one in card.contacts] == [role != "administrator"] * 2


class TestCustomerCard:
    def test_says_how_much_of_the_file_is_filled_in(self, agent):
        customer = CustomerFactory(salutation="madam")
        ContactPointFactory(customer=customer)

        card = queries.customer_card(customer, agent)

        assert card.completeness == 43
        assert len(card.missing) == 4

    def test_a_company_needs_no_salutation(self, agent):
        company = CustomerFactory(kind="company")

        assert queries.customer_card(company, agent).completeness == round(100 / 6)

    def test_never_shows_the_visitor_token(self, agent):
        point = ContactPointFactory(kind="im", platform="web", value="visitor-7")

        assert queries.customer_card(point.customer, agent).contacts == []

    @pytest.mark.duty("D511")
    def test_shows_the_groups_of_a_friend(self, agent):
        point = ContactPointFactory(kind="im", platform="qq", value="123456")
        group = FriendGroupFactory(name="面膜")
        befriend_customer(point.pk, details=FriendDetails(groups=[group]), by=agent)

        (contact,) = queries.customer_card(point.customer, agent).contacts

        assert list(contact.friend.groups.all()) == [group]

    def test_reads_in_few_queries(self, agent, django_assert_max_num_queries):
        customer = CustomerFactory()
        for _ in range(5):
            ContactPointFactory(customer=customer, is_primary=False)
            AssetFactory(customer=customer)
        agent.may("customers.see")

        with django_assert_max_num_queries(4):
            queries.customer_card(customer, agent)

    def test_lists_read_in_few_queries_however_many(self, agent, django_assert_max_num_queries):
        customers = [ContactPointFactory().customer for _ in range(12)]
        agent.may("customers.see")

        with django_assert_max_num_queries(3):
            queries.customer_rows(customers, agent)


class TestCustomerTimeline:
    def test_tells_who_did_what_newest_first(self, agent):
        customer = CustomerFactory()
        set_flag(customer.pk, flag="red", note="等退款", by=agent)
        rename_customer(customer.pk, name="陈国强", by=agent)

        entries, older = queries.customer_timeline(customer)

        assert [entry.who for entry in entries] == [agent.public_name] * 2
        assert "陈*强" in entries[0].text
        assert entries[1].detail == "等退款"
        assert older == ""

    def test_goes_on_where_the_page_ends(self, agent, monkeypatch):
        monkeypatch.setattr(queries.timelines, "PAGE", 1)
        customer = CustomerFactory()
        set_flag(customer.pk, flag="red", by=agent)
        set_flag(customer.pk, flag="", by=agent)

        _newest, older = queries.customer_timeline(customer)
        entries, end = queries.customer_timeline(customer, after=older)

        assert len(entries) == 1
        assert end == ""
