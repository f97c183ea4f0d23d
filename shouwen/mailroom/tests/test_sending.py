"""Sending through a real SMTP server, in every mood it may have."""

import email
import email.policy
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.files import read_raw
from shouwen.core.history import history_of
from shouwen.mailroom import dispatch
from shouwen.mailroom.carriers.base import HandOver
from shouwen.mailroom.dispatch import deliver, send_due_now
from shouwen.mailroom.models import Mailbox, Outbound
from shouwen.mailroom.operations import (
    NothingToResend,
    cancel_outbound,
    claim_due,
    queue_mail,
    record_hand_over,
    release_suspects,
    renew_lease,
    resend_outbound,
)
from shouwen.mailroom.sealing import seal
from shouwen.mailroom.tests.factories import a_draft
from shouwen.mailroom.workflow import GIVE_UP_AFTER, LEASE, LEASE_GRACE

pytestmark = pytest.mark.django_db
State = Outbound.State


def queue(mailbox, key="k1", **more):
    return queue_mail(a_draft(key, **more), mailbox=mailbox, by=system_staff())


def later(outbound):
    """The next try is due now."""
    Outbound.objects.filter(pk=outbound.pk).update(next_try_at=timezone.now())


def names(outbound):
    return [
        one.name.partition(".")[2] for one in history_of("outbound", outbound.pk).order_by("pk")
    ]


