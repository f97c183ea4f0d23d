"""What calendars say of days and moments."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from shouwen.accounts.queries import system_staff
from shouwen.deadlines.arithmetic import DayReason
from shouwen.deadlines.operations import DayHours, install_calendars, set_calendar_day
from shouwen.deadlines.queries import (
    calendar_by_code,
    calendars,
    days_that_differ,
    default_calendar,
    is_open_now,
    preview,
    schedule_of,
    service_state,
)
from shouwen.deadlines.tests.factories import NEVER_OPEN, make_calendar

pytestmark = pytest.mark.django_db
NATIONAL_DAY = date(2026, 10, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def enter(calendar_id, day, **hours):
    return set_calendar_day(calendar_id, day=day, hours=DayHours(**hours), by=system_staff())


class TestScheduleOf:
    def test_public_holidays_are_closed_and_named(self):
        with translation.override("zh-hans"):
            plan = schedule_of(make_calendar()).plan(NATIONAL_DAY)

        assert (plan.spans, plan.reason, plan.name) == ((), DayReason.HOLIDAY, "国庆节")

    def test_in_english_they_have_english_names(self):
        with translation.override("en"):
            assert schedule_of(make_calendar()).plan(NATIONAL_DAY).name == "National Day"

    def test_a_make_up_day_is_worked_like_a_weekday(self):
        plan = schedule_of(make_calendar()).plan(date(2026, 10, 10))

        assert plan.reason is DayReason.MAKE_UP
        assert plan.spans == ((510, 720), (780, 1050))

    def test_a_make_up_day_keeps_the_hours_of_a_saturday_that_has_some(self):
        week = [[[540, 600]]] * 5 + [[[600, 900]], []]

        assert schedule_of(make_calendar(week=week)).plan(date(2026, 10, 10)).spans == ((600, 900),)

    def test_a_calendar_may_know_no_holidays(self):
        plan = schedule_of(make_calendar(follows_holidays=False)).plan(NATIONAL_DAY)

        assert plan.reason is DayReason.WEEK

    def test_what_is_entered_wins_over_what_was_published(self):
        calendar = make_calendar()
        enter(None, NATIONAL_DAY, is_ordinary=True, name="开门")

        plan = schedule_of(calendar).plan(NATIONAL_DAY)
        assert (plan.reason, plan.minutes) == (DayReason.EXCEPTION, 480)

    def test_the_calendars_own_day_wins_over_the_common_one(self):
        calendar = make_calendar()
        enter(calendar.pk, NATIONAL_DAY, spans=((600, 660),))
        enter(None, NATIONAL_DAY)

        assert schedule_of(calendar).plan(NATIONAL_DAY).spans == ((600, 660),)
        assert schedule_of(make_calendar()).plan(NATIONAL_DAY).spans == ()

    def test_common_days_do_not_touch_calendars_without_holidays(self):
        calendar = make_calendar(follows_holidays=False)
        enter(None, NATIONAL_DAY)

        assert schedule_of(calendar).plan(NATIONAL_DAY).spans
        assert not days_that_differ(calendar, since=NATIONAL_DAY)


class TestService:
    def test_is_open_in_office_hours_only(self):
        calendar = make_calendar()

        assert is_open_now(calendar, at("2026-11-23 09:00"))
        assert not is_open_now(calendar, at("2026-11-23 12:30"))

    def test_says_when_it_changes(self):
        calendar = make_calendar()

        now_open = service_state(calendar, at("2026-11-23 09:00"))
        closed = service_state(calendar, at("2026-11-22 09:00"))

        assert (now_open.is_open, now_open.changes_at) == (True, at("2026-11-23 12:00"))
        assert (closed.is_open, closed.changes_at) == (False, at("2026-11-23 08:30"))

    def test_a_calendar_that_never_opens_never_changes(self):
        never = make_calendar(week=NEVER_OPEN, follows_holidays=False)

        assert service_state(never, at("2026-11-23 09:00")).changes_at is None


class TestPreview:
    def test_shows_the_days_with_their_reasons(self):
        days = preview(make_calendar(), first=date(2026, 9, 28))

        assert len(days) == 14
        assert {one.plan.reason for one in days} == {
            DayReason.WEEK,
            DayReason.HOLIDAY,
            DayReason.MAKE_UP,
        }
        assert not any(one.is_uncertain for one in days)

    def test_beyond_the_published_year_it_says_so(self):
        calendar = make_calendar()
        enter(None, date(2027, 1, 1))

        days = preview(calendar, first=date(2026, 12, 31), days=3)

        assert [one.is_uncertain for one in days] == [False, False, True]


def test_the_standard_calendars():
    install_calendars(by=system_staff())

    assert default_calendar() == calendar_by_code("office")
    assert [one.code for one in calendars()] == ["office", "always"]
    assert is_open_now(calendar_by_code("always"), at("2026-10-01 03:00"))
    office = calendar_by_code("office")
    assert not is_open_now(office, at("2026-11-23 12:30"))
    assert is_open_now(office, at("2026-11-23 17:29"))
