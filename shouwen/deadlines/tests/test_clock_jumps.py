"""The clock is moved: no promise is missed twice, none is forgotten. (F12)"""

from datetime import timedelta

import pytest

from shouwen.deadlines.models import Deadline
from shouwen.deadlines.operations import meet_deadline, sweep_deadlines
from shouwen.deadlines.tests.test_operations import MONDAY, start

pytestmark = pytest.mark.django_db
HOUR, DAY, FAR = timedelta(hours=1), timedelta(days=1), timedelta(days=400)


@pytest.mark.parametrize(
    "moments",
    [
        (MONDAY + FAR, MONDAY, MONDAY + 2 * HOUR, MONDAY + FAR),
        (MONDAY + 2 * HOUR, MONDAY - DAY, MONDAY + 2 * HOUR, MONDAY + DAY),
        (MONDAY - DAY, MONDAY - 2 * DAY, MONDAY + 2 * HOUR, MONDAY + 2 * HOUR),
    ],
    ids=["far ahead and back", "a day back", "back before it is due"],
)
def test_a_promise_is_missed_once_however_the_clock_is_moved(moments):
    start()

    announcements = sum(sweep_deadlines(at=moment) for moment in moments)

    assert announcements == 1
    assert Deadline.objects.get().missed_at is not None


def test_a_promise_kept_while_the_clock_stood_in_the_past_stays_kept():
    deadline = start()
    meet_deadline("case", 1, kind="first_reply", at=MONDAY - DAY)

    assert sweep_deadlines(at=MONDAY + FAR) == 0
    deadline.refresh_from_db()
    assert deadline.missed_at is None