class TestHandOver:
    def test_the_server_gets_the_mail_as_it_is_on_the_ledger(self, smtp, sending_mailbox):
        outbound = queue(sending_mailbox, to=["li@customer.example"], cc=["wang@customer.example"])

        send_due_now()

        outbound.refresh_from_db()
        assert outbound.state == State.HANDED_OVER
        (taken,) = smtp.sink.taken
        assert taken.mail_from == "service@shop.example"
        assert taken.rcpt_tos == ["li@customer.example", "wang@customer.example"]
        assert taken.content == read_raw(outbound.raw_key)
        mail = email.message_from_bytes(taken.content, policy=email.policy.default)
        assert mail["Message-ID"] == f"<{outbound.message_id}>"
        assert mail["Subject"] == "回复：电梯坏了"
        assert names(outbound) == ["OutboundQueued", "OutboundHandedOver"]

    @pytest.mark.parametrize(
        "answer", ["421 4.3.2 going down", "450 4.2.1 busy", "451 4.7.1 greylisted"]
    )
    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "END"])
    def test_4xx_is_tried_again_and_arrives_once(self, smtp, sending_mailbox, step, answer):
        smtp.sink.answer(step, answer)
        outbound = queue(sending_mailbox)

        send_due_now()

        outbound.refresh_from_db()
        assert outbound.state == State.QUEUED
        assert answer[:3] in outbound.last_error
        assert outbound.next_try_at > timezone.now() + timedelta(seconds=50)
        later(outbound)
        send_due_now()
        outbound.refresh_from_db()
        assert outbound.state == State.HANDED_OVER
        assert len(smtp.sink.taken) == 1
        assert names(outbound) == ["OutboundQueued", "OutboundPostponed", "OutboundHandedOver"]

    @pytest.mark.parametrize(
        "answer", ["550 5.1.1 no such user", "552 5.2.2 mailbox full", "554 spam"]
    )
    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "END"])
    def test_5xx_fails_at_once_with_the_servers_words(self, smtp, sending_mailbox, step, answer):
        smtp.sink.answer(step, answer)
        outbound = queue(sending_mailbox)

        send_due_now()

        outbound.refresh_from_db()
        assert outbound.state == State.FAILED
        assert answer in outbound.last_error
        assert names(outbound)[-1] == "OutboundFailed"
        assert send_due_now() == 0

    def test_a_server_that_drops_after_the_dot_gets_the_same_message_id_again(
        self, smtp, sending_mailbox
    ):
        smtp.sink.answer("END", "drop after taking")
        outbound = queue(sending_mailbox)

        send_due_now()
        outbound.refresh_from_db()
        assert outbound.state == State.QUEUED
        later(outbound)
        send_due_now()

        ids = {email.message_from_bytes(one.content)["Message-ID"] for one in smtp.sink.taken}
        assert ids == {f"<{outbound.message_id}>"}

    def test_only_those_who_lack_it_are_tried_again(self, smtp, sending_mailbox):
        smtp.sink.answer("RCPT b@customer.example", "450 later")
        smtp.sink.answer("RCPT c@customer.example", "550 never")
        outbound = queue(sending_mailbox, to=[f"{n}@customer.example" for n in "abc"])

        send_due_now()
        outbound.refresh_from_db()
        assert (outbound.state, outbound.pending) == (State.QUEUED, ["b@customer.example"])
        later(outbound)
        send_due_now()

        outbound.refresh_from_db()
        assert outbound.state == State.HANDED_OVER
        assert list(outbound.refusals) == ["c@customer.example"]
        assert [one.rcpt_tos for one in smtp.sink.taken] == [
            ["a@customer.example"],
            ["b@customer.example"],
        ]

    def test_a_refused_password_is_the_mailboxs_trouble(self, smtp, sending_mailbox):
        Mailbox.objects.update(smtp_password=seal("wrong"))
        outbound = queue(sending_mailbox)

        send_due_now()

        outbound.refresh_from_db()
        sending_mailbox.refresh_from_db()
        assert outbound.state == State.QUEUED
        assert sending_mailbox.is_failing
        Mailbox.objects.update(smtp_password=sending_mailbox.smtp_password and seal("p@ss-word1"))
        later(outbound)
        send_due_now()
        sending_mailbox.refresh_from_db()
        assert not sending_mailbox.is_failing
        kinds = [one.name for one in history_of("mailbox", sending_mailbox.pk)]
        assert kinds == ["mailroom.MailboxRecovered", "mailroom.MailboxFailing"]

    def test_a_server_that_was_down_gets_all_in_order(self, smtp, sending_mailbox):
        smtp.stop()
        about = {"subject_kind": "conversation", "subject_id": 5}
        rows = [queue(sending_mailbox, key=f"k{n}", subject=f"第{n}封", **about) for n in range(4)]
        for _try in range(3):
            send_due_now()
            Outbound.objects.update(next_try_at=timezone.now())
        assert {one.state for one in Outbound.objects.all()} == {State.QUEUED}

        smtp.start()
        Outbound.objects.update(next_try_at=timezone.now())
        send_due_now()

        sent = [email.message_from_bytes(one.content)["Message-ID"] for one in smtp.sink.taken]
        assert sent == [f"<{row.message_id}>" for row in rows]

    def test_it_is_given_up_after_two_days(self, smtp, sending_mailbox):
        outbound = queue(sending_mailbox)
        smtp.sink.answer("MAIL", *["450 later"] * 100)

        with time_machine.travel(timezone.now() + GIVE_UP_AFTER + timedelta(minutes=1)):
            send_due_now()

        outbound.refresh_from_db()
        assert outbound.state == State.GIVEN_UP
        assert names(outbound)[-1] == "OutboundGivenUp"

    def test_pauses_grow(self, smtp, sending_mailbox):
        outbound = queue(sending_mailbox)
        smtp.sink.answer("MAIL", *["450 later"] * 8)
        pauses = []
        for _try in range(8):
            send_due_now()
            outbound.refresh_from_db()
            pauses.append(round((outbound.next_try_at - timezone.now()).total_seconds() / 60))
            later(outbound)

        assert pauses == [1, 2, 5, 10, 30, 60, 60, 60]

    def test_a_mistake_of_ours_does_not_stop_the_sender(self, sending_mailbox, monkeypatch):
        outbound = queue(sending_mailbox)
        monkeypatch.setattr(dispatch, "carrier_of", lambda channel: 1 / 0)

        send_due_now()

        outbound.refresh_from_db()
        assert outbound.state == State.QUEUED
        assert "ZeroDivisionError" in outbound.last_error


