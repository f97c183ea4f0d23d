"""The watchers: one a mailbox, back after whatever breaks, one process at a time."""

import threading
import time

import pytest
from django.db import OperationalError, connections

from shouwen.accounts.queries import system_staff
from shouwen.core.models import Heartbeat
from shouwen.mailroom import fetching, services
from shouwen.mailroom.fetching import Fetching, FetchLocks, groups_by_size, watch_mailbox
from shouwen.mailroom.models import Inbound, Mailbox
from shouwen.mailroom.operations import begin_uidvalidity, save_mailbox
from shouwen.mailroom.sealing import seal
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail
from shouwen.mailroom.tests.servers import PASSWORD, Dovecot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quick(monkeypatch):
    """No long rests."""
    monkeypatch.setattr(fetching, "TEND_SECONDS", 0.05)
    monkeypatch.setattr(fetching, "BACK_OFF_SECONDS", (0.1,))


@pytest.fixture
def running(committed, internal_hosts, quick):
    """Starts things in threads with a stop event; all end with the test."""
    started = []

    def start(run):
        stop = threading.Event()

        def work():
            try:
                run(stop)
            finally:
                connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        started.append((thread, stop))
        return stop, thread

    yield start
    for _thread, stop in started:
        stop.set()
    for thread, _stop in started:
        thread.join(15)


def a_mailbox(server, user, **more):
    values = {
        "imap_host": "localhost", "imap_port": server.port, "imap_security": Mailbox.Security.NONE,
        "imap_username": user, "imap_password": seal(PASSWORD), "smtp_host": "", "uidvalidity": None,
        "poll_seconds": 5,
    }  # fmt: skip
    return MailboxFactory(**values | more)


def wait_until(is_true, seconds=25):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def count(number):
    return lambda: Inbound.objects.count() == number


def health(mailbox):
    return Mailbox.objects.get(pk=mailbox.pk).health


def test_new_mail_arrives_while_it_idles(running, dovecot):
    a_mailbox(dovecot, "idler", poll_seconds=300)
    dovecot.put("idler", a_mail(number=1))
    running(services.fetch_mail)
    wait_until(count(1))

    dovecot.put("idler", a_mail(number=2))

    wait_until(count(2), seconds=10)
    wait_until(Heartbeat.objects.filter(name="mailroom.fetch").exists)


def test_it_idles_under_tls_too(running, dovecot, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    mailbox = a_mailbox(
        dovecot, "safe", imap_port=dovecot.tls_port, imap_security="tls", poll_seconds=300
    )
    running(services.fetch_mail)
    wait_until(lambda: health(mailbox) == "well")
    time.sleep(1)
    dovecot.put("safe", a_mail())
    wait_until(count(1), seconds=10)
    assert health(mailbox) == "well"


def test_a_server_without_idle_is_polled(running):
    server = Dovecot(capability="IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE LITERAL+ AUTH=PLAIN")
    server.start()
    try:
        a_mailbox(server, "polled", poll_seconds=5)
        running(services.fetch_mail)
        wait_until(lambda: Mailbox.objects.get().health == "well")
        server.put("polled", a_mail())
        wait_until(count(1), seconds=15)
    finally:
        server.remove()


def test_a_refused_password_is_said_and_the_right_one_begins_at_once(running, dovecot):
    mailbox = a_mailbox(dovecot, "forgetful", imap_password=seal("wrong"))
    dovecot.put("forgetful", a_mail())
    running(services.fetch_mail)
    wait_until(lambda: health(mailbox) == "failing")

    mailbox.refresh_from_db()
    save_mailbox(mailbox, passwords={"imap_password": PASSWORD}, by=system_staff())

    wait_until(count(1))
    wait_until(lambda: health(mailbox) == "well")


def test_a_failing_mailbox_does_not_hold_up_the_others(running, dovecot):
    bad = a_mailbox(dovecot, "bad", imap_port=1)
    a_mailbox(dovecot, "good")
    dovecot.put("good", a_mail())
    running(services.fetch_mail)

    wait_until(count(1))
    wait_until(lambda: health(bad) == "failing")


def test_a_server_that_goes_and_returns(running):
    server = Dovecot()
    server.start()
    try:
        mailbox = a_mailbox(server, "patient")
        running(services.fetch_mail)
        wait_until(lambda: health(mailbox) == "well")
        server.stop()
        wait_until(lambda: health(mailbox) == "failing")
        server.start()
        server.put("patient", a_mail())
        wait_until(count(1))
    finally:
        server.remove()


def test_a_mailbox_that_is_switched_off_is_left_alone(running, dovecot):
    mailbox = a_mailbox(dovecot, "off")
    stop, thread = running(lambda stop: watch_mailbox(mailbox.pk, stop))
    wait_until(lambda: health(mailbox) == "well")
    service = Fetching(threading.Event())
    locks = FetchLocks()
    try:
        service.tend(locks)
        Mailbox.objects.update(is_active=False)
        service.tend(locks)
        wait_until(lambda: not service._watchers or service.tend(locks))
    finally:
        service._end_all()
        locks.close()
    del stop, thread


def test_a_mailbox_that_is_gone_ends_its_watcher(running):
    _stop, thread = running(lambda stop: watch_mailbox(987654, stop))
    thread.join(5)
    assert not thread.is_alive()


def test_a_database_that_is_away_is_waited_for(running, dovecot, monkeypatch):
    mailbox = a_mailbox(dovecot, "waiting")
    dovecot.put("waiting", a_mail())
    real, failures = fetching.take_in_mails, [OperationalError("away"), OperationalError("away")]

    def sometimes(arrivals, **more):
        if failures:
            raise failures.pop()
        return real(arrivals, **more)

    monkeypatch.setattr(fetching, "take_in_mails", sometimes)
    running(lambda stop: watch_mailbox(mailbox.pk, stop))
    wait_until(count(1))
    assert health(mailbox) != "failing"


def test_only_one_process_holds_a_mailbox(committed):
    first, second = FetchLocks(), FetchLocks()
    try:
        assert first.take(1)
        assert not second.take(1)
        first.give_back(1)
        assert second.take(1)
    finally:
        first.close()
        second.close()


def test_mails_are_grouped_so_that_they_fit_into_memory(monkeypatch):
    monkeypatch.setattr(fetching, "BATCH_BYTES", 100)
    assert list(groups_by_size([1, 2, 3, 4], {1: 60, 2: 60, 3: 10})) == [[1], [2, 3, 4]]
    assert list(groups_by_size([1], {1: 10_000})) == [[1]]
    mailbox = MailboxFactory(uidvalidity=5, last_uid=9)
    assert begin_uidvalidity(mailbox.pk, 5, by=system_staff()).last_uid == 9
