"""While we wait for the customer the clock stands still, whatever else happens to the case."""

from datetime import UTC, datetime, timedelta

import pytest

from shouwen.accounts.tests.factories import StaffFactory
from shouwen.cases.models import Case
from shouwen.cases.operations.accepting import Review, review_case
from shouwen.cases.operations.answering import (
    go_on_with_case,
    record_reply,
    record_result,
    wait_for_customer,
)
from shouwen.cases.operations.relating import merge_case, unmerge_case
from shouwen.cases.tests.make import AT, a_case, a_kind, answered, taken
from shouwen.deadlines.queries import running_deadline

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CLOCKS = [
    {"stage": "handle", "minutes": 240, "is_urgent": True},
    {"stage": "handle", "minutes": 480},
    {"stage": "answer", "days": 0},
]


@pytest.fixture
def case(receiver):
    """Being handled since ten on Monday, with eight working hours, until ten on Tuesday."""
    return taken(a_case(receiver, kind=a_kind(clocks=CLOCKS, needs_approval="never")), receiver)


def turned_urgent(case: Case, by, *, at: datetime) -> Case:
    review = Review(safety=1, impact=1, urgency=3, is_major=False, is_urgent=True)
    return review_case(case.pk, review, by=by, at=at)


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - 8 * HOUR


def test_a_change_of_nature_leaves_the_clock_standing(case, receiver):
    wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=AT + HOUR)

    changed = turned_urgent(case, receiver, at=AT + 2 * HOUR)

    clock = running_deadline("case", case.pk, "handle")
    assert clock is not None
    assert (clock.is_paused, clock.left_seconds, changed.due_at) == (True, 3 * 3600, None)


def test_what_was_left_under_the_new_rule_counts_when_it_goes_on(case, receiver):
    wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=AT + HOUR)
    turned_urgent(case, receiver, at=AT + 2 * HOUR)

    went_on = go_on_with_case(case.pk, by=receiver, at=shanghai(24, 9))

    assert went_on.due_at == shanghai(24, 12)


def test_a_wait_that_is_over_is_not_counted_by_the_new_rule_either(case, receiver):
    wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=AT + HOUR)
    go_on_with_case(case.pk, by=receiver, at=shanghai(24, 9))

    changed = turned_urgent(case, receiver, at=shanghai(24, 9, 30))

    assert changed.due_at == shanghai(24, 12)


def test_a_change_of_nature_buys_no_time_without_a_wait(case, receiver):
    assert turned_urgent(case, receiver, at=AT + 3 * HOUR).due_at == shanghai(23, 15)


def test_a_clock_that_passed_before_the_wait_stays_late(case, receiver):
    wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=shanghai(23, 17))

    changed = turned_urgent(case, receiver, at=shanghai(24, 9))

    assert changed.due_at == shanghai(23, 15)


def test_a_rule_that_never_pauses_runs_on(receiver):
    clocks = [{**CLOCKS[0], "pauses": False}, *CLOCKS[1:]]
    case = taken(a_case(receiver, kind=a_kind(clocks=clocks, needs_approval="never")), receiver)
    wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=AT + HOUR)

    assert turned_urgent(case, receiver, at=AT + 2 * HOUR).due_at == shanghai(23, 15)


def test_the_next_stage_ends_the_wait(case, receiver):
    wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=AT + HOUR)

    record_result(case.pk, result="已修好", by=receiver, at=AT + 2 * HOUR)

    case.refresh_from_db()
    assert (case.is_waiting, case.due_at) == (False, shanghai(23, 17, 30))


def test_an_answer_that_is_refused_ends_the_wait(case, receiver):
    answered(case, receiver)
    wait_for_customer(case.pk, reason="等业主回话", by=receiver, at=AT + HOUR)

    record_reply(
        case.answers.get().pk, is_accepted=False, words="没修好", by=receiver, at=AT + 2 * HOUR
    )

    case.refresh_from_db()
    assert (case.stage, case.is_waiting) == ("handle", False)
    assert case.due_at == shanghai(24, 12)


def test_merging_ends_the_wait(case, receiver):
    other = a_case(receiver, kind=case.kind, customer=case.customer)
    boss = StaffFactory(role="supervisor", department=receiver.department)
    wait_for_customer(case.pk, reason="等业主开门", by=receiver, at=AT + HOUR)

    merge_case(case.pk, into_id=other.pk, by=boss, at=AT + 2 * HOUR)
    apart = unmerge_case(case.pk, by=boss, at=AT + 2 * HOUR)

    assert (apart.is_waiting, apart.due_at is None) == (False, False)
