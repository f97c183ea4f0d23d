"""What other pages show of customers, and what redraws there."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import reverse

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.slots import filled, panels_in
from shouwen.customers.panels import customer_beside
from shouwen.customers.tests.factories import (
    CustomerFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    staff = StaffFactory(role="agent")
    client.force_login(staff)
    return staff


@pytest.fixture
def leader(client):
    staff = StaffFactory(role="supervisor")
    client.force_login(staff)
    return staff


def url(name, *args):
    return reverse(f"customers:{name}", args=args)


def text(response):
    return response.content.decode()


class TestPanels:
    def request(self, staff):
        request = RequestFactory().get("/")
        request.user = staff
        return request

    @pytest.mark.duty("D512")
    def test_tags_are_beside_the_conversation_of_whoever_serves_next(self, rf):
        next_agent = StaffFactory(role="online_agent")
        customer = CustomerFactory()
        customer.tags.add(TagFactory(name="重点关怀"), through_defaults={"added_by": next_agent})

        card = customer_beside(self.request(next_agent), SimpleNamespace(customer=customer))

        assert "重点关怀" in card
        assert customer_beside in panels_in("workspace.sidebar")

    def test_show_nothing_to_who_may_not_see_customers(self):
        request = self.request(StaffFactory())
        talk = SimpleNamespace(customer=CustomerFactory())

        assert customer_beside(request, talk) is None
        assert not [
            item for item in filled("rail", request) if getattr(item, "name", "") == "customers"
        ]
        assert "customers" not in str(filled("settings.cards", request))

    def test_lead_to_the_customers_and_their_tags(self):
        request = self.request(StaffFactory(role="supervisor"))

        assert url("tag_list") in str(filled("settings.cards", request))
        assert url("list") in str(filled("rail", request))

    def test_the_card_can_be_fetched_alone(self, client, agent):
        customer = CustomerFactory()

        assert f"customer-card-{customer.pk}" in text(client.get(url("card", customer.pk)))


def test_a_change_redraws_the_cards_on_other_screens(
    client, agent, monkeypatch, django_capture_on_commit_callbacks
):
    nudges = []
    monkeypatch.setattr(
        "shouwen.customers.handlers.nudge", lambda *arguments: nudges.append(arguments)
    )
    customer = CustomerFactory()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("flag", customer.pk), {"flag": "red", "note": ""})

    assert nudges == [("board:customers", "changed", customer.pk)]
