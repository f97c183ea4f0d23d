"""Numbers people can read over the phone: LT-202611-0001, one series a month, without gaps."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def next_numbers(prefix: str, count: int, *, at: datetime) -> list[str]:
    """The next `count` numbers of the month of `at`, in local time.

    Given back if the transaction is undone, so a series has no gaps; two transactions that draw
    from one series wait for each other.
    """
    series = f"{prefix}-{timezone.localtime(at):%Y%m}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO number_series (name, last) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET last = number_series.last + excluded.last "
            "RETURNING last",
            [series, count],
        )
        last: int = cursor.fetchone()[0]
    return [f"{series}-{number:04d}" for number in range(last - count + 1, last + 1)]


def next_number(prefix: str, *, at: datetime) -> str:
    """The next number of the month of `at`."""
    return next_numbers(prefix, 1, at=at)[0]
