"""Personal data in clear: with a reason, and on record."""

import pytest
from django.utils import timezone

from shouwen.accounts.models import ReadLog
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted, NotThere
from shouwen.core.history import history_of
from shouwen.customers import operations
from shouwen.customers.queries.shown import contact_field
from shouwen.customers.refusals import (
    ReasonMissing,
)
from shouwen.customers.tests.factories import (
    ContactPointFactory,
    CustomerFactory,
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


class TestReveal:
    @pytest.mark.duty("D423")
    def test_gives_the_clear_value_and_writes_down_who_and_why(self, agent):
        point = ContactPointFactory(value="13800137719")

        value = operations.reveal(
            point.customer_id, field=contact_field(point.pk), reason="回拨客户", by=agent
        )

        assert value == "13800137719"
        log = ReadLog.objects.get()
        assert (log.staff, log.what, log.reason) == (agent, "phone", "回拨客户")
        assert log.subject_id == point.customer_id
        assert last_fact(point.customer).name == "customers.PersonalDataRevealed"
        assert "13800137719" not in str(last_fact(point.customer).payload)

    def test_reveals_a_name(self, agent):
        customer = CustomerFactory(name="周玉兰")

        assert operations.reveal(customer.pk, field="name", reason="寄信", by=agent) == "周玉兰"

    @pytest.mark.duty("D423")
    def test_refuses_without_a_reason(self, agent):
        point = ContactPointFactory()

        with pytest.raises(ReasonMissing):
            operations.reveal(
                point.customer_id, field=contact_field(point.pk), reason="  ", by=agent
            )

        assert not ReadLog.objects.exists()

    @pytest.mark.duty("D423")
    def test_refuses_a_role_that_may_not(self):
        point = ContactPointFactory()

        with pytest.raises(NotPermitted):
            operations.reveal(
                point.customer_id,
                field=contact_field(point.pk),
                reason="好奇",
                by=StaffFactory(role="finance"),
            )

    @pytest.mark.parametrize("field", ["contact-0", "contact-x", "password"])
    def test_refuses_what_is_not_in_the_file(self, agent, field):
        with pytest.raises(NotThere):
            operations.reveal(CustomerFactory().pk, field=field, reason="回拨", by=agent)

    def test_refuses_a_contact_point_of_another_customer(self, agent):
        other = ContactPointFactory()

        with pytest.raises(NotThere):
            operations.reveal(
                CustomerFactory().pk, field=contact_field(other.pk), reason="回拨", by=agent
            )

    def test_refuses_a_customer_who_is_not_there(self, agent):
        with pytest.raises(NotThere):
            operations.reveal(0, field="name", reason="回拨", by=agent)

    @pytest.mark.duty("D423")
    def test_opening_a_file_in_clear_is_on_record(self, leader):
        customer = CustomerFactory()

        seer = StaffFactory(role="administrator")

        operations.note_clear_read(customer.pk, by=seer, at=timezone.now())
        operations.note_clear_read(customer.pk, by=seer, at=timezone.now())
        operations.note_clear_read(customer.pk, by=leader, at=timezone.now())

        assert [(log.staff, log.what) for log in ReadLog.objects.all()] == [(seer, "file")]

    def test_a_read_of_nobody_is_refused(self):
        with pytest.raises(NotThere):
            operations.note_clear_read(0, by=StaffFactory(role="administrator"), at=timezone.now())
