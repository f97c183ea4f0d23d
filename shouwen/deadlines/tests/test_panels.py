"""What deadlines put on pages of others, and the sweep."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.utils import timezone

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.deadlines.jobs import sweep
from shouwen.deadlines.models import CalendarDay, Deadline, WorkCalendar
from shouwen.deadlines.operations import Promise, start_deadline
from shouwen.deadlines.panels import install, service_hours_card
from shouwen.deadlines.tests.factories import make_calendar
from shouwen.deadlines.zones import zone_choices

pytestmark = pytest.mark.django_db


def request_of(**staff):
    request = RequestFactory().get("/")
    request.user = StaffFactory(**staff)
    return request


def test_the_card_is_for_who_may_see():
    assert service_hours_card(request_of(role="agent")).url == "/settings/service-hours/"
    assert service_hours_card(request_of()) is None


def test_installing_makes_the_calendars():
    install()

    assert {one.code for one in WorkCalendar.objects.all()} == {"office", "always"}


def test_the_sweep_announces_what_is_due_now():
    now = timezone.now()
    start_deadline("case", 1, kind="solve", promise=Promise(until=now), at=now)

    sweep()

    assert Deadline.objects.get().missed_at


def test_a_zone_that_is_not_listed_stays_choosable():
    assert zone_choices("Asia/Kathmandu")[-1] == ("Asia/Kathmandu", "Asia/Kathmandu")
    assert "Mars/Base" not in dict(zone_choices("Mars/Base"))


def test_rows_say_what_they_are():
    calendar = make_calendar(name="热线")
    day = CalendarDay.objects.create(calendar=calendar, day=date(2027, 1, 1), name="元旦")
    now = timezone.now()
    deadline = start_deadline("case", 7, kind="solve", promise=Promise(until=now), at=now)

    assert [str(one) for one in (calendar, day, deadline)] == [
        "热线",
        "2027-01-01 元旦",
        "case:7 solve",
    ]
