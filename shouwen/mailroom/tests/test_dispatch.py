"""Several workers at once, on a database that really commits."""

import email
import threading

import pytest
from django.db import connections

from shouwen.accounts.queries import system_staff
from shouwen.mailroom import dispatch
from shouwen.mailroom.dispatch import Dispatch
from shouwen.mailroom.models import Inbound, Outbound
from shouwen.mailroom.operations import Origin, queue_mail, take_in_mail
from shouwen.mailroom.tests.factories import MailboxFactory, a_draft, a_mail

pytestmark = pytest.mark.django_db(transaction=True)
State = Outbound.State


def queue(mailbox, key):
    return queue_mail(a_draft(key), mailbox=mailbox, by=system_staff())


class TestDispatch:
    def run_until(self, is_done, *workers):
        stop = threading.Event()
        threads = [threading.Thread(target=self._run, args=(worker, stop)) for worker in workers]
        for thread in threads:
            thread.start()
        for _try in range(200):
            if is_done():
                break
            stop.wait(0.05)
        stop.set()
        for thread in threads:
            thread.join(10)

    def _run(self, make, stop):
        try:
            make(stop).run()
        finally:
            connections.close_all()

    def test_three_workers_send_each_mail_once(self, smtp, committed_mailbox, monkeypatch):
        monkeypatch.setattr(dispatch, "LOOK_SECONDS", 0.02)
        for n in range(40):
            queue(committed_mailbox, f"k{n}")

        self.run_until(lambda: len(smtp.sink.taken) >= 40, Dispatch, Dispatch, Dispatch)

        ids = [email.message_from_bytes(one.content)["Message-ID"] for one in smtp.sink.taken]
        assert len(ids) == len(set(ids)) == 40
        assert set(Outbound.objects.values_list("state", flat=True)) == {State.HANDED_OVER}


def test_sixteen_at_once_make_one_row():
    mailbox, by = MailboxFactory(), system_staff()
    barrier, found = threading.Barrier(4), []

    def go():
        try:
            barrier.wait()
            for _time in range(4):
                found.append(take_in_mail(a_mail(), origin=Origin(mailbox), by=by).is_new)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Inbound.objects.count() == sum(found) == 1


def test_the_same_key_from_many_at_once_is_one_mail():
    mailbox = MailboxFactory()
    rows = []

    def go():
        try:
            rows.append(queue(mailbox, "same").pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(rows) == 6
    assert len(set(rows)) == Outbound.objects.count() == 1
