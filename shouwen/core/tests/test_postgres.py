"""The pool after a cut, and waiting for a database that says nothing."""

import os
import signal
import time

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from shouwen.core.models import Heartbeat
from shouwen.core.postgres.base import plain_parameters
from shouwen.core.postgres.pulse import DatabaseSilent, Pulse, pulse

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def beating():
    """A pulse that asks this run's database."""
    pulse.start(plain_parameters())
    yield pulse
    pulse.stop()
    connections.close_all()


@pytest.fixture
def watched():
    """Waiting is watched, and this test says whether the database is away."""
    pulse.is_running = True
    connections.close_all()
    yield
    pulse.is_running = False
    connections.close_all()


def own_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def cut_all() -> None:
    with psycopg.connect(**plain_parameters(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def is_soon(is_true, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.05)
    return False


def test_a_pool_full_of_dead_connections_costs_nobody_a_pause():
    connections.close_all()
    held = [connection.pool.getconn() for _number in range(3)]
    for one in held:
        connection.pool.putconn(one)
    connections.close_all()
    cut_all()

    begun = time.monotonic()
    for _number in range(3):
        assert own_pid()
        connections.close_all()

    assert time.monotonic() - begun < 2.0


def test_while_the_database_is_away_nobody_waits():
    pulse.is_away = True
    try:
        connections.close_all()
        begun = time.monotonic()
        with pytest.raises(OperationalError, match="away"):
            own_pid()
        assert time.monotonic() - begun < 0.5
    finally:
        pulse.is_away = False


def test_the_pulse_notices_a_server_that_is_not_there():
    own = Pulse()
    own.start(plain_parameters() | {"host": "/nowhere"})
    try:
        assert is_soon(lambda: own.is_away)
    finally:
        own.stop()


def ask_a_stopped_backend() -> None:
    """The backend of this connection says nothing, and the pulse has noticed."""
    pid = own_pid()
    os.kill(pid, signal.SIGSTOP)
    pulse.is_away = True
    try:
        own_pid()
    finally:
        os.kill(pid, signal.SIGCONT)
        pulse.is_away = False


@transaction.atomic
def write_and_ask_a_stopped_backend() -> None:
    Heartbeat.objects.create(name="half", beat_at=timezone.now())
    ask_a_stopped_backend()


def test_a_statement_gives_up_when_the_database_answers_nobody(watched):
    begun = time.monotonic()

    with pytest.raises(OperationalError, match="does not answer"):
        ask_a_stopped_backend()

    assert time.monotonic() - begun < 3.0
    connections.close_all()
    assert own_pid()


def test_what_broke_off_is_undone(watched):
    with pytest.raises(OperationalError):
        write_and_ask_a_stopped_backend()

    connections.close_all()
    assert not Heartbeat.objects.filter(name="half").exists()


def test_a_slow_statement_is_not_a_silent_database(beating):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.2)")
    assert not beating.is_away


def test_silence_is_an_operational_error():
    assert issubclass(DatabaseSilent, psycopg.OperationalError)
