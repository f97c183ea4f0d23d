"""Who comes too often is told to wait, and nobody else is (ASVS V2.4.1, V6.3.1, V15.3.4)."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from shouwen.api.models import ApiKey
from shouwen.api.tests.factories import bearer, make_key
from shouwen.conversations.models import Visitor
from shouwen.conversations.tests.factories import VisitorFactory, WidgetSiteFactory
from tests.attack.browser import Browser

pytestmark = pytest.mark.django_db


def begin(site, address: str, **headers: str):
    """A visitor's first request."""
    return Browser().post(
        f"/widget/{site.key}/session",
        json.dumps({}),
        content_type="application/json",
        REMOTE_ADDR=address,
        headers=headers,
    )


def test_a_thousand_visitors_from_one_address_are_stopped_and_others_not(settings):
    site = WidgetSiteFactory()
    statuses = [begin(site, "192.0.2.1").status_code for _visitor in range(1000)]

    assert statuses.count(200) == settings.VISITORS_AN_HOUR == Visitor.objects.count()
    assert set(statuses) == {200, 429}
    assert begin(site, "192.0.2.1").headers["Retry-After"] == "3600"
    assert begin(site, "198.51.100.1").status_code == 200


def test_an_ipv6_network_is_one_address(settings):
    settings.VISITORS_AN_HOUR = 5
    site = WidgetSiteFactory()

    statuses = [begin(site, f"2001:db8::{number:x}").status_code for number in range(1, 9)]

    assert statuses.count(200) == 5


def test_a_forged_address_does_not_help(settings):
    settings.VISITORS_AN_HOUR = 5
    site = WidgetSiteFactory()
    forged = [{"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for={n}"} for n in range(9)]

    statuses = [begin(site, "192.0.2.1", **one).status_code for one in forged]

    assert statuses.count(200) == 5


def test_a_visitor_sends_so_many_files_a_minute(settings):
    settings.VISITOR_FILES_A_MINUTE = 3
    visitor = VisitorFactory(token="the-token")
    path = f"/widget/{visitor.site.key}/files"

    statuses = [
        Browser()
        .post(
            path,
            {"file": SimpleUploadedFile("a.txt", b"x%d" % number)},
            headers=bearer("the-token"),
        )
        .status_code
        for number in range(5)
    ]

    assert statuses == [200, 200, 200, 429, 429]


@time_machine.travel(datetime(2026, 11, 23, 2, 0, 30, tzinfo=UTC), tick=False)
def test_a_key_is_told_to_wait():
    secret = make_key()
    ApiKey.objects.update(requests_per_minute=20)

    answers = [Browser().get("/api/v1/staff", headers=bearer(secret)) for _ask in range(25)]

    assert [one.status_code for one in answers] == [200] * 20 + [429] * 5
    assert answers[-1].headers["Retry-After"] == "60"


def test_an_address_guesses_so_many_keys_a_minute():
    def guess(number: int, address: str = "192.0.2.1") -> int:
        answer = Browser().get("/api/v1/staff", headers=bearer(f"sw_{number}"), REMOTE_ADDR=address)
        return answer.status_code

    statuses = [guess(number) for number in range(100)]

    assert statuses.count(401) == 60
    assert statuses[60:] == [429] * 40
    assert guess(1, "198.51.100.1") == 401
    assert (
        Browser()
        .get("/api/v1/staff", headers=bearer(make_key()), REMOTE_ADDR="192.0.2.1")
        .status_code
        == 200
    )
