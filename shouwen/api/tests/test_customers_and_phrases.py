"""Customers and phrases over the API: the door fits the routers of the parts."""

import json

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.customers.models import Customer
from shouwen.knowledge.models import Phrase

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client, key_for):
    secret = key_for(StaffFactory(role="agent"))

    def send(method, path, body=None, **headers):
        answer = client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )
        return answer.status_code, json.loads(answer.content or b"null")

    return send


def test_a_customer_is_found_or_entered_and_masked(ask):
    person = {"name": "周玉兰", "contacts": [{"kind": "phone", "value": "13800007719"}]}

    first = ask("POST", "customers", person, **{"Idempotency-Key": "a"})
    again = ask("POST", "customers", person)

    assert (first[0], first[1]["id"]) == (200, again[1]["id"])
    assert Customer.objects.count() == 1
    assert "13800007719" not in json.dumps(first[1])
    assert ask("GET", f"customers/{first[1]['id']}")[0] == 200
    assert [one["id"] for one in ask("GET", "customers")[1]["items"]] == [first[1]["id"]]


def test_tags_flags_and_remarks(ask):
    _status, made = ask("POST", "customers", {"name": "陈国强", "contacts": []})
    path = f"customers/{made['id']}"

    _status, tagged = ask("POST", f"{path}/tags", {"name": "业主"})

    assert tagged["tags"] == ["业主"]
    assert ask("DELETE", f"{path}/tags/业主")[1]["tags"] == []
    assert ask("GET", "customers/0")[0] == 404


def test_phrases_are_written_found_and_removed(ask):
    status, made = ask("POST", "phrases", {"text": "您好，请稍等。", "title": "稍等"})

    assert status == 200
    assert ask("GET", "phrases/find?q=稍等")[1][0]["id"] == made["id"]
    assert ask("POST", f"phrases/{made['id']}/used")[0] == 204
    assert made["id"] in {one["id"] for one in ask("GET", "phrases")[1]["items"]}
    assert ask("DELETE", f"phrases/{made['id']}")[0] == 204
    assert not Phrase.objects.filter(pk=made["id"], text="您好，请稍等。").exists()
