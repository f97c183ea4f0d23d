"""The pages of the service hours."""

import pytest
from django.urls import reverse

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.deadlines.models import CalendarDay, WorkCalendar
from shouwen.deadlines.tests.factories import NEVER_OPEN, make_calendar

pytestmark = pytest.mark.django_db
OFFICE = "8:30-12:00, 13:30-17:30"


@pytest.fixture
def leader(client):
    staff = StaffFactory(role="supervisor")
    client.force_login(staff)
    return client


def week(**changes):
    days = {f"day_{place}": OFFICE if place < 5 else "" for place in range(7)}
    return {
        "name": "热线",
        "time_zone": "Asia/Shanghai",
        "follows_holidays": "on",
        **days,
        **changes,
    }


class TestList:
    def test_shows_the_calendars_and_the_week_in_few_words(self, leader):
        make_calendar(name="客服中心", is_default=True)
        days = [[], *([[[540, 600]]] * 6)]
        make_calendar(name="周一休息", week=days)

        page = leader.get(reverse("deadlines:calendars")).content.decode()

        assert "客服中心" in page
        assert page.count("08:30-12:00, 13:00-17:30") == 1

    def test_says_what_to_do_when_there_is_none(self, leader):
        assert leader.get(reverse("deadlines:calendars")).status_code == 200

    def test_agents_may_look_and_not_change(self, client):
        client.force_login(StaffFactory(role="agent"))
        calendar = make_calendar()

        assert client.get(reverse("deadlines:calendars")).status_code == 200
        assert client.get(reverse("deadlines:calendar", args=[calendar.pk])).status_code == 200
        assert client.get(reverse("deadlines:calendar_new")).status_code == 403
        answer = client.post(reverse("deadlines:calendar", args=[calendar.pk]), week())
        assert answer.status_code == 422
        assert client.post(reverse("deadlines:day_set", args=[calendar.pk])).status_code == 403

    def test_another_becomes_the_default(self, leader):
        first, second = make_calendar(is_default=True), make_calendar()

        leader.post(reverse("deadlines:make_default", args=[second.pk]))

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.is_default, second.is_default) == (False, True)


class TestNew:
    def test_makes_a_calendar(self, leader):
        assert leader.get(reverse("deadlines:calendar_new")).status_code == 200

        answer = leader.post(reverse("deadlines:calendar_new"), week())

        calendar = WorkCalendar.objects.get()
        assert answer["Location"] == reverse("deadlines:calendar", args=[calendar.pk])
        assert calendar.week_spans[0] == ((510, 720), (810, 1050))
        assert calendar.week_spans[6] == ()

    def test_says_which_day_cannot_be_read(self, leader):
        answer = leader.post(reverse("deadlines:calendar_new"), week(day_2="nine to five"))

        assert answer.status_code == 422
        assert "nine to five" in answer.content.decode()
        assert not WorkCalendar.objects.exists()

    def test_refuses_an_empty_name_kindly(self, leader):
        assert leader.post(reverse("deadlines:calendar_new"), week(name="  ")).status_code == 422


class TestEdit:
    def test_shows_week_preview_and_days(self, leader):
        calendar = make_calendar(time_zone="Asia/Kathmandu")

        answer = leader.get(reverse("deadlines:calendar", args=[calendar.pk]))

        assert "08:30-12:00, 13:00-17:30" in answer.content.decode()
        assert len(answer.context["preview"]) == 14

    def test_saves_and_redraws_the_body(self, leader):
        calendar = make_calendar()

        answer = leader.post(reverse("deadlines:calendar", args=[calendar.pk]), week(day_5="9-12"))

        calendar.refresh_from_db()
        assert answer.status_code == 200
        assert "toast" in answer["HX-Trigger"]
        assert calendar.week_spans[5] == ((540, 720),)
        assert b"<html" not in answer.content

    def test_keeps_what_was_typed_when_refused(self, leader):
        calendar = make_calendar()

        answer = leader.post(
            reverse("deadlines:calendar", args=[calendar.pk]), week(day_0="9:00-8:00")
        )

        assert answer.status_code == 422
        assert "9:00-8:00" in answer.content.decode()

    def test_enters_and_removes_a_day(self, leader):
        calendar = make_calendar()
        url = reverse("deadlines:day_set", args=[calendar.pk])

        leader.post(
            url, {"day": "2026-12-24", "kind": "own", "spans": "9:00-12:00", "name": "盘点"}
        )
        answer = leader.post(url, {"day": "2027-01-01", "kind": "closed", "is_common": "on"})

        own, common = CalendarDay.objects.order_by("day")
        assert (own.calendar, own.spans, own.name) == (calendar, [[540, 720]], "盘点")
        assert (common.calendar, common.spans) == (None, [])
        assert "盘点" in answer.content.decode()
        leader.post(reverse("deadlines:day_remove", args=[calendar.pk, own.pk]))
        assert CalendarDay.objects.get() == common

    def test_a_day_worked_like_any_other(self, leader):
        calendar = make_calendar()
        url = reverse("deadlines:day_set", args=[calendar.pk])

        leader.post(url, {"day": "2027-01-02", "kind": "ordinary"})

        assert CalendarDay.objects.get().is_ordinary

    @pytest.mark.parametrize(
        "day",
        [
            {"day": "soon", "kind": "closed"},
            {"day": "2027-01-02", "kind": "own", "spans": ""},
            {"day": "2027-01-02", "kind": "own", "spans": "x"},
        ],
    )
    def test_refuses_a_day_that_is_not_clear(self, leader, day):
        calendar = make_calendar()

        answer = leader.post(reverse("deadlines:day_set", args=[calendar.pk]), day)

        assert answer.status_code == 422
        assert not CalendarDay.objects.exists()


class TestTry:
    def ask(self, client, calendar, start, minutes):
        url = reverse("deadlines:promise_try", args=[calendar.pk])
        return client.get(url, {"start": start, "minutes": minutes})

    def test_says_when_and_why(self, leader):
        answer = self.ask(leader, make_calendar(), "2026-10-09T17:00", 90)

        page = answer.content.decode()
        assert "2026-10-10 09:30" in page
        assert "08:30–09:30" in page

    def test_counts_on_the_calendars_own_clock(self, leader):
        calendar = make_calendar(time_zone="Europe/Berlin", follows_holidays=False)

        page = self.ask(leader, calendar, "2026-11-23T10:00", 60).content.decode()

        assert "2026-11-23 11:00" in page

    def test_says_that_it_never_opens(self, leader):
        never = make_calendar(week=NEVER_OPEN, follows_holidays=False)

        assert self.ask(leader, never, "2026-11-23T10:00", 60).status_code == 200

    def test_refuses_what_is_no_time(self, leader):
        assert self.ask(leader, make_calendar(), "soon", 60).status_code == 422
