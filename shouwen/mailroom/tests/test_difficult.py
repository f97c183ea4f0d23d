"""Difficult mails through a real mailbox: ours, and those of CPython's own test suite."""

import importlib.util
import threading
from pathlib import Path

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.core.files import read_raw
from shouwen.mailroom.carriers.email.inbox import open_inbox
from shouwen.mailroom.fetching import fetch_new
from shouwen.mailroom.jobs import understand
from shouwen.mailroom.models import Inbound
from shouwen.mailroom.queries import read_inbound
from shouwen.mailroom.tests.difficult import difficult_mails

pytestmark = pytest.mark.django_db


def fetch(mailbox):
    with open_inbox(mailbox) as inbox:
        fetch_new(mailbox, inbox, by=system_staff(), stop=threading.Event())
    for inbound_id in Inbound.objects.order_by("pk").values_list("pk", flat=True):
        understand(inbound_id=inbound_id)


def cpython_mails() -> list[bytes]:
    """The mails of CPython's tests, where the running Python has them."""
    spec = importlib.util.find_spec("test.test_email")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else None
    return [one.read_bytes() for one in sorted(folder.glob("msg_*.txt"))] if folder else []


def test_each_says_what_it_should_after_its_way_through_a_mailbox(dovecot, fetched_mailbox):
    cases = difficult_mails()
    assert len(cases) >= 30
    dovecot.drop(fetched_mailbox.imap_username, *[one.raw for one in cases])

    fetch(fetched_mailbox)

    found = {one.message_id.partition("@")[0]: one for one in Inbound.objects.all()}
    wrong = []
    for case in cases:
        inbound = found[case.name]
        mail = read_inbound(inbound)
        said = (inbound.subject, mail.text.strip(), mail.from_name)
        if said != (case.subject, case.text, "王小明"):
            wrong.append((case.name, said))
    assert wrong == []
    assert not Inbound.objects.quarantined().exists()


def test_mails_of_others_are_all_taken_in_and_none_breaks(dovecot, fetched_mailbox):
    mails = cpython_mails() or [one.raw for one in difficult_mails()]
    dovecot.drop(fetched_mailbox.imap_username, *mails)

    fetch(fetched_mailbox)

    ledger = Inbound.objects.all()
    assert len(ledger) + sum(one.copies for one in ledger) == len(mails)
    assert all(read_raw(one.raw_key) for one in ledger)
    assert not Inbound.objects.quarantined().exists()
    assert not [one.pk for one in ledger.waiting() if one.understood_at is None]
