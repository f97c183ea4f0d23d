"""Mail servers that refuse, hang, drop and come back, workers that die: what stands in the talk. (F6-F8)

MAIL_KILLS=100 kills the sender a hundred times instead of a few.
"""

import contextlib
import email
import os
import threading
import time

import pytest
from django.db import connections
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.conversations.models import Conversation, Line
from shouwen.conversations.operations.lines import post_line
from shouwen.conversations.operations.serving import claim_conversation
from shouwen.conversations.tests.factories import QueueFactory
from shouwen.conversations.tests.make import AT, agent_line, an_agent
from shouwen.core.jobs import run_waiting_jobs
from shouwen.mailroom.carriers.email import outbox
from shouwen.mailroom.carriers.email.inbox import open_inbox
from shouwen.mailroom.dispatch import Dispatch, send_due_now
from shouwen.mailroom.fetching import fetch_new
from shouwen.mailroom.models import Inbound, Mailbox, Outbound
from shouwen.mailroom.operations import Origin, take_in_mail
from shouwen.mailroom.sealing import seal
from shouwen.mailroom.tests.conftest import (
    committed_mailbox,
    dovecot,
    internal_hosts,
    sending_mailbox,
    smtp,
)
from shouwen.mailroom.tests.factories import MailboxFactory, a_mail
from shouwen.mailroom.tests.servers import PASSWORD
from shouwen.mailroom.tests.victims import SECONDS, copies, victim, wait_until

__all__ = ["committed_mailbox", "dovecot", "internal_hosts", "sending_mailbox", "smtp", "victim"]
KILLS = int(os.environ.get("MAIL_KILLS", "3"))
State = Outbound.State


@pytest.fixture
def agent(committed):
    return an_agent(QueueFactory(is_default=True), display_name="小美", state=None)


def asked(mailbox: Mailbox, number: int, agent) -> Conversation:
    """A mail has become a conversation that the agent has."""
    raw = a_mail(number=number, sender=f"u{number} <u{number}@customer.example>")
    inbound = take_in_mail(raw, origin=Origin(mailbox), by=system_staff()).inbound
    run_waiting_jobs()
    inbound.refresh_from_db()
    return claim_conversation(inbound.handled_as_id, by=agent, at=AT)


def answer(conversation: Conversation, agent, text: str) -> Line:
    line = post_line(agent_line(conversation, agent, text), at=timezone.now())
    run_waiting_jobs()
    return line


def fates() -> list[str]:
    lines = Line.objects.filter(kind=Line.Kind.AGENT).order_by("pk")
    return [line.meta.get("delivery", "") for line in lines]


def outbound_of(line: Line) -> str:
    return f"<{Outbound.objects.get(idempotency_key=f'line:{line.pk}').message_id}>"


def all_handed_over() -> bool:
    return not Outbound.objects.exclude(state=State.HANDED_OVER).exists()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_the_instant_of_the_250_loses_nothing_and_the_talk_shows_one(
    victim, committed_mailbox, smtp, agent
):
    talk = asked(committed_mailbox, 1, agent)
    lines = []
    for number in range(KILLS):
        lines.append(answer(talk, agent, f"第{number}次答复"))
        worker = victim("send")
        smtp.sink.after_250 = worker.kill
        assert worker.wait(SECONDS) == -9
    smtp.sink.after_250 = None
    victim("send")
    wait_until(all_handed_over)

    counted = copies(smtp.sink)
    assert set(counted) == {outbound_of(line) for line in lines}
    # One kill repeats at most the one mail that stood in the gap, under its own Message-ID.
    assert sum(counted.values()) - len(lines) <= KILLS
    assert fates() == ["handed_over"] * KILLS
    assert [line.text for line in talk.lines.filter(kind=Line.Kind.AGENT).order_by("seq")] == [
        line.text for line in lines
    ]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_down_refuses_hangs_and_drops_gets_all_once_in_order(
    committed_mailbox, smtp, agent, monkeypatch
):
    monkeypatch.setattr(outbox, "FINAL_ANSWER_SECONDS", 0.3)
    smtp.sink.delay = 1.0
    talks = [asked(committed_mailbox, number, agent) for number in (1, 2)]
    smtp.stop()
    lines = [answer(talk, agent, f"第{number}次") for number in range(3) for talk in talks]
    send_due_now()
    assert set(fates()) <= {"queued", "postponed"}
    assert "postponed" in fates()

    smtp.start()
    smtp.sink.answer("MAIL", "421 4.3.2 going down")
    smtp.sink.answer("RCPT", "450 4.2.1 busy")
    smtp.sink.answer("END", "hang", "drop", "451 4.7.1 greylisted")
    for _try in range(12):
        Outbound.objects.filter(state=State.QUEUED).update(next_try_at=timezone.now())
        send_due_now()

    assert set(fates()) == {"handed_over"}
    sent = [email.message_from_bytes(one.content)["Message-ID"] for one in smtp.sink.taken]
    for talk in talks:
        own = [outbound_of(line) for line in lines if line.conversation_id == talk.pk]
        assert [one for one in sent if one in own] == own


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("refusal", ["550 5.1.1 no such user", "552 5.2.2 mailbox full"])
def test_a_refusal_for_good_stands_in_the_talk_within_seconds(
    committed_mailbox, smtp, agent, refusal
):
    talk = asked(committed_mailbox, 1, agent)
    smtp.sink.answer("RCPT", refusal)
    with dispatching():
        begun = time.monotonic()
        line = answer(talk, agent, "您好")
        wait_until(lambda: fates() == ["failed"], seconds=20)
        assert time.monotonic() - begun < 10

    line.refresh_from_db()
    assert refusal in line.meta["delivery_error"]


@contextlib.contextmanager
def dispatching():
    """The sender runs, as in the worker."""
    stop = threading.Event()

    def run() -> None:
        try:
            Dispatch(stop).run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_hundreds_wait_and_one_that_kills_its_reader_falls_out_alone(
    victim, dovecot, internal_hosts, agent
):
    mailbox = MailboxFactory(
        imap_host="localhost", imap_port=dovecot.port, imap_security=Mailbox.Security.NONE,
        imap_username="deadly", imap_password=seal(PASSWORD), smtp_host="", uidvalidity=None,
    )  # fmt: skip
    mails = [a_mail(number=n, text=f"第{n}封") for n in range(300)]
    mails[120] = a_mail(number=120, text="deadly-poison")
    dovecot.drop("deadly", *mails)
    with open_inbox(mailbox) as inbox:
        fetch_new(mailbox, inbox, by=system_staff(), stop=threading.Event())

    deaths = 0
    while Inbound.objects.waiting().exists() and deaths < 8:
        reader = victim("read", str(mailbox.pk), "deadly-poison")
        wait_until(
            lambda one=reader: one.poll() is not None or not Inbound.objects.waiting().exists()
        )
        deaths += reader.poll() is not None
        reader.kill()
        reader.wait()

    poison = Inbound.objects.get(state=Inbound.State.QUARANTINED)
    assert poison.message_id == "mail-120@customer.example"
    assert Inbound.objects.filter(state=Inbound.State.HANDLED).count() == 299
    assert deaths == 2
    texts = list(Line.objects.filter(kind="visitor").values_list("text", flat=True))
    assert sorted(texts) == sorted(f"第{n}封" for n in range(300) if n != 120)
    flags = dovecot.flags("deadly").values()
    assert all(b"\\Seen" in one for one in flags)
