"""Customers and phrases over the API: masked, idempotent, refused in words."""

import json

import pytest

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.api.tests.factories import bearer, make_key
from shouwen.customers.models import Customer
from shouwen.customers.tests.factories import ContactPointFactory, CustomerFactory
from shouwen.knowledge.models import Phrase
from shouwen.knowledge.tests.factories import PhraseFactory

pytestmark = pytest.mark.django_db
CUSTOMERS = "/api/v1/customers"
PHRASES = "/api/v1/phrases"


@pytest.fixture
def secret():
    return make_key(StaffFactory(role="agent"))


def ask(client, secret, address, method="GET", body=None, **headers):
    return client.generic(
        method,
        address,
        json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers=bearer(secret, **headers),
    )


class TestCustomers:
    @pytest.mark.duty("D423")
    def test_are_masked_as_on_the_pages(self, client):
        secret = make_key(StaffFactory(role="finance"))
        customer = ContactPointFactory(value="13800137719").customer

        (row,) = ask(client, secret, CUSTOMERS).json()["items"]
        whole = ask(client, secret, f"{CUSTOMERS}/{customer.pk}").json()

        assert (row["name"], row["contacts"]) == ("周*兰", ["138****7719"])
        assert whole["contact_points"][0]["value"] == "138****7719"
        assert whole["contact_points"][0]["is_masked"] is True

    def test_are_searched_and_paged(self, client, secret):
        wanted = [CustomerFactory(name="周玉兰"), CustomerFactory(name="周玉兰")]
        CustomerFactory(name="陈国强")

        first = ask(client, secret, f"{CUSTOMERS}?q=zyl&size=1").json()
        second = ask(client, secret, f"{CUSTOMERS}?q=zyl&size=1&after={first['next']}").json()

        assert [row["id"] for row in first["items"] + second["items"]] == [
            one.pk for one in reversed(wanted)
        ]
        assert second["next"] == ""

    def test_are_found_or_created(self, client, secret):
        body = {"contacts": [{"kind": "phone", "value": "138 0013 7719"}], "name": "周玉兰"}

        first = ask(client, secret, CUSTOMERS, "POST", body).json()
        again = ask(client, secret, CUSTOMERS, "POST", body).json()

        assert first["id"] == again["id"]
        assert Customer.objects.get().source == "api"

    def test_of_other_departments_are_not_there(self, client, secret):
        customer = CustomerFactory(department=DepartmentFactory())

        assert ask(client, secret, f"{CUSTOMERS}/{customer.pk}").status_code == 404

    @pytest.mark.duty("D512")
    def test_are_tagged_flagged_and_remarked(self, client, secret):
        address = f"{CUSTOMERS}/{CustomerFactory().pk}"

        for verb, body in [
            ("tags", {"name": "业主"}),
            ("flag", {"flag": "red", "note": "等退款"}),
            ("remarks", {"text": "午休勿扰", "seen": ""}),
            ("contacts", {"kind": "im:wechat", "value": "zhou88"}),
            ("assets", {"kind": "flat", "label": "3栋1102", "attributes": {"用途": "自住"}}),
        ]:
            assert ask(client, secret, f"{address}/{verb}", "POST", body).status_code == 200
        whole = ask(client, secret, address).json()

        assert (whole["tags"], whole["flag"], whole["remarks"]) == (["业主"], "red", "午休勿扰")
        assert whole["assets"][0]["attributes"] == {"用途": "自住"}
        assert whole["contact_points"][0]["platform"] == "wechat"
        untagged = ask(client, secret, f"{address}/tags/业主", "DELETE").json()
        assert untagged["tags"] == []

    def test_refusals_are_said_in_words(self, client, secret):
        ContactPointFactory(value="13800137719")
        address = f"{CUSTOMERS}/{CustomerFactory(remarks='轮椅').pk}"
        taken = {"kind": "phone", "value": "13800137719"}

        assert ask(client, secret, f"{address}/contacts", "POST", taken).status_code == 409
        late = ask(client, secret, f"{address}/remarks", "POST", {"text": "x", "seen": ""})
        assert late.status_code == 409
        assert "轮椅" in late.json()["error"]
        assert ask(client, secret, f"{address}/flag", "POST", {"flag": "pink"}).status_code == 422


class TestPhrases:
    def test_are_listed_and_found(self, client, secret):
        PhraseFactory(title="请稍等")
        PhraseFactory(title="谢谢")

        listed = ask(client, secret, f"{PHRASES}?size=1").json()
        found = ask(client, secret, f"{PHRASES}/find?q=xx").json()

        assert [one["title"] for one in listed["items"]] == ["请稍等"]
        assert listed["next"]
        assert [one["title"] for one in found] == ["谢谢"]

    def test_are_written_used_and_removed(self, client, secret):
        written = ask(client, secret, PHRASES, "POST", {"text": "请稍等", "shortcut": "q"}).json()
        address = f"{PHRASES}/{written['id']}"

        assert written["is_personal"] is True
        assert ask(client, secret, f"{address}/used", "POST").status_code == 204
        assert Phrase.objects.get().use_count == 1
        assert ask(client, secret, address, "DELETE").status_code == 204
        assert not Phrase.objects.exists()

    def test_of_the_team_need_the_permission(self, client, secret):
        body = {"text": "请稍等", "is_team": True}

        assert ask(client, secret, PHRASES, "POST", body).status_code == 403
