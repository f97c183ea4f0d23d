"""Machines that start at once prepare one after the other, however long the first one takes."""

import threading
import time

import psycopg
import pytest
from django.db import connection

from shouwen.core.management.commands.prepare import LOCK, alone
from shouwen.core.postgres.base import plain_parameters

HOLDS_SECONDS = 0.8


@pytest.mark.django_db(transaction=True)
def test_waits_for_another_machine_longer_than_any_page_may():
    holder = psycopg.connect(**plain_parameters(), autocommit=True)
    holder.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    threading.Timer(HOLDS_SECONDS, holder.close).start()
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 200")

    with alone(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.3)")

    assert time.monotonic() - begun > HOLDS_SECONDS
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "30s"
