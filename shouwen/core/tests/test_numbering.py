"""Numbers: one series a month, without gaps, whoever draws at the same time."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from shouwen.core.models import NumberSeries
from shouwen.core.numbering import next_number, next_numbers

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.django_db
class TestNextNumber:
    def test_counts_up_within_the_month(self):
        assert next_number("LT", at=AT) == "LT-202611-0001"
        assert next_number("LT", at=AT) == "LT-202611-0002"
        assert str(NumberSeries.objects.get()) == "LT-202611: 2"

    def test_the_month_is_the_local_one(self):
        last_minute = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)

        assert next_number("LT", at=last_minute) == "LT-202612-0001"

    def test_each_prefix_has_its_own_series(self):
        next_number("LT", at=AT)

        assert next_number("HH", at=AT) == "HH-202611-0001"

    def test_many_are_drawn_in_one_go(self):
        assert next_numbers("LT", 3, at=AT) == [f"LT-202611-000{n}" for n in (1, 2, 3)]

    def test_grows_past_four_digits(self):
        next_numbers("LT", 9_999, at=AT)

        assert next_number("LT", at=AT) == "LT-202611-10000"

    def test_an_undone_draw_leaves_no_gap(self):
        next_number("LT", at=AT)
        with pytest.raises(KeyError), transaction.atomic():  # noqa: PT012 - the undone transaction is the point
            next_numbers("LT", 5, at=AT)
            raise KeyError

        assert next_number("LT", at=AT) == "LT-202611-0002"


def test_four_at_once_draw_each_number_once(committed):
    drawn: list[str] = []
    start = threading.Barrier(4)

    def draw() -> None:
        start.wait()
        try:
            for _time in range(5):
                with transaction.atomic():
                    drawn.append(next_number("LT", at=AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(drawn) == [f"LT-202611-{n:04d}" for n in range(1, 21)]
