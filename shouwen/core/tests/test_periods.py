"""Periods: whole local days, one before, one after, a year before, and what a chart cuts them into."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.core.periods import (
    LONGEST,
    Period,
    Span,
    buckets_of,
    period_asked,
    period_of,
)

TODAY = date(2026, 11, 22)  # a Sunday
DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))
FIXED = st.sampled_from([span for span in Span if span != Span.OWN])


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.DAY, date(2026, 11, 22), date(2026, 11, 22)),
        (Span.WEEK, date(2026, 11, 16), date(2026, 11, 22)),
        (Span.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Span.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Span.HALF, date(2026, 7, 1), date(2026, 12, 31)),
        (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_holds_whole_days(span, first, last):
    assert period_of(span, TODAY) == Period(span, first, last)


def test_a_day_begins_at_local_midnight():
    assert period_of(Span.DAY, TODAY).start == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert period_of(Span.DAY, TODAY).end == datetime(2026, 11, 22, 16, tzinfo=UTC)


@given(FIXED, DAYS)
def test_periods_follow_each_other_without_gap(span, day):
    period = period_of(span, day)

    assert period.first_day <= day <= period.last_day
    assert period.next.start == period.end
    assert period.next.previous == period


@given(FIXED, DAYS)
def test_the_address_brings_back_the_period(span, day):
    period = period_of(span, day)

    assert period_asked(period.asked, today=TODAY) == period


@given(FIXED, DAYS)
def test_what_a_chart_shows_is_the_period_without_gap(span, day):
    period = period_of(span, day)
    buckets = buckets_of(period)

    assert sum(one.days for one in buckets) == period.days
    assert (buckets[0].first_day, buckets[-1].last_day) == (period.first_day, period.last_day)
    assert all(a.end == b.start for a, b in pairwise(buckets))
    assert len(buckets) <= 46


@given(st.sampled_from([Span.DAY, Span.MONTH, Span.QUARTER, Span.HALF, Span.YEAR]), DAYS)
def test_a_year_before_is_the_same_period_of_that_year(span, day):
    period = period_of(span, day)
    before = period.a_year_before

    assert before.first_day.year == period.first_day.year - 1
    assert before == period_of(span, before.first_day)


def test_a_week_is_compared_with_the_week_of_the_same_weekdays():
    week = period_of(Span.WEEK, TODAY)

    assert week.a_year_before.first_day.weekday() == 0
    assert (week.first_day - week.a_year_before.first_day).days == 364


def test_own_dates_may_stand_the_wrong_way_round():
    asked = {"span": "own", "from": "2026-11-20", "to": "2026-11-03"}

    assert period_asked(asked, today=TODAY) == Period(
        Span.OWN, date(2026, 11, 3), date(2026, 11, 20)
    )
    assert period_asked(asked, today=TODAY).previous.last_day == date(2026, 11, 2)
    assert period_asked(asked, today=TODAY).next.first_day == date(2026, 11, 21)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"span": "century", "day": "today"},
        {"span": "own", "from": "2026-13-45", "to": "x"},
        {"span": "month", "day": "2026-02-31"},
    ],
)
def test_what_cannot_be_read_is_the_usual_period_of_today(asked):
    assert period_asked(asked, today=TODAY) == period_of(Span.MONTH, TODAY)


def test_no_period_is_longer_than_a_chart_can_show():
    asked = {"span": "own", "from": "0001-01-01", "to": "9999-12-31"}
    period = period_asked(asked, today=TODAY)

    assert period.days == LONGEST.days + 1
    assert period.previous.previous.first_day
    assert period_asked({"span": "year", "day": "9999-12-31"}, today=TODAY).next.name


@pytest.mark.parametrize(
    ("span", "name"),
    [
        (Span.DAY, "2026-11-22"),
        (Span.MONTH, "2026-11"),
        (Span.QUARTER, "2026 年第 4 季度"),
        (Span.HALF, "2026 年下半年"),
        (Span.YEAR, "2026 年"),
        (Span.WEEK, "2026-11-16 至 2026-11-22"),
    ],
)
def test_a_period_is_named_as_people_say_it(span, name):
    assert period_of(span, TODAY).name == name
