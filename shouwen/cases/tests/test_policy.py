"""What other deadlines would mean is said before they are saved."""

from datetime import timedelta

import pytest

from shouwen.cases.definitions import KindDefinition
from shouwen.cases.operations.accepting import accept_case
from shouwen.cases.operations.answering import go_on_with_case, wait_for_customer
from shouwen.cases.queries.policy import PolicyEffect, effect_of
from shouwen.cases.tests.make import AT, COMPLAINT, a_case, a_kind
from shouwen.deadlines.models import WorkCalendar

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def effect(kind, *, at, **clock) -> PolicyEffect:
    clocks = [{"stage": "accept", **clock}, {"stage": "handle", "minutes": 120}]
    return effect_of(kind, KindDefinition.model_validate({**COMPLAINT, "clocks": clocks}), at=at)


def test_counts_who_is_late_now_and_who_would_be(receiver):
    kind = a_kind()  # half an hour to accept
    first = a_case(receiver, kind=kind, at=AT)
    second = a_case(receiver, kind=kind, at=AT + HOUR)

    assert effect(kind, minutes=20, at=AT + HOUR + timedelta(minutes=25)) == PolicyEffect(
        2, 1, 2, (second.number,)
    )
    assert effect(kind, minutes=240, at=AT + HOUR + timedelta(minutes=25)).late_then == 0
    assert effect(kind, days=0, at=AT + HOUR * 9).late_then == 2
    assert first.number not in effect(kind, minutes=20, at=AT + HOUR * 3).newly_late


def test_counts_each_case_at_the_stage_where_it_stands(receiver):
    kind = a_kind()
    case = a_case(receiver, kind=kind)
    accept_case(case.pk, by=receiver, at=AT + HOUR)

    assert effect(kind, minutes=1, at=AT + HOUR * 1.5).late_then == 0
    assert effect(kind, minutes=1, at=AT + HOUR * 6).late_then == 1


def test_does_not_count_the_time_in_which_the_clock_stood_still(receiver):
    kind = a_kind()
    case = a_case(receiver, kind=kind)
    accept_case(case.pk, by=receiver, at=AT)
    wait_for_customer(case.pk, reason="等业主", by=receiver, at=AT + HOUR)
    assert effect(kind, minutes=1, at=AT + HOUR * 30).late_then == 0

    go_on_with_case(case.pk, by=receiver, at=AT + HOUR * 24)

    assert effect(kind, minutes=1, at=AT + HOUR * 24.5).late_then == 0
    assert effect(kind, minutes=1, at=AT + HOUR * 25.5).late_then == 1


def test_counts_around_the_clock_where_no_calendar_is(receiver):
    kind = a_kind()
    a_case(receiver, kind=kind)
    WorkCalendar.objects.all().update(is_default=False)

    assert effect(kind, minutes=60, at=AT + HOUR * 1.5).late_then == 1
    assert effect(kind, minutes=60, at=AT + HOUR * 0.5).late_then == 0


def test_asks_the_database_as_often_for_many_as_for_one(receiver, django_assert_max_num_queries):
    kind = a_kind()
    for _count in range(12):
        a_case(receiver, kind=kind)

    with django_assert_max_num_queries(5):
        assert effect(kind, minutes=5, at=AT + HOUR).late_then == 12
