"""One person, one file."""

import threading

import pytest
from django.db import connection

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of
from shouwen.customers.models import ContactPoint, Customer
from shouwen.customers.operations import (
    Person,
    find_or_create_customer,
    find_or_create_customers,
    take_down_contacts,
)
from shouwen.customers.tests.factories import ContactPointFactory, CustomerFactory

pytestmark = pytest.mark.django_db
PHONE = ("phone", "138 0013 7719")


def open_file(*contacts, **more):
    return find_or_create_customer(contacts=list(contacts), by=system_staff(), **more)


def facts(customer):
    return [entry.name for entry in history_of("customer", customer.pk)]


class TestFindOrCreateCustomer:
    def test_opens_a_file_with_all_contact_points(self):
        customer = open_file(PHONE, ("mail", "Z@X.com"), name="周玉兰", source="mail")

        assert customer.number.startswith("KH-")
        assert customer.name == "周玉兰"
        assert {(p.normalised, p.is_primary) for p in customer.contact_points.all()} == {
            ("+8613800137719", True),
            ("z@x.com", True),
        }

    @pytest.mark.duty("D358")
    def test_knows_a_caller_again_by_the_number_however_dialled(self):
        known = open_file(PHONE, name="周玉兰")

        again = open_file(("phone", "+86-13800137719"))

        assert again == known
        assert again.name == "周玉兰"

    def test_history_holds_no_personal_data(self):
        customer = open_file(PHONE, name="周玉兰")

        (entry,) = history_of("customer", customer.pk)
        assert entry.name == "customers.CustomerCreated"
        assert entry.payload["contact_points"] == ["138****7719"]
        assert "周玉兰" not in str(entry.payload)

    def test_adds_what_is_new_about_a_known_customer(self):
        known = open_file(("im:web", "visitor-7"), alias="访客 7F31")

        again = open_file(("im:web", "visitor-7"), PHONE, name="周玉兰")

        assert again == known
        assert again.contact_points.count() == 2
        assert Customer.objects.get().name == "周玉兰"
        assert facts(known) == [
            "customers.CustomerRenamed",
            "customers.ContactPointAdded",
            "customers.CustomerCreated",
        ]

    def test_leaves_a_known_name_as_it_is(self):
        known = open_file(PHONE, name="周玉兰")

        assert open_file(PHONE, name="小周") == known
        assert Customer.objects.get().name == "周玉兰"

    def test_takes_nothing_from_another_customer(self):
        first, second = open_file(PHONE), open_file(("mail", "a@b.cn"))

        assert open_file(("mail", "a@b.cn"), PHONE) == second
        assert first.contact_points.get().normalised == "+8613800137719"
        assert facts(second)[0] == "customers.SameContactSeen"

    def test_leaves_out_what_cannot_be_read(self):
        customer = open_file(("phone", "unknown"), ("mail", "a@b.cn"))

        assert customer.contact_points.get().kind == "mail"

    def test_opens_a_new_file_when_nothing_can_be_read(self):
        assert open_file(("phone", "?")) != open_file(("phone", "?"))

    def test_one_value_given_twice_is_one_contact_point(self):
        assert open_file(PHONE, ("phone", "13800137719")).contact_points.count() == 1

    def test_an_im_id_is_known_by_its_service(self):
        assert open_file(("im:wechat", "zhou88")) != open_file(("im:qq", "zhou88"))

    def test_refuses_who_may_not_open_files(self):
        with pytest.raises(NotPermitted):
            find_or_create_customer(contacts=[PHONE], by=StaffFactory(role="finance"))

    def test_an_alias_stands_in_unmasked_while_there_is_no_name(self):
        customer = open_file(("im:web", "visitor-7"), alias="访客 7F31")

        assert customer.display_name == customer.masked_name == "访客 7F31"
        assert not customer.is_named

    def test_a_customer_without_any_name_is_called_by_number(self):
        customer = CustomerFactory(name="", number="KH-202611-0042")

        assert "0042" in customer.display_name
        assert str(customer) == "KH-202611-0042"


class TestTakeDownContacts:
    def test_adds_what_nobody_has(self):
        customer = open_file(("im:web", "visitor-7"))

        take_down_contacts(customer.pk, contacts=[PHONE], name="周玉兰", by=system_staff())

        customer.refresh_from_db()
        assert customer.name == "周玉兰"
        assert customer.contact_points.filter(kind="phone").count() == 1

    def test_leaves_to_others_what_is_theirs_and_says_so_to_the_team(self):
        owner = ContactPointFactory(value="13800137719").customer
        customer = open_file(("im:web", "visitor-7"))

        take_down_contacts(customer.pk, contacts=[PHONE], by=system_staff())

        assert not customer.contact_points.filter(kind="phone").exists()
        seen = history_of("customer", customer.pk)[0]
        assert seen.name == "customers.SameContactSeen"
        assert seen.payload["other_id"] == owner.pk

    def test_saying_the_same_again_changes_nothing(self):
        customer = open_file(PHONE)

        take_down_contacts(customer.pk, contacts=[PHONE], by=system_staff())

        assert facts(customer) == ["customers.CustomerCreated"]


class TestMany:
    def open_files(self, *people):
        return find_or_create_customers(people, by=system_staff(), source="mail")

    def test_each_has_his_file_and_whoever_is_named_twice_has_one(self):
        known = open_file(("mail", "a@b.cn"))
        old, zhou, same, nobody = self.open_files(
            Person(contacts=[("mail", "A@b.cn")], name="李明"),
            Person(contacts=[("mail", "c@d.cn")], alias="c@d.cn"),
            Person(contacts=[("mail", "c@d.cn")], name="周玉兰"),
            Person(contacts=[], alias="无名"),
        )

        assert (old.pk, old.name) == (known.pk, "李明")
        assert (same.pk, same.name) == (zhou.pk, "周玉兰")
        assert nobody.display_name == "无名"
        numbers = sorted(Customer.objects.values_list("number", flat=True))
        assert [number.rpartition("-")[2] for number in numbers] == ["0001", "0002", "0003"]
        assert facts(nobody) == ["customers.CustomerCreated"]

    def test_a_hundred_cost_no_more_statements_than_two(self, django_assert_max_num_queries):
        system_staff()
        people = [Person(contacts=[("mail", f"u{n}@b.cn")], name="李明") for n in range(100)]
        with django_assert_max_num_queries(16):
            self.open_files(*people)
        with django_assert_max_num_queries(8):
            again = self.open_files(*people)

        assert len({one.pk for one in again}) == 100


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_give_one_customer(self):
        system = system_staff()
        start, found, failures = threading.Barrier(6), [], []

        def write_in(place: int) -> None:
            contacts = [PHONE, ("mail", "a@b.cn")]
            start.wait()
            try:
                found.append(
                    find_or_create_customer(contacts=contacts[:: 1 - place % 2 * 2], by=system).pk
                )
            except Exception as error:  # noqa: BLE001 - a thread's failure must reach the assertion
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=write_in, args=[n]) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        assert len(found) == 6
        assert len(set(found)) == 1
        assert ContactPoint.objects.count() == 2
        assert Customer.objects.count() == 1
