"""Machines are not answered by machines: no loop goes round twice. (F17)"""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.core.files import read_raw
from shouwen.mailroom.jobs import understand
from shouwen.mailroom.models import Inbound, Mailbox, Outbound
from shouwen.mailroom.operations import Origin, queue_automatic_mail, take_in_mail
from shouwen.mailroom.tests.factories import MailboxFactory, a_draft, a_mail
from shouwen.mailroom.tests.machines import MACHINES

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox():
    return MailboxFactory(address="service@shop.example")


def arrive(raw: bytes, mailbox: Mailbox) -> Inbound:
    inbound = take_in_mail(raw, origin=Origin(mailbox), by=system_staff()).inbound
    understand(inbound_id=inbound.pk)
    inbound.refresh_from_db()
    return inbound


def receipt(inbound: Inbound, number: int) -> Outbound | None:
    """What a system that confirms every mail by itself would do."""
    draft = a_draft(f"receipt:{number}", subject="已收到您的邮件", text="我们会尽快回复。")
    return queue_automatic_mail(draft, answering=inbound, by=system_staff())


@pytest.mark.parametrize("number", range(len(MACHINES)), ids=lambda n: MACHINES[n].subject[:40])
def test_nothing_that_a_machine_wrote_is_answered(mailbox, number):
    inbound = arrive(MACHINES[number].raw(number), mailbox)

    assert inbound.automatic
    assert receipt(inbound, number) is None
    assert not Outbound.objects.exists()


def test_a_person_is_answered_so_that_the_table_above_proves_something(mailbox):
    assert receipt(arrive(a_mail(), mailbox), 1) is not None


def test_against_itself_the_first_answer_is_the_last(mailbox):
    other = MailboxFactory(address="other@shop.example")
    first = arrive(a_mail(), mailbox)
    answer = receipt(first, 1)

    back = arrive(read_raw(answer.raw_key), other)

    assert back.state == Inbound.State.DROPPED
    assert back.rule.kind == "own_loop"
    assert receipt(back, 2) is None
    assert Outbound.objects.count() == 1


def test_an_auto_responder_that_says_nothing_of_itself_gets_one_answer_a_day(mailbox):
    start, rounds = timezone.now(), 0
    for hour in range(72):
        with time_machine.travel(start + timedelta(hours=hour), tick=False):
            raw = a_mail(number=hour, subject="Re: 已收到您的邮件", text="您的来信已收到。")
            rounds += 1
            receipt(arrive(raw, mailbox), hour)

    sent = list(Outbound.objects.order_by("pk").values_list("created_at", flat=True))
    assert rounds == 72
    assert 1 <= len(sent) <= 3
    pauses = [after - before for before, after in pairwise(sent)]
    assert all(pause >= timedelta(hours=20) for pause in pauses)
