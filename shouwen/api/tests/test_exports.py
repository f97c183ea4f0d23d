"""Exports over the API: asked for once a key, followed, fetched."""

import json

import pytest
from django.utils import timezone

from shouwen.accounts.tests.factories import DepartmentFactory, StaffFactory
from shouwen.api.tests.factories import make_key
from shouwen.conversations.tests.factories import ConversationFactory, QueueFactory
from shouwen.exports.models import Export
from shouwen.exports.operations import build_export

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return StaffFactory(role="team_leader", department=DepartmentFactory())


def test_the_api_asks_once_a_key_tells_the_state_and_gives_the_file(client, leader):
    talk = ConversationFactory(queue=QueueFactory(department=leader.department))
    key = make_key(leader, scopes=["exports:read", "exports:write"])
    headers = {"Authorization": f"Bearer {key}"}
    body = json.dumps({"name": "contacts", "file_format": "csv"})
    asked = [
        client.post(
            "/api/v1/exports",
            body,
            content_type="application/json",
            headers={**headers, "Idempotency-Key": "once"},
        ).json()
        for _twice in range(2)
    ]
    assert asked[0] == asked[1]
    address = f"/api/v1/exports/{asked[0]['id']}"
    assert client.get(f"{address}/file", headers=headers).status_code == 404
    build_export(Export.objects.get().pk, at=timezone.now())

    assert client.get(address, headers=headers).json()["state"] == "ready"
    content = b"".join(client.get(f"{address}/file", headers=headers).streaming_content)
    assert talk.number in content.decode("utf-8-sig")
    assert client.get("/api/v1/exports", headers=headers).json()["items"][0]["done"] == 1
    assert client.post(f"{address}/cancel", headers=headers).status_code == 409
