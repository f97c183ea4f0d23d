"""kill -9 at any line: nothing is lost, nothing goes twice but under the same Message-ID (F2, F8)."""

import random
import time

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.mailroom.dispatch import SENDERS
from shouwen.mailroom.models import Inbound, Mailbox, Outbound
from shouwen.mailroom.operations import queue_mail
from shouwen.mailroom.sealing import seal
from shouwen.mailroom.tests.factories import MailboxFactory, a_draft, a_mail
from shouwen.mailroom.tests.servers import PASSWORD
from shouwen.mailroom.tests.victims import copies, victim, wait_until

__all__ = ["victim"]
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def all_handed_over():
    return not Outbound.objects.exclude(state=Outbound.State.HANDED_OVER).exists()


def queue(mailbox, count):
    return {
        f"<{queue_mail(a_draft(f'k{n}'), mailbox=mailbox, by=system_staff()).message_id}>"
        for n in range(count)
    }


def test_a_worker_killed_anywhere_while_sending(victim, committed_mailbox, smtp):
    ids = queue(committed_mailbox, 60)
    for _round in range(2):
        worker, before = victim("send"), len(smtp.sink.taken)
        wait_until(lambda before=before: len(smtp.sink.taken) > before or all_handed_over())
        time.sleep(random.uniform(0, 0.2))
        worker.kill()
    victim("send")
    wait_until(all_handed_over)

    counted = copies(smtp.sink)
    assert set(counted) == ids
    # Each kill may catch the few that stand between the server's 250 and the record.
    assert sum(counted.values()) - len(ids) <= 2 * 4


def test_a_worker_killed_before_the_server_said_good_bye_sends_nothing_again(
    victim, committed_mailbox, smtp
):
    ids = queue(committed_mailbox, 8)
    smtp.sink.farewell = 30.0
    worker = victim("send")
    noted = Outbound.objects.filter(state=Outbound.State.SENDING, handed_over_at__isnull=False)
    wait_until(lambda: noted.count() == SENDERS)
    worker.kill()
    smtp.sink.farewell = 0.0
    victim("send")
    wait_until(all_handed_over)

    assert copies(smtp.sink) == dict.fromkeys(ids, 1)


def test_a_worker_killed_while_fetching(victim, dovecot):
    user = f"killed{random.randrange(10**9)}"
    mails = [a_mail(number=n) for n in range(1, 61)]
    dovecot.put(user, *mails)
    MailboxFactory(
        imap_host="localhost", imap_port=dovecot.port, imap_security=Mailbox.Security.NONE,
        imap_username=user, imap_password=seal(PASSWORD), smtp_host="", uidvalidity=None,
    )  # fmt: skip
    for _round in range(2):
        worker, before = victim("fetch"), Inbound.objects.count()
        wait_until(
            lambda before=before: Inbound.objects.count() > before or Inbound.objects.count() == 60
        )
        worker.kill()
        worker.wait()
        flagged = [uid for uid, flags in dovecot.flags(user).items() if b"\\Seen" in flags]
        assert set(flagged) <= set(Inbound.objects.values_list("uid", flat=True))
    victim("fetch")
    wait_until(lambda: Inbound.objects.count() == 60)

    assert len(set(Inbound.objects.values_list("message_id", flat=True))) == 60
    assert set(Inbound.objects.values_list("copies", flat=True)) == {0}


def test_two_workers_fetch_one_mailbox_once(victim, dovecot):
    user = f"shared{random.randrange(10**9)}"
    dovecot.put(user, *[a_mail(number=n) for n in range(1, 31)])
    mailbox = MailboxFactory(
        imap_host="localhost", imap_port=dovecot.port, imap_security=Mailbox.Security.NONE,
        imap_username=user, imap_password=seal(PASSWORD), smtp_host="", uidvalidity=None, poll_seconds=5,
    )  # fmt: skip
    first, _second = victim("fetch"), victim("fetch")
    wait_until(lambda: Inbound.objects.count() == 30)
    first.kill()
    dovecot.put(user, a_mail(number=99))
    wait_until(lambda: Inbound.objects.count() == 31)

    mailbox.refresh_from_db()
    assert mailbox.health == Mailbox.Health.WELL
    assert set(Inbound.objects.values_list("copies", flat=True)) == {0}
