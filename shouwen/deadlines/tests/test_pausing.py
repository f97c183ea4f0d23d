"""Clocks stand still and go on; departments have their own calendars."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import DepartmentFactory
from shouwen.core.history import history_of
from shouwen.deadlines.arithmetic import Schedule, add_working_time, working_time_between
from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import (
    Promise,
    install_calendars,
    pause_deadline,
    resume_deadline,
    set_department_calendar,
    start_deadline,
    sweep_deadlines,
)
from shouwen.deadlines.queries import (
    calendar_of_department,
    default_calendar,
    overdue_deadlines,
    schedule_of,
    why_due,
)
from shouwen.deadlines.tests.factories import make_calendar

TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, ten o'clock in Shanghai


def clock(calendar, **promise) -> Deadline:
    kept = Promise(calendar=calendar, **promise)
    return start_deadline("case", 7, kind="handle", promise=kept, at=TEN)


@pytest.mark.django_db
class TestPausing:
    def test_what_was_left_is_counted_from_when_it_goes_on(self):
        deadline = clock(make_calendar(), minutes=240, warn_minutes=60)
        eleven = TEN + timedelta(hours=1)
        next_day = TEN + timedelta(days=1)

        pause_deadline("case", 7, kind="handle", at=eleven)
        assert not Deadline.objects.of("case", 7).ticking()
        resumed = resume_deadline("case", 7, kind="handle", at=next_day)

        # Ten to eleven was used: three of four hours are left, with lunch from twelve to one.
        assert resumed.due_at == next_day + timedelta(hours=4)
        assert resumed.warn_at == resumed.due_at - timedelta(hours=1)
        assert why_due(resumed).starts_at == next_day
        assert Deadline.objects.of("case", 7).ticking().get().due_at == resumed.due_at
        names = [row.name for row in history_of("deadline", deadline.pk).order_by("pk")]
        assert names == [
            "deadlines.DeadlineStarted",
            "deadlines.DeadlinePaused",
            "deadlines.DeadlineResumed",
        ]

    def test_a_sweep_passes_over_what_stands_still(self):
        clock(make_calendar(), minutes=60, warn_minutes=10)
        pause_deadline("case", 7, kind="handle", at=TEN)
        long_after = TEN + timedelta(days=9)

        assert sweep_deadlines(at=long_after) == 0
        assert not overdue_deadlines("handle", at=long_after).exists()

    def test_what_was_missed_or_fixed_does_not_stand_still(self):
        missed = clock(make_calendar(), minutes=60)
        assert pause_deadline("case", 7, kind="handle", at=missed.due_at) is None

        fixed = Promise(until=TEN + timedelta(hours=1))
        start_deadline("case", 8, kind="handle", promise=fixed, at=TEN)
        assert pause_deadline("case", 8, kind="handle", at=TEN) is None

    def test_twice_is_once(self):
        clock(make_calendar(), minutes=60)
        pause_deadline("case", 7, kind="handle", at=TEN)

        assert pause_deadline("case", 7, kind="handle", at=TEN) is None
        assert resume_deadline("case", 7, kind="handle", at=TEN)
        assert resume_deadline("case", 7, kind="handle", at=TEN) is None
        assert resume_deadline("case", 9, kind="handle", at=TEN) is None


@pytest.mark.django_db
def test_a_department_follows_the_one_above_unless_it_has_its_own():
    install_calendars(by=system_staff())
    above = DepartmentFactory()
    below = DepartmentFactory(parent=above)
    own = make_calendar()
    assert calendar_of_department(below) == default_calendar()

    set_department_calendar(above, calendar=own, by=system_staff())
    assert calendar_of_department(below) == own
    nights = make_calendar()
    set_department_calendar(below, calendar=nights, by=system_staff())
    assert (calendar_of_department(above), calendar_of_department(below)) == (own, nights)

    set_department_calendar(below, calendar=None, by=system_staff())
    assert calendar_of_department(below) == own
    assert (
        history_of("department", below.pk).filter(name="deadlines.DepartmentCalendarSet").count()
        == 2
    )


@pytest.mark.django_db
def test_standing_still_never_changes_how_long_it_takes():
    schedule: Schedule = schedule_of(make_calendar())

    @given(
        minutes=st.integers(1, 5_000),
        worked=st.integers(0, 10_000),
        away=st.integers(0, 20_000),
    )
    def holds(minutes: int, worked: int, away: int) -> None:
        amount = timedelta(minutes=minutes)
        due_at = add_working_time(TEN, amount, schedule)
        paused_at = min(TEN + timedelta(minutes=worked), due_at)
        left = working_time_between(paused_at, due_at, schedule)
        went_on = paused_at + timedelta(minutes=away)
        again = add_working_time(went_on, left, schedule)
        used = working_time_between(TEN, paused_at, schedule)
        assert used + working_time_between(went_on, again, schedule) == amount

    holds()