class TestLease:
    def claim(self, at=None):
        return claim_due(at=at or timezone.now(), limit=10)

    def test_a_claimed_mail_is_nobody_elses(self, sending_mailbox):
        queue(sending_mailbox)

        assert len(self.claim()) == 1
        assert self.claim() == []

    def test_order_within_one_matter_is_kept(self, sending_mailbox):
        first = queue(sending_mailbox, "a", subject_kind="conversation", subject_id=5)
        queue(sending_mailbox, "b", subject_kind="conversation", subject_id=5)
        other = queue(sending_mailbox, "c", subject_kind="conversation", subject_id=6)

        assert {one.pk for one in self.claim()} == {first.pk, other.pk}

    def test_a_silent_holder_loses_it_only_after_the_grace(self, sending_mailbox):
        queue(sending_mailbox)
        at = timezone.now()
        self.claim(at)

        late = at + LEASE + timedelta(seconds=1)
        assert release_suspects(at=late) == 0
        assert release_suspects(at=late + LEASE_GRACE / 2) == 0
        assert release_suspects(at=late + LEASE_GRACE + timedelta(seconds=1)) == 1
        assert len(self.claim(late + LEASE_GRACE + timedelta(seconds=2))) == 1

    def test_a_holder_that_speaks_up_within_the_grace_keeps_it(self, sending_mailbox):
        queue(sending_mailbox)
        at = timezone.now()
        (held,) = self.claim(at)
        late = at + timedelta(minutes=5)
        release_suspects(at=late)

        assert renew_lease(held.pk, held.lease, at=late + timedelta(seconds=1))
        assert release_suspects(at=late + LEASE_GRACE + timedelta(seconds=1)) == 0

    def test_who_lost_the_lease_stops_before_the_mail_leaves(self, smtp, sending_mailbox):
        queue(sending_mailbox)
        (held,) = self.claim()
        Outbound.objects.update(lease="somebody else's")

        deliver(held)

        assert smtp.sink.taken == []
        assert Outbound.objects.get().state == State.SENDING

    def test_what_the_server_took_counts_even_if_the_lease_was_lost(self, sending_mailbox):
        outbound = queue(sending_mailbox)
        (held,) = self.claim()
        Outbound.objects.update(state=State.QUEUED, lease="", leased_until=None)
        outcome = HandOver(accepted=list(outbound.recipients))

        record_hand_over(held.pk, held.lease, outcome, at=timezone.now(), by=system_staff())

        assert Outbound.objects.get().state == State.HANDED_OVER
        assert self.claim() == []

    def test_mail_of_an_inactive_mailbox_waits(self, sending_mailbox):
        queue(sending_mailbox)
        Mailbox.objects.update(is_active=False)

        assert self.claim() == []


class TestQueueMail:
    def test_the_same_key_is_the_same_mail(self, sending_mailbox):
        first = queue(sending_mailbox)

        assert queue(sending_mailbox, subject="other") == first
        assert Outbound.objects.count() == 1


class TestResend:
    def test_what_failed_goes_again_with_its_message_id(self, smtp, sending_mailbox):
        smtp.sink.answer("RCPT", "550 no")
        outbound = queue(sending_mailbox)
        send_due_now()

        resend_outbound(outbound.pk, by=StaffFactory(role="supervisor"))
        send_due_now()

        assert Outbound.objects.get().state == State.HANDED_OVER
        assert "OutboundResent" in names(outbound)
        assert (
            email.message_from_bytes(smtp.sink.taken[0].content)["Message-ID"]
            == f"<{outbound.message_id}>"
        )

    def test_refuses_what_is_on_its_way(self, sending_mailbox):
        outbound = queue(sending_mailbox)
        with pytest.raises(NothingToResend):
            resend_outbound(outbound.pk, by=system_staff())

    def test_a_waiting_mail_can_be_stopped(self, smtp, sending_mailbox):
        outbound = queue(sending_mailbox)

        cancel_outbound(outbound.pk, by=StaffFactory(role="supervisor"))

        assert send_due_now() == 0
        with pytest.raises(NothingToResend):
            cancel_outbound(outbound.pk, by=system_staff())
