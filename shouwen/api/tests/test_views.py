"""The pages of keys and of the description."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.api.models import ApiKey
from shouwen.api.panels import keys_card
from shouwen.api.reference import areas
from shouwen.api.tests.factories import make_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    staff = StaffFactory(role="administrator")
    client.force_login(staff)
    return staff


def body(staff, **changes):
    return {"name": "网店", "staff": staff.pk, "scopes": ["customers:read"], "days": 90, **changes}


def test_a_key_is_shown_once(client, administrator):
    url = reverse("api_pages:keys")
    assert client.get(url).status_code == 200

    made = client.post(url, body(administrator))

    secret = made.context["made"].secret
    assert secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert secret not in client.get(url).content.decode()
    assert ApiKey.objects.get().expires_at


def test_a_key_may_last_until_it_is_revoked(client, administrator):
    client.post(reverse("api_pages:keys"), body(administrator, days=0))
    key = ApiKey.objects.get()
    assert key.expires_at is None

    client.post(reverse("api_pages:key_revoke", args=[key.pk]))

    key.refresh_from_db()
    assert key.revoked_at
    assert client.get(reverse("api_pages:keys")).status_code == 200


def test_refuses_a_key_without_scopes(client, administrator):
    answer = client.post(reverse("api_pages:keys"), body(administrator, scopes=[]))

    assert answer.status_code == 422
    assert not ApiKey.objects.exists()


def test_agents_make_no_keys(client):
    agent = StaffFactory(role="agent")
    client.force_login(agent)
    make_key()

    assert client.post(reverse("api_pages:keys"), body(agent)).status_code == 403
    key = ApiKey.objects.get()
    assert client.post(reverse("api_pages:key_revoke", args=[key.pk])).status_code == 403
    request = RequestFactory().get("/")
    request.user = agent
    assert keys_card(request) is None


def test_the_description_lists_every_operation(client, administrator):
    page = client.get(reverse("api_pages:docs"))

    assert page.status_code == 200
    assert "<script" not in page.content.decode().split("</head>")[1]
    for operations in areas().values():
        for one in operations:
            assert one.path in page.content.decode()
            assert one.title


def test_the_description_for_programs_is_open(client):
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Shouwen 首问"
