"""Promises run, are kept, are missed; calendars change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.errors import NotPermitted
from shouwen.core.history import history_of
from shouwen.deadlines.models import CalendarDay, Deadline, WorkCalendar
from shouwen.deadlines.operations import (
    CalendarInvalid,
    CalendarNeverOpen,
    DayHours,
    Hours,
    Promise,
    PromiseUnclear,
    cancel_deadline,
    change_calendar,
    create_calendar,
    install_calendars,
    make_calendar_default,
    meet_deadline,
    remove_calendar_day,
    set_calendar_day,
    start_deadline,
    sweep_deadlines,
)
from shouwen.deadlines.queries import (
    compliance,
    deadlines_of,
    near_deadlines,
    overdue_deadlines,
    running_deadline,
    why_due,
)
from shouwen.deadlines.tests.factories import NEVER_OPEN, make_calendar

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


MONDAY = at("2026-11-23 10:00")
WEEK = (((540, 1080),),) * 7
HOURS = Hours(name="热线", time_zone="Asia/Shanghai", week=WEEK, follows_holidays=False)


def start(subject_id=1, *, kind="first_reply", at=MONDAY, **promise):
    promise.setdefault("minutes", 60)
    promise.setdefault("calendar", WorkCalendar.objects.first() or make_calendar())
    return start_deadline("case", subject_id, kind=kind, promise=Promise(**promise), at=at)


def facts(deadline):
    return [entry.name for entry in history_of("deadline", deadline.pk)]


class TestStartDeadline:
    def test_is_due_after_the_working_minutes_promised(self):
        deadline = start(minutes=150, warn_minutes=30)

        assert deadline.due_at == at("2026-11-23 13:30")
        assert deadline.warn_at == at("2026-11-23 12:00")
        assert facts(deadline) == ["deadlines.DeadlineStarted"]

    def test_is_due_at_the_end_of_the_working_day(self):
        deadline = start(minutes=None, days=0, warn_minutes=60)

        assert deadline.due_at == at("2026-11-23 17:30")
        assert deadline.warn_at == at("2026-11-23 16:30")

    def test_is_due_at_a_fixed_time(self):
        until = MONDAY + timedelta(minutes=10)

        deadline = start(minutes=None, calendar=None, until=until, warn_minutes=60)

        assert (deadline.due_at, deadline.warn_at) == (until, MONDAY)

    def test_starting_again_never_buys_time(self):
        first = start()

        again = start(at=MONDAY + timedelta(hours=2), minutes=600)

        assert again == first
        assert again.due_at == first.due_at
        assert len(facts(first)) == 1

    def test_another_kind_runs_beside_it(self):
        assert start() != start(kind="solve")

    def test_refuses_a_calendar_that_is_never_open(self):
        with pytest.raises(CalendarNeverOpen):
            start(calendar=make_calendar(week=NEVER_OPEN, follows_holidays=False))

    @pytest.mark.parametrize(
        "promise",
        [
            {"minutes": None},
            {"minutes": 1, "days": 1},
            {"minutes": 5, "calendar": None},
            {"minutes": -5},
            {"minutes": 10**9},
        ],
    )
    def test_refuses_a_promise_without_one_clear_measure(self, promise):
        with pytest.raises(PromiseUnclear):
            start(**promise)


class TestMeetDeadline:
    def test_a_kept_promise_is_announced_and_never_missed(self):
        deadline = start()

        met = meet_deadline("case", 1, kind="first_reply", at=MONDAY + timedelta(minutes=5))
        sweep_deadlines(at=MONDAY + timedelta(days=9))

        met.refresh_from_db()
        assert met.was_kept
        assert not met.is_running
        assert met.missed_at is None
        assert facts(deadline)[0] == "deadlines.DeadlineMet"

    def test_a_late_one_is_met_but_not_kept(self):
        start()

        met = meet_deadline("case", 1, kind="first_reply", at=MONDAY + timedelta(days=1))

        assert met.met_at
        assert not met.was_kept

    def test_meeting_what_does_not_run_is_nothing(self):
        assert meet_deadline("case", 1, kind="first_reply", at=MONDAY) is None

    def test_a_new_clock_may_run_after_it(self):
        first = start()
        meet_deadline("case", 1, kind="first_reply", at=MONDAY)

        assert start(at=MONDAY + timedelta(hours=1)) != first


class TestCancelDeadline:
    def test_a_promise_called_off_counts_nowhere(self):
        deadline = start()

        cancel_deadline("case", 1, kind="first_reply", at=MONDAY, by=system_staff())
        assert sweep_deadlines(at=MONDAY + timedelta(days=9)) == 0
        assert facts(deadline)[0] == "deadlines.DeadlineCancelled"
        told = compliance("first_reply", since=MONDAY, until=MONDAY + timedelta(days=9))
        assert (told.kept, told.late, told.still_open) == (0, 0, 0)

    def test_calling_off_what_does_not_run_is_nothing(self):
        assert cancel_deadline("case", 1, kind="first_reply", at=MONDAY) is None


class TestSweepDeadlines:
    def test_warns_once_before_the_time_and_announces_once_that_it_was_missed(self):
        deadline = start(minutes=60, warn_minutes=20)

        swept = [
            sweep_deadlines(at=MONDAY + timedelta(minutes=minutes))
            for minutes in (10, 41, 45, 61, 90)
        ]

        assert swept == [0, 1, 0, 1, 0]
        assert facts(deadline) == [
            "deadlines.DeadlineMissed",
            "deadlines.DeadlineNear",
            "deadlines.DeadlineStarted",
        ]

    def test_no_warning_is_sent_after_the_time_has_passed(self):
        start(minutes=60, warn_minutes=20)

        assert sweep_deadlines(at=MONDAY + timedelta(hours=5)) == 1
        assert Deadline.objects.get().warned_at is None

    def test_takes_more_than_one_batch(self, monkeypatch):
        monkeypatch.setattr("shouwen.deadlines.operations.clocks.BATCH", 2)
        for subject_id in range(5):
            start(subject_id)

        assert sweep_deadlines(at=MONDAY + timedelta(days=1)) == 5

    def test_looks_only_at_the_small_index(self):
        later = MONDAY + timedelta(days=30)
        rows = [
            Deadline(
                subject_kind="case",
                subject_id=number,
                kind="solve",
                rule="moment",
                started_at=MONDAY,
                due_at=later,
                met_at=MONDAY if number % 2 else None,
            )
            for number in range(2000)
        ]
        Deadline.objects.bulk_create(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE deadline")

        plan = Deadline.objects.overdue(MONDAY).filter(missed_at__isnull=True).explain()

        assert "deadline_to_miss" in plan


class TestLists:
    def test_due_soon_and_overdue_are_apart(self):
        late, near, later = (
            start(number, minutes=minutes, warn_minutes=20)
            for number, minutes in ((1, 30), (2, 70), (3, 110))
        )
        now = MONDAY + timedelta(minutes=60)

        assert list(overdue_deadlines("first_reply", at=now)) == [late]
        assert list(near_deadlines("first_reply", at=now)) == [near]
        assert list(deadlines_of("case", 3)) == [later]
        assert running_deadline("case", 3, "first_reply") == later

    def test_compliance_counts_kept_late_and_open(self):
        for number, minutes in ((1, 10), (2, 90), (3, None)):
            start(number)
            if minutes:
                done = MONDAY + timedelta(minutes=minutes)
                meet_deadline("case", number, kind="first_reply", at=done)

        told = compliance("first_reply", since=MONDAY, until=MONDAY + timedelta(days=1))

        assert (told.kept, told.late, told.still_open) == (1, 1, 1)


class TestWhyDue:
    def test_says_the_stretches_counted(self):
        told = why_due(start(minutes=150))

        counted = [(line.opens_at, line.closes_at) for line in told.lines]
        assert counted == [
            (MONDAY, at("2026-11-23 12:00")),
            (at("2026-11-23 13:00"), at("2026-11-23 13:30")),
        ]

    def test_says_the_days_counted(self):
        assert why_due(start(minutes=None, days=1)).due_at == at("2026-11-24 17:30")

    def test_a_fixed_time_has_no_reason(self):
        assert why_due(start(minutes=None, calendar=None, until=MONDAY)) is None


class TestCalendars:
    def test_the_first_one_made_is_the_default(self):
        by = system_staff()

        first = create_calendar("hotline", hours=HOURS, by=by)
        second = create_calendar("shop", hours=HOURS, by=by)

        assert (first.is_default, second.is_default) == (True, False)
        assert first.week_spans == WEEK

    def test_another_may_become_the_default(self):
        by = system_staff()
        create_calendar("hotline", hours=HOURS, by=by)
        second = create_calendar("shop", hours=HOURS, by=by)

        make_calendar_default(second.pk, by=by)

        assert [one.code for one in WorkCalendar.objects.filter(is_default=True)] == ["shop"]

    def test_a_change_leaves_running_clocks_alone(self):
        deadline = start()

        change_calendar(deadline.calendar_id, hours=HOURS, by=system_staff())

        deadline.refresh_from_db()
        assert deadline.due_at == at("2026-11-23 11:00")
        assert deadline.calendar.name == "热线"

    @pytest.mark.parametrize("wrong", [{"name": " "}, {"time_zone": "Mars/Base"}])
    def test_refuses_what_is_no_calendar(self, wrong):
        values = {"name": "x", "time_zone": "UTC", "week": WEEK, "follows_holidays": True}

        with pytest.raises(CalendarInvalid):
            create_calendar("x", hours=Hours(**values | wrong), by=system_staff())

    def test_refuses_a_code_twice(self):
        create_calendar("hotline", hours=HOURS, by=system_staff())

        with pytest.raises(CalendarInvalid):
            create_calendar("hotline", hours=HOURS, by=system_staff())

    def test_refuses_whoever_may_not(self):
        with pytest.raises(NotPermitted):
            create_calendar("hotline", hours=HOURS, by=StaffFactory())

    def test_a_day_set_twice_is_one_row_and_can_be_taken_back(self):
        by = system_staff()
        calendar = make_calendar()
        day = date(2026, 12, 24)

        set_calendar_day(calendar.pk, day=day, hours=DayHours(spans=((540, 720),)), by=by)
        row = set_calendar_day(calendar.pk, day=day, hours=DayHours(name="盘点"), by=by)

        assert CalendarDay.objects.count() == 1
        assert (row.spans, row.name) == ([], "盘点")
        remove_calendar_day(row.pk, by=by)
        remove_calendar_day(row.pk, by=by)
        assert not CalendarDay.objects.exists()

    def test_a_common_day_is_one_row_too(self):
        for _twice in range(2):
            set_calendar_day(None, day=date(2027, 1, 1), hours=DayHours(), by=system_staff())

        assert CalendarDay.objects.count() == 1

    def test_installing_twice_changes_nothing(self):
        install_calendars(by=system_staff())
        WorkCalendar.objects.filter(code="office").update(name="我们的时间")

        install_calendars(by=system_staff())

        names = dict(WorkCalendar.objects.values_list("code", "name"))
        assert len(names) == 2
        assert names["office"] == "我们的时间"


def test_moments_are_kept_in_any_zone():
    assert start(at=MONDAY.astimezone(UTC)).due_at == at("2026-11-23 11:00")


def test_every_fact_about_a_clock_is_in_its_history():
    """DeadlineEvent is the base of DeadlineStarted, DeadlineNear, DeadlineMissed, DeadlineMet and
    DeadlineCancelled; CalendarChanged and CalendarDayChanged tell of calendars.
    """
    calendar = create_calendar("hotline", hours=HOURS, by=system_staff())
    set_calendar_day(calendar.pk, day=date(2026, 12, 24), hours=DayHours(), by=system_staff())

    told = [entry.name for entry in history_of("work_calendar", calendar.pk)]
    assert told == ["deadlines.CalendarDayChanged", "deadlines.CalendarChanged"]
