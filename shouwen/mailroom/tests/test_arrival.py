"""The door: what arrives is kept exactly once."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from shouwen.accounts.queries import system_staff
from shouwen.core.files import read_raw
from shouwen.mailroom.models import DropRule, Inbound, Mailbox
from shouwen.mailroom.operations import (
    Origin,
    built_in_rule,
    quarantine,
    retry_inbound,
    set_aside_unfetched,
    take_in_delivery,
    take_in_mail,
    take_in_too_large,
)
from shouwen.mailroom.tests.factories import InboundFactory, MailboxFactory, a_mail

pytestmark = pytest.mark.django_db


def take(raw, mailbox, uid=None, uidvalidity=1):
    origin = Origin(mailbox, uidvalidity if uid else None, uid)
    return take_in_mail(raw, origin=origin, by=system_staff())


class TestTakeInMail:
    def test_keeps_the_raw_bytes_and_a_summary(self):
        mailbox, raw = MailboxFactory(), a_mail()

        taken = take(raw, mailbox, uid=7)

        inbound = taken.inbound
        assert taken.is_new
        assert read_raw(inbound.raw_key) == raw
        assert (inbound.subject, inbound.sender) == ("电梯坏了", "li@customer.example")
        assert inbound.state == Inbound.State.RECEIVED
        mailbox.refresh_from_db()
        assert mailbox.last_uid == 7

    def test_the_same_uid_again_is_the_same_row_and_no_copy(self):
        mailbox = MailboxFactory()
        first = take(a_mail(), mailbox, uid=7)

        again = take(a_mail(), mailbox, uid=7)

        assert not again.is_new
        assert again.inbound == first.inbound
        first.inbound.refresh_from_db()
        assert first.inbound.copies == 0

    def test_a_second_copy_under_another_uid_is_counted_on_the_first(self):
        mailbox = MailboxFactory()
        first = take(a_mail(), mailbox, uid=7)

        take(a_mail(extra="Received: another way\n"), mailbox, uid=8)

        first.inbound.refresh_from_db()
        mailbox.refresh_from_db()
        assert (Inbound.objects.count(), first.inbound.copies, mailbox.last_uid) == (1, 1, 8)

    def test_the_same_mail_to_two_mailboxes_is_two_rows(self):
        take(a_mail(), MailboxFactory(), uid=1)
        take(a_mail(), MailboxFactory(), uid=1)

        assert Inbound.objects.count() == 2

    def test_another_date_under_the_same_message_id_is_another_mail(self):
        mailbox = MailboxFactory()
        take(a_mail(number=1), mailbox, uid=1)
        other = a_mail(number=2).replace(b"<mail-2@", b"<mail-1@")

        assert take(other, mailbox, uid=2).is_new

    def test_without_message_id_the_bytes_decide(self):
        mailbox = MailboxFactory()
        raw = a_mail().replace(b"Message-ID", b"X-No-ID")

        assert take(raw, mailbox, uid=1).is_new
        assert not take(raw, mailbox, uid=2).is_new
        assert take(raw + b"more", mailbox, uid=3).is_new

    @pytest.mark.parametrize(
        "raw", [b"", b"\0" * 50, b"\xff\xfe" * 30, b"Subject: =?utf-8?b?AAAA?= \0\n\n"]
    )
    def test_takes_what_cannot_be_read(self, raw):
        assert take(raw, MailboxFactory(), uid=1).is_new

    def test_the_database_itself_refuses_a_double(self):
        inbound = InboundFactory(uid=1, uidvalidity=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            InboundFactory(mailbox=inbound.mailbox, uid=1, uidvalidity=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            InboundFactory(mailbox=inbound.mailbox, identity=inbound.identity)

    def test_progress_of_another_uidvalidity_does_not_move_the_mailbox(self):
        mailbox = MailboxFactory(uidvalidity=2)

        take(a_mail(), mailbox, uid=900, uidvalidity=1)

        mailbox.refresh_from_db()
        assert mailbox.last_uid == 0


class TestTakeInDelivery:
    def test_the_same_delivery_id_is_one_row(self):
        for _time in range(5):
            take_in_delivery(b"{}", channel="webhook:shop", external_id="e1", by=system_staff())

        assert Inbound.objects.get().copies == 4

    def test_is_not_read_as_mail_not_even_when_tried_again(self):
        by = system_staff()
        taken = take_in_delivery(b"{}", channel="webhook:shop", external_id="e1", by=by)
        quarantine(taken.inbound.pk, reason="x", by=by)
        retry_inbound(taken.inbound.pk, by=by)

        assert not ProcrastinateJob.objects.filter(
            task_name__startswith="shouwen.mailroom"
        ).exists()

    def test_other_channels_have_their_own_ids(self):
        take_in_delivery(b"{}", channel="webhook:a", external_id="e1", by=system_staff())
        take_in_delivery(b"{}", channel="webhook:b", external_id="e1", by=system_staff())

        assert Inbound.objects.count() == 2


class TestTakeInTooLarge:
    def test_is_dropped_by_the_named_rule_with_its_headers(self):
        origin = Origin(MailboxFactory(), 1, 5)
        head = a_mail().split(b"\r\n\r\n")[0]

        taken = take_in_too_large(head, size=90, limit=64, origin=origin, by=system_staff())

        rule = built_in_rule(DropRule.Kind.TOO_LARGE)
        assert (taken.inbound.state, taken.inbound.rule) == (Inbound.State.DROPPED, rule)
        assert rule.dropped_count == 1
        assert read_raw(taken.inbound.raw_key) == head
        again = take_in_too_large(head, size=90, limit=64, origin=origin, by=system_staff())
        assert not again.is_new
        assert Mailbox.objects.get().last_uid == 5

    def test_is_quarantined_when_the_rule_is_off(self):
        DropRule.objects.filter(kind="too_large").delete()
        rule = built_in_rule(DropRule.Kind.TOO_LARGE)
        DropRule.objects.filter(pk=rule.pk).update(is_active=False)

        taken = take_in_too_large(
            b"Subject: x",
            size=90,
            limit=64,
            origin=Origin(MailboxFactory(), 1, 5),
            by=system_staff(),
        )

        assert taken.inbound.state == Inbound.State.QUARANTINED


def test_a_mail_that_the_server_keeps_back_is_in_quarantine_once():
    origin = Origin(MailboxFactory(), 1, 5)
    for _time in range(2):
        taken = set_aside_unfetched(origin=origin, by=system_staff())

    assert taken.inbound.state == Inbound.State.QUARANTINED
    assert Inbound.objects.count() == 1
    assert Mailbox.objects.get().last_uid == 5


def test_a_row_that_breaks_another_rule_of_the_database_is_an_error():
    with pytest.raises(IntegrityError):
        take_in_delivery(b"{}", channel=None, external_id="e1", by=system_staff())


def test_nothing_is_on_the_ledger_without_its_bytes(settings, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(OSError, match="disk full"):
        take(a_mail(), MailboxFactory(), uid=1)

    assert not Inbound.objects.exists()
