"""Pages by key walk all rows once and in order, also while rows arrive."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwen.core.models import Heartbeat, NumberSeries, StoredFile
from shouwen.core.paging import keyset_page

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 22, tzinfo=UTC)
ORDERS = [("size", "pk"), ("-size", "-pk"), ("created_at", "pk"), ("-created_at", "-pk"), ("-pk",)]


def stored(size: int) -> StoredFile:
    row = StoredFile(
        key="k", name=f"{size}.txt", content_type="text/plain", kind="other", size=size
    )
    row.save()
    StoredFile.objects.filter(pk=row.pk).update(created_at=DAY + timedelta(seconds=size))
    row.refresh_from_db()
    return row


def walk(order, size, between=lambda: None):
    rows, after = [], ""
    while True:
        page = keyset_page(StoredFile.objects.all(), order=order, after=after, size=size)
        rows += page.rows
        assert page.has_next == bool(page.next_cursor)
        if not page.has_next:
            return rows
        after = page.next_cursor
        between()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 5), max_size=15), st.integers(1, 6), st.sampled_from(ORDERS))
def test_pages_walk_all_rows_once_and_in_order(sizes, page_size, order):
    StoredFile.objects.all().delete()
    for one in sizes:
        stored(one)

    walked = walk(order, page_size)

    assert walked == list(StoredFile.objects.order_by(*order))


def test_rows_that_arrive_before_the_cursor_move_nothing():
    first = [stored(3) for _row in range(7)]

    walked = walk(("-pk",), 2, between=lambda: stored(3))

    assert walked == first[::-1]


def test_a_row_that_goes_away_is_the_only_one_missing():
    rows = [stored(n) for n in range(6)]
    page = keyset_page(StoredFile.objects.all(), order=("size", "pk"), size=2)
    rows[1].delete()

    following = keyset_page(
        StoredFile.objects.all(), order=("size", "pk"), after=page.next_cursor, size=9
    )

    assert following.rows == rows[2:]


def test_a_related_column_may_lead():
    for number in range(3):
        Heartbeat.objects.create(name=f"n{number}", beat_at=DAY)

    page = keyset_page(Heartbeat.objects.all(), order=("beat_at", "name"), size=2)
    rest = keyset_page(
        Heartbeat.objects.all(), order=("beat_at", "name"), after=page.next_cursor, size=2
    )

    assert [one.name for one in (*page.rows, *rest.rows)] == ["n0", "n1", "n2"]


def test_a_key_of_text_that_looks_like_a_date_is_text():
    for name in ("2026-01-01", "2026-02-02T00:00", "x"):
        NumberSeries.objects.create(name=name)

    page = keyset_page(NumberSeries.objects.all(), order=("name",), size=2)
    rest = keyset_page(NumberSeries.objects.all(), order=("name",), after=page.next_cursor, size=2)

    assert [one.name for one in rest.rows] == ["x"]


def packed(values) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!", "====", "\x00", "电梯", "AAAA", "a" * 999]
    + [
        packed(values)
        for values in ([], [1], [1, 2, 3], {"a": 1}, None, "no", [[], {}], [None, None])
    ]
    + [
        packed(values)
        for values in (["2026-13-45T99:00", 1], ["x", "y"], [10**30, 1], [DAY.isoformat(), "z"])
    ],
)
def test_a_cursor_that_cannot_be_read_starts_from_the_beginning(cursor):
    rows = [stored(1), stored(2)]

    page = keyset_page(StoredFile.objects.all(), order=("created_at", "pk"), after=cursor)

    assert page.rows == rows
