"""Working time, tried with properties and with days that are known to be hard."""

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.deadlines.arithmetic import (
    DayPlan,
    DayReason,
    NeverOpen,
    Schedule,
    add_working_time,
    end_of_working_day,
    explain,
    explain_day,
    is_open,
    next_closing,
    next_opening,
    stretches,
    working_time_between,
)
from shouwen.deadlines.holidays import public_days, published_until

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = ((510, 720), (810, 1050))  # 8:30-12:00, 13:30-17:30
OFFICE_WEEK = (DAY, DAY, DAY, DAY, DAY, (), ())
OFFICE = Schedule(SHANGHAI, OFFICE_WEEK, public_days(OFFICE_WEEK), published_until())
PLAIN = Schedule(SHANGHAI, OFFICE_WEEK)
ALWAYS = Schedule(SHANGHAI, (((0, 1440),),) * 7)
NEVER = Schedule(SHANGHAI, ((),) * 7)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@st.composite
def days_of_spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple((edges[i], edges[i + 1]) for i in range(0, len(edges) - 1, 2))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    week = [draw(days_of_spans()) for _day in range(7)]
    week[draw(st.integers(0, 6))] = ((540, 600),)  # so that it opens at some time
    zone = draw(st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/New_York")]))
    exceptions = {}
    for offset in draw(st.sets(st.integers(0, 40), max_size=5)):
        day = date(2026, 3, 20) + timedelta(days=offset)
        exceptions[day] = DayPlan(day, draw(days_of_spans()), DayReason.EXCEPTION)
    return Schedule(zone, tuple(week), exceptions)


moments = st.datetimes(
    datetime(2026, 3, 20),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2026, 4, 20),  # noqa: DTZ001
    timezones=st.just(UTC),
)
amounts = st.integers(0, 6000).map(lambda minutes: timedelta(minutes=minutes))


class TestProperties:
    @given(schedules(), moments, amounts)
    def test_what_is_added_lies_between(self, schedule, start, amount):
        due = add_working_time(start, amount, schedule)

        assert working_time_between(start, due, schedule) == amount

    @given(schedules(), moments, amounts, amounts.filter(bool))
    def test_adding_in_two_steps_is_adding_at_once(self, schedule, start, first, second):
        at_once = add_working_time(start, first + second, schedule)
        step = add_working_time(start, first, schedule)

        assert add_working_time(step, second, schedule) == at_once

    @given(schedules(), moments, amounts, amounts)
    def test_more_time_is_never_due_earlier(self, schedule, start, amount, more):
        due = add_working_time(start, amount, schedule)

        assert add_working_time(start, amount + more, schedule) >= due >= start

    @given(schedules(), moments, moments, moments)
    def test_time_between_adds_up(self, schedule, a, b, c):
        a, b, c = sorted((a, b, c))

        whole = working_time_between(a, c, schedule)
        assert whole == working_time_between(a, b, schedule) + working_time_between(b, c, schedule)
        assert whole <= c - a

    @given(schedules(), moments)
    def test_the_next_opening_is_open_and_the_first(self, schedule, start):
        opening = next_opening(start, schedule)

        assert is_open(opening, schedule)
        assert working_time_between(start, opening, schedule) == timedelta()

    @given(schedules(), moments)
    def test_until_the_next_closing_it_stays_open(self, schedule, start):
        opening = next_opening(start, schedule)
        closing = next_closing(start, schedule)

        assert working_time_between(opening, closing, schedule) == closing - opening

    @given(schedules(), moments)
    def test_stretches_are_in_order_and_apart(self, schedule, start):
        reached = start
        for _count, one in zip(range(30), stretches(schedule, start), strict=False):
            assert reached <= one.opens_at < one.closes_at
            reached = one.closes_at

    @given(schedules(), moments, st.integers(1, 3000))
    @settings(max_examples=60)
    def test_an_explanation_counts_every_minute(self, schedule, start, minutes):
        told = explain(start, timedelta(minutes=minutes), schedule)

        counted = [line for line in told.lines if line.opens_at]
        assert sum((line.amount for line in counted), timedelta()) == timedelta(minutes=minutes)
        assert told.lines[-1].total == timedelta(minutes=minutes)
        assert counted[-1].closes_at == told.due_at


