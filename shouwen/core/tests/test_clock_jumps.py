"""The clock is moved while the worker works: no timer is lost and none comes a million times. (F12)"""

import asyncio
import contextlib
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from shouwen.core import jobs

pytestmark = pytest.mark.django_db(transaction=True)
SOON_SECONDS = 25.0


def ticks_since(moment: float) -> tuple[int, int]:
    """How many timers were written down, and how many of them for `moment` or later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'timers'),"
            " (SELECT count(*) FROM procrastinate_periodic_defers"
            "  WHERE defer_timestamp BETWEEN %s AND %s)",
            [moment - 61, moment + 120],
        )
        return cursor.fetchone()


async def work_through(shift: timedelta, clock: time_machine.Traveller) -> tuple[int, int]:
    """The worker works, the clock is moved; the timers a few seconds later."""
    stopping = asyncio.Event()

    async def work() -> None:
        while not stopping.is_set():
            await jobs._work_until(stopping, 1)

    task = asyncio.create_task(work())
    await asyncio.sleep(2)
    clock.shift(shift)
    moved_to, end = time.time(), time.monotonic() + SOON_SECONDS
    while time.monotonic() < end:
        await asyncio.sleep(0.5)
        found = await asyncio.to_thread(_look, moved_to)
        if found[1] and time.monotonic() > end - SOON_SECONDS + 6:
            break
    stopping.set()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return found


def _look(moment: float) -> tuple[int, int]:
    try:
        return ticks_since(moment)
    finally:
        connection.close()


@pytest.mark.parametrize("shift", [timedelta(days=400), timedelta(days=-1)])
def test_timers_go_on_from_where_the_clock_is_now(shift):
    # Before today, so that no row of another test lies where the clock goes back to.
    with time_machine.travel("2026-11-23 03:00:00+00:00", tick=True) as clock:
        written, after = asyncio.run(work_through(shift, clock))

    assert after > 0
    assert written < 60
