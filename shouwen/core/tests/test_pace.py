"""Counts of how often something happens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from shouwen.core.models import Pace
from shouwen.core.pace import forget_old_paces, is_within_pace

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def come(who: object = "192.0.2.1", *, at: datetime = AT, limit: int = 3) -> bool:
    return is_within_pace("visitors", who, limit=limit, window=MINUTE, at=at)


@pytest.mark.django_db
class TestPace:
    def test_stops_who_comes_too_often_and_nobody_else(self):
        assert [come() for _time in range(5)] == [True, True, True, False, False]
        assert come("192.0.2.2")

    def test_begins_anew_when_the_window_is_over(self):
        for _time in range(4):
            come()

        assert not come(at=AT + MINUTE - timedelta(seconds=1))
        assert come(at=AT + MINUTE)

    def test_kinds_do_not_count_for_each_other(self):
        for _time in range(4):
            come()

        assert is_within_pace("files", "192.0.2.1", limit=1, window=MINUTE, at=AT)

    def test_keeps_nobodys_address_and_forgets(self):
        come()

        assert "192.0.2.1" not in str(Pace.objects.values())
        assert forget_old_paces(at=AT) == 0
        assert forget_old_paces(at=AT + MINUTE) == 1

    def test_is_not_written_ahead(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'pace'")
            assert cursor.fetchone() == ("u",)


def test_counts_alike_in_all_processes(committed):
    def comes(_number: int) -> bool:
        try:
            return come(limit=10)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(comes, range(40))) == 10