class TestOfficeHours:
    @pytest.mark.parametrize(
        ("start", "minutes", "due"),
        [
            ("2026-11-23 10:44", 60, "2026-11-23 11:44"),
            ("2026-11-23 11:30", 60, "2026-11-23 14:00"),  # over lunch
            ("2026-11-23 12:15", 30, "2026-11-23 14:00"),  # asked at lunch
            ("2026-11-23 17:00", 30, "2026-11-23 17:30"),  # ends with the day
            ("2026-11-27 17:00", 60, "2026-11-30 09:00"),  # over the weekend
            ("2026-11-29 03:00", 0, "2026-11-30 08:30"),
            ("2026-09-30 17:00", 60, "2026-10-08 09:00"),  # over the national holiday
            ("2026-10-09 17:00", 60, "2026-10-10 09:00"),  # Saturday worked for the holiday
            ("2026-02-13 17:00", 60, "2026-02-14 09:00"),  # Saturday worked for Spring Festival
        ],
    )
    def test_due_times_known_by_hand(self, start, minutes, due):
        assert add_working_time(at(start), timedelta(minutes=minutes), OFFICE) == at(due)

    @pytest.mark.parametrize(
        ("moment", "opened"),
        [
            ("2026-11-23 08:29:59", False),
            ("2026-11-23 08:30", True),
            ("2026-11-23 12:00", False),
            ("2026-11-23 13:30", True),
            ("2026-11-23 17:30", False),
            ("2026-10-01 10:00", False),
            ("2026-10-10 10:00", True),
        ],
    )
    def test_is_open(self, moment, opened):
        assert is_open(at(moment), OFFICE) is opened

    def test_the_same_day_ends_at_the_last_closing(self):
        assert end_of_working_day(at("2026-11-23 10:44"), OFFICE) == at("2026-11-23 17:30")
        assert end_of_working_day(at("2026-11-23 18:00"), OFFICE) == at("2026-11-24 17:30")

    def test_three_days_are_three_working_days(self):
        due = end_of_working_day(at("2026-09-29 10:00"), OFFICE, days=3)

        assert due == at("2026-10-09 17:30")

    def test_a_whole_day_promise_is_explained_too(self):
        told = explain_day(at("2026-11-27 16:30"), OFFICE, days=1)

        assert told.due_at == at("2026-11-30 17:30")
        assert [line.plan.day.day for line in told.lines if line.opens_at is None] == [28, 29]

    def test_an_explanation_names_the_holidays_it_passes_over(self):
        told = explain(at("2026-09-30 17:00"), timedelta(hours=1), OFFICE)

        passed = [line for line in told.lines if line.opens_at is None]
        assert {line.plan.reason for line in passed} == {DayReason.HOLIDAY}
        assert len(passed) == 7
        assert all(line.plan.name for line in passed)

    def test_days_beyond_the_published_holidays_are_marked(self):
        told = explain(at("2027-02-05 17:00"), timedelta(hours=1), OFFICE)

        assert all(line.is_uncertain for line in told.lines)
        assert not any(
            line.is_uncertain
            for line in explain(at("2027-02-05 17:00"), timedelta(hours=1), PLAIN).lines
        )

    def test_nothing_lies_between_when_the_end_is_first(self):
        assert (
            working_time_between(at("2026-11-24 10:00"), at("2026-11-23 10:00"), OFFICE)
            == timedelta()
        )

    def test_working_time_never_runs_backwards(self):
        with pytest.raises(ValueError, match="backwards"):
            add_working_time(at("2026-11-23 10:00"), timedelta(minutes=-1), OFFICE)


class TestTheClock:
    def test_around_the_clock_is_plain_time(self):
        start = at("2026-11-23 23:50")

        assert add_working_time(start, timedelta(hours=50), ALWAYS) == start + timedelta(hours=50)
        assert is_open(start, ALWAYS)

    def test_around_the_clock_does_not_search_for_its_end_for_ever(self):
        assert next_closing(at("2026-11-23 10:00"), ALWAYS) > at("2026-12-01 10:00")

    def test_a_night_in_which_clocks_go_forward_is_an_hour_shorter(self):
        berlin = Schedule(BERLIN, (((0, 1440),),) * 7)

        day = working_time_between(
            at("2026-03-29 00:00", BERLIN), at("2026-03-30 00:00", BERLIN), berlin
        )
        assert day == timedelta(hours=23)

    def test_hours_that_do_not_exist_are_not_counted_twice(self):
        berlin = Schedule(BERLIN, (((120, 150), (180, 210)),) * 7)  # 2:00-2:30, 3:00-3:30

        ahead = stretches(berlin, at("2026-03-29 00:00", BERLIN))
        found = list(takewhile(lambda one: one.plan.day.day == 29, ahead))
        assert sum((one.length for one in found), timedelta()) == timedelta(minutes=30)


class TestNeverOpen:
    @pytest.mark.parametrize(
        "ask",
        [
            lambda: add_working_time(at("2026-11-23 10:00"), timedelta(1), NEVER),
            lambda: next_opening(at("2026-11-23 10:00"), NEVER),
            lambda: next_closing(at("2026-11-23 10:00"), NEVER),
            lambda: end_of_working_day(at("2026-11-23 10:00"), NEVER),
            lambda: explain(at("2026-11-23 10:00"), timedelta(1), NEVER),
        ],
    )
    def test_says_so(self, ask):
        with pytest.raises(NeverOpen):
            ask()

    def test_no_time_passes(self):
        assert (
            working_time_between(at("2026-11-23 10:00"), at("2026-12-23 10:00"), NEVER)
            == timedelta()
        )
        assert not is_open(at("2026-11-23 10:00"), NEVER)
