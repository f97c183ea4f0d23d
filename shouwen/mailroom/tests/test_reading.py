"""What becomes of what arrived: rules, bounces, quarantine, retry; poison never blocks."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from shouwen.accounts.queries import system_staff
from shouwen.accounts.tests.factories import StaffFactory
from shouwen.core.bus import Event
from shouwen.core.errors import NotPermitted, Refused
from shouwen.core.history import history_of
from shouwen.mailroom import jobs
from shouwen.mailroom.carriers.email.message import read_mail
from shouwen.mailroom.jobs import pick_up_what_waits, understand
from shouwen.mailroom.models import DropRule, Inbound, Outbound
from shouwen.mailroom.operations import (
    AlreadySettled,
    NothingToRetry,
    Origin,
    announce_arrivals,
    block_sender,
    built_in_rule,
    drop_by_hand,
    mark_handled,
    quarantine_after,
    queue_automatic_mail,
    queue_mail,
    retry_inbound,
    switch_rule,
    take_in_mail,
    work_on_inbound,
)
from shouwen.mailroom.queries import may_answer_by_machine, thread_of
from shouwen.mailroom.tests.factories import InboundFactory, MailboxFactory, a_draft, a_mail
from shouwen.mailroom.tokens import reply_address
from shouwen.mailroom.workflow import INBOUND_ATTEMPTS, STUCK_AFTER

pytestmark = pytest.mark.django_db
State = Inbound.State
AUTO_REPLY = "Auto-Submitted: auto-replied\n"


@pytest.fixture
def mailbox(internal_hosts):
    return MailboxFactory(address="service@shop.example")


def read(raw, mailbox):
    inbound = take_in_mail(raw, origin=Origin(mailbox), by=system_staff()).inbound
    understand(inbound_id=inbound.pk)
    inbound.refresh_from_db()
    return inbound


def facts(inbound):
    return [one.name.partition(".")[2] for one in history_of("inbound", inbound.pk).order_by("pk")]


def sent(mailbox, key="k1", **more):
    about = {"subject_kind": "conversation", "subject_id": 7} | more
    return queue_mail(a_draft(key, **about), mailbox=mailbox, by=system_staff())


def a_bounce(outbound, status="5.1.1"):
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: service@shop.example\n"
        "Subject: Undelivered Mail Returned to Sender\nMessage-ID: <b1@mx.example>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; li@customer.example\nStatus: {status}\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{outbound.message_id}>\n--b--\n"
    ).encode()


class TestUnderstand:
    def test_a_mail_of_a_person_is_announced(self, mailbox):
        inbound = read(a_mail(), mailbox)

        assert inbound.state == State.RECEIVED
        assert inbound.understood_at
        assert facts(inbound) == ["InboundReceived", "MailArrived"]

    def test_running_twice_changes_nothing_more_than_telling_again(self, mailbox):
        inbound = read(a_mail(), mailbox)
        mark_handled(inbound.pk, as_kind="conversation", as_id=1, by=system_staff())

        understand(inbound_id=inbound.pk)

        assert facts(inbound) == ["InboundReceived", "MailArrived", "InboundHandled"]

    @pytest.mark.parametrize("raw", [b"", b"\r\n \r\n", b"\0\0\0"])
    def test_what_holds_nothing_is_quarantined(self, mailbox, raw):
        assert read(raw, mailbox).state == State.QUARANTINED

    def test_our_own_mail_coming_back_is_dropped(self, mailbox):
        outbound = sent(mailbox)
        raw = a_mail().replace(b"mail-1@customer.example", outbound.message_id.encode())

        assert read(raw, mailbox).rule.kind == "own_loop"

    def test_an_automatic_reply_to_nothing_of_ours_is_dropped_and_counted(self, mailbox):
        inbound = read(a_mail(extra=AUTO_REPLY), mailbox)

        assert (inbound.state, inbound.rule.kind) == (State.DROPPED, "unknown_auto_reply")
        assert inbound.rule.dropped_count == 1

    def test_an_automatic_reply_to_a_mail_of_ours_is_shown_and_marked(self, mailbox):
        outbound = sent(mailbox)
        inbound = read(a_mail(extra=f"{AUTO_REPLY}In-Reply-To: <{outbound.message_id}>\n"), mailbox)

        assert (inbound.state, inbound.automatic) == (State.RECEIVED, "auto_reply")

    def test_newsletters_are_shown_until_their_rule_is_switched_on(self, mailbox):
        extra = "List-Unsubscribe: <mailto:a@b.example>\n"
        assert read(a_mail(number=1, extra=extra), mailbox).automatic == "bulk"

        rule = built_in_rule(DropRule.Kind.BULK)
        switch_rule(rule.pk, is_active=True, by=StaffFactory(role="service_manager"))

        assert read(a_mail(number=2, extra=extra), mailbox).rule == rule

    @pytest.mark.parametrize("pattern", ["li@customer.example", "@customer.example"])
    def test_a_blocked_sender_is_dropped_by_his_rule(self, mailbox, pattern):
        rule = block_sender(pattern, name="骚扰", by=StaffFactory(role="service_manager"))

        assert read(a_mail(), mailbox).rule == rule
        assert history_of("drop_rule", rule.pk)[0].name == "mailroom.DropRuleSaved"

    def test_a_bounce_finds_the_mail_it_is_about(self, mailbox):
        outbound = sent(mailbox)

        inbound = read(a_bounce(outbound), mailbox)

        outbound.refresh_from_db()
        assert (inbound.handled_as_kind, inbound.handled_as_id) == ("outbound", outbound.pk)
        assert outbound.is_returned
        assert "5.1.1" in outbound.last_error
        assert history_of("outbound", outbound.pk)[0].payload["recipient"] == "li@customer.example"

    def test_a_delay_does_not_count_as_returned(self, mailbox):
        outbound = sent(mailbox)
        read(a_bounce(outbound, status="4.4.1"), mailbox)

        outbound.refresh_from_db()
        assert not outbound.is_returned

    def test_a_bounce_of_something_else_is_dropped(self, mailbox):
        stranger = Outbound(message_id="someone.1@else.example")
        assert read(a_bounce(stranger), mailbox).rule.kind == "unknown_bounce"


class TestPoison:
    def poison(self, monkeypatch, error):
        def breaks(*args, **kwargs):
            raise error

        monkeypatch.setattr(jobs, "understand_inbounds", breaks)

    def test_is_quarantined_with_its_reason_after_some_tries(self, mailbox, monkeypatch):
        self.poison(monkeypatch, ValueError("boom"))
        inbound = InboundFactory()
        for _try in range(INBOUND_ATTEMPTS - 1):
            with pytest.raises(ValueError, match="boom"):
                understand(inbound_id=inbound.pk)

        understand(inbound_id=inbound.pk)

        inbound.refresh_from_db()
        assert (inbound.state, inbound.reason) == (State.QUARANTINED, "ValueError: boom")
        assert facts(inbound) == ["InboundQuarantined"]

    def test_a_refusal_is_told_in_its_own_words(self, monkeypatch):
        inbound = InboundFactory(attempts=INBOUND_ATTEMPTS)

        def refuse(inbounds):
            raise Refused("没有队列")

        work_on_inbound(inbound.pk, refuse)
        inbound.refresh_from_db()
        assert inbound.reason == "没有队列"

    def test_a_database_that_is_away_is_nobodys_poison(self, monkeypatch):
        self.poison(monkeypatch, OperationalError("away"))
        inbound = InboundFactory(attempts=INBOUND_ATTEMPTS)

        with pytest.raises(OperationalError):
            understand(inbound_id=inbound.pk)

        inbound.refresh_from_db()
        assert inbound.state == State.RECEIVED

    def test_work_that_kills_its_process_ends_in_quarantine(self):
        inbound = InboundFactory(attempts=2 * INBOUND_ATTEMPTS)
        work_on_inbound(inbound.pk, lambda inbounds: pytest.fail("must not begin"))

        inbound.refresh_from_db()
        assert inbound.state == State.QUARANTINED

    def test_what_is_settled_already_needs_no_quarantine(self):
        inbound = InboundFactory()
        mark_handled(inbound.pk, as_kind="conversation", as_id=1, by=system_staff())
        assert quarantine_after(inbound.pk, 1, error=ValueError())

    def test_half_done_work_leaves_nothing(self):
        inbound = InboundFactory()

        def half(inbounds):
            InboundFactory(subject="half")
            raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011
            work_on_inbound(inbound.pk, half)
        assert not Inbound.objects.filter(subject="half").exists()


class TestSettling:
    def test_one_mail_cannot_become_two_things(self):
        inbound = InboundFactory()
        mark_handled(inbound.pk, as_kind="conversation", as_id=1, by=system_staff())
        with pytest.raises(AlreadySettled):
            mark_handled(inbound.pk, as_kind="conversation", as_id=2, by=system_staff())

    def test_retry_gives_it_another_life_past_the_rules(self, mailbox):
        inbound = read(a_mail(extra=AUTO_REPLY), mailbox)
        leader = StaffFactory(role="supervisor")

        retry_inbound(inbound.pk, by=leader)
        understand(inbound_id=inbound.pk)

        inbound.refresh_from_db()
        assert (inbound.state, inbound.rule) == (State.RECEIVED, None)
        assert facts(inbound)[-2:] == ["InboundRetried", "MailArrived"]

    def test_retry_refuses_what_is_handled(self):
        inbound = InboundFactory()
        mark_handled(inbound.pk, as_kind="conversation", as_id=1, by=system_staff())
        with pytest.raises(NothingToRetry):
            retry_inbound(inbound.pk, by=system_staff())

    def test_an_agent_may_neither_retry_nor_drop(self):
        agent, inbound = StaffFactory(role="agent"), InboundFactory()
        with pytest.raises(NotPermitted):
            retry_inbound(inbound.pk, by=agent)
        with pytest.raises(NotPermitted):
            drop_by_hand(inbound.pk, reason="x", by=agent)

    def test_what_waits_too_long_is_put_on_its_way_again(self, monkeypatch):
        queued = []
        monkeypatch.setattr(jobs, "enqueue", lambda job, **more: queued.append(more["inbound_id"]))
        late, fresh = InboundFactory(), InboundFactory()
        Inbound.objects.filter(pk=late.pk).update(updated_at=timezone.now() - STUCK_AFTER * 2)

        pick_up_what_waits()

        assert queued == [late.pk]
        assert fresh.pk not in queued

    def test_what_is_read_already_is_only_told_again(self, monkeypatch):
        inbound = InboundFactory()
        announce_arrivals({inbound.pk: ""}, by=system_staff())

        understand(inbound_id=inbound.pk)

        assert facts(inbound) == ["MailArrived", "MailArrived"]


class TestThreads:
    def ref(self, mailbox, **more):
        return thread_of(read_mail(a_mail(**more)), mailbox_id=mailbox.pk)

    def test_by_the_signed_reply_address(self, mailbox):
        address = reply_address(mailbox.address, "conversation", 7)
        ref = self.ref(mailbox, to=f"客服 <{address.upper()}>")
        assert (ref.kind, ref.id, ref.how) == ("conversation", 7, "address")

    @pytest.mark.parametrize(
        "field", ["In-Reply-To: <{}>", "References: <x@y.example> <{}> <z@y.example>"]
    )
    def test_by_our_signed_message_id_even_when_the_ledger_forgot(self, mailbox, field):
        message_id = sent(mailbox).message_id
        Outbound.objects.all().delete()
        ref = self.ref(mailbox, extra=field.format(message_id) + "\n")
        assert (ref.kind, ref.id, ref.how) == ("conversation", 7, "message-id")

    def test_by_a_message_id_on_the_ledger_of_the_same_mailbox(self, mailbox):
        inbound = InboundFactory(mailbox=mailbox, message_id="first@customer.example")
        mark_handled(inbound.pk, as_kind="conversation", as_id=9, by=system_staff())
        extra = "In-Reply-To: <first@customer.example>\n"

        assert self.ref(mailbox, extra=extra).id == 9
        assert thread_of(read_mail(a_mail(extra=extra)), mailbox_id=None).how == "ledger"
        assert self.ref(MailboxFactory(), extra=extra) is None

    def test_by_the_ledger_of_what_was_sent_where_a_gateway_rewrote_ids(self, mailbox):
        outbound = sent(mailbox)
        Outbound.objects.update(message_id="rewritten@gateway.example")
        ref = self.ref(mailbox, extra="In-Reply-To: <rewritten@gateway.example>\n")
        assert (ref.id, ref.how) == (outbound.subject_id, "ledger")

    def test_never_by_subject(self, mailbox):
        sent(mailbox)
        assert self.ref(mailbox, subject="回复：电梯坏了") is None

    @pytest.mark.parametrize(
        "change", [("conversation-7", "conversation-8"), ("+conversation", "+case")]
    )
    def test_a_forged_address_is_nobodys(self, mailbox, change):
        address = reply_address(mailbox.address, "conversation", 7).replace(*change)
        assert self.ref(mailbox, to=address) is None

    def test_a_forged_message_id_is_nobodys(self, mailbox):
        message_id = sent(mailbox).message_id.replace("conversation.7.", "conversation.8.")
        assert self.ref(mailbox, extra=f"In-Reply-To: <{message_id}>\n") is None


class TestAutomaticAnswers:
    def test_at_most_one_a_day_to_each_sender(self, mailbox):
        first, second = InboundFactory(mailbox=mailbox), InboundFactory(mailbox=mailbox)

        made = [
            queue_automatic_mail(a_draft(f"a{n}"), answering=one, by=system_staff())
            for n, one in enumerate([first, second])
        ]

        assert made[0] is not None
        assert made[1] is None
        assert not may_answer_by_machine(second, at=timezone.now())

    def test_two_systems_do_not_talk_to_each_other(self, mailbox):
        inbound = InboundFactory(mailbox=mailbox, automatic="auto_reply")
        assert queue_automatic_mail(a_draft(), answering=inbound, by=system_staff()) is None

    def test_says_that_it_is_automatic(self, mailbox):
        from shouwen.core.files import read_raw

        made = queue_automatic_mail(
            a_draft(), answering=InboundFactory(mailbox=mailbox), by=system_staff()
        )
        headers = read_mail(read_raw(made.raw_key)).headers
        assert headers.get("auto-submitted") == "auto-replied"


def test_every_event_has_its_subject():
    from shouwen.mailroom import events

    kinds = [
        one for one in vars(events).values() if isinstance(one, type) and issubclass(one, Event)
    ]
    assert all(one.subject for one in kinds if one is not Event)
