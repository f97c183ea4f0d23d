"""Fetching from a real Dovecot."""

import threading

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.core.files import read_raw
from shouwen.mailroom import fetching
from shouwen.mailroom.carriers.email.inbox import Inbox, open_inbox
from shouwen.mailroom.carriers.email.troubles import MAIL_ERRORS, words_of
from shouwen.mailroom.carriers.registry import carrier_of
from shouwen.mailroom.fetching import fetch_new
from shouwen.mailroom.jobs import understand
from shouwen.mailroom.models import Inbound, Mailbox
from shouwen.mailroom.operations import retry_inbound
from shouwen.mailroom.sealing import seal
from shouwen.mailroom.tests.factories import a_mail

pytestmark = pytest.mark.django_db


def fetch(mailbox):
    mailbox.refresh_from_db()
    with open_inbox(mailbox) as inbox:
        return fetch_new(mailbox, inbox, by=system_staff(), stop=threading.Event())


class TestFetchNew:
    def test_takes_in_what_waits_and_flags_it_only_then(self, dovecot, fetched_mailbox):
        user = fetched_mailbox.imap_username
        mails = [a_mail(number=n) for n in range(1, 4)]
        dovecot.put(user, *mails)

        assert fetch(fetched_mailbox) == 3

        kept = [read_raw(one.raw_key) for one in Inbound.objects.order_by("uid")]
        assert kept == mails
        assert all(b"\\Seen" in flags for flags in dovecot.flags(user).values())
        fetched_mailbox.refresh_from_db()
        assert fetched_mailbox.last_uid == 3
        assert fetched_mailbox.health == Mailbox.Health.WELL

    def test_takes_each_mail_once(self, dovecot, fetched_mailbox):
        dovecot.put(fetched_mailbox.imap_username, a_mail(number=1))
        fetch(fetched_mailbox)
        dovecot.put(fetched_mailbox.imap_username, a_mail(number=2))

        assert fetch(fetched_mailbox) == 1
        assert fetch(fetched_mailbox) == 0
        assert Inbound.objects.count() == 2

    def test_mail_that_others_have_read_is_taken_all_the_same(self, dovecot, fetched_mailbox):
        dovecot.put(fetched_mailbox.imap_username, a_mail())
        client = dovecot.client(fetched_mailbox.imap_username)
        client.store("1", "+FLAGS", r"(\Seen)")
        client.logout()

        assert fetch(fetched_mailbox) == 1

    def test_a_new_uidvalidity_neither_doubles_nor_misses(self, dovecot, fetched_mailbox):
        user = fetched_mailbox.imap_username
        dovecot.put(user, *[a_mail(number=n) for n in range(1, 6)])
        fetch(fetched_mailbox)
        before = Mailbox.objects.get().uidvalidity
        dovecot.renumber(user)
        dovecot.put(user, a_mail(number=9))

        fetch(fetched_mailbox)

        assert Mailbox.objects.get().uidvalidity != before
        assert Inbound.objects.count() == 6

    def test_nothing_is_flagged_and_the_rest_comes_again_when_keeping_fails(
        self, dovecot, fetched_mailbox, monkeypatch
    ):
        user = fetched_mailbox.imap_username
        dovecot.put(user, *[a_mail(number=n) for n in range(1, 4)])
        monkeypatch.setattr(fetching, "BATCH", 2)
        real, calls = fetching.take_in_mails, []

        def dies_at_the_second(arrivals, **more):
            calls.append(arrivals)
            if len(calls) == 2:
                raise OSError("No space left on device")
            return real(arrivals, **more)

        monkeypatch.setattr(fetching, "take_in_mails", dies_at_the_second)
        with pytest.raises(OSError, match="No space"):
            fetch(fetched_mailbox)

        assert [uid for uid, flags in dovecot.flags(user).items() if b"\\Seen" in flags] == [1, 2]
        assert fetch(fetched_mailbox) == 1
        assert Inbound.objects.count() == 3

    def test_progress_never_passes_what_is_not_kept_yet(
        self, dovecot, fetched_mailbox, settings, monkeypatch
    ):
        settings.MAIL_SIZE_LIMIT = 3000
        dovecot.put(
            fetched_mailbox.imap_username,
            a_mail(number=1),
            a_mail(number=2, text="很大" * 2000),
            a_mail(number=3),
        )

        def breaks(*_arguments, **_more):
            raise OSError("No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(fetching, "take_in_too_large", breaks)
            with pytest.raises(OSError, match="No space"):
                fetch(fetched_mailbox)
        fetched_mailbox.refresh_from_db()
        assert fetched_mailbox.last_uid == 1

        assert fetch(fetched_mailbox) == 2
        assert list(Inbound.objects.order_by("uid").values_list("uid", flat=True)) == [1, 2, 3]

    def test_of_a_mail_over_the_limit_only_the_headers_are_kept(
        self, dovecot, fetched_mailbox, settings
    ):
        settings.MAIL_SIZE_LIMIT = 3000
        dovecot.put(
            fetched_mailbox.imap_username, a_mail(number=1, text="很大" * 2000), a_mail(number=2)
        )

        fetch(fetched_mailbox)

        large, small = Inbound.objects.order_by("uid")
        assert (large.state, large.rule.kind) == (Inbound.State.DROPPED, "too_large")
        assert read_raw(large.raw_key).startswith(b"From: ")
        assert large.subject == "电梯坏了"
        assert small.state == Inbound.State.RECEIVED

    def test_only_new_mail_where_the_old_is_not_wanted(self, dovecot, fetched_mailbox):
        user = fetched_mailbox.imap_username
        Mailbox.objects.update(takes_waiting=False)
        dovecot.put(user, a_mail(number=1))
        fetch(fetched_mailbox)
        dovecot.put(user, a_mail(number=2))
        fetch(fetched_mailbox)

        assert [one.message_id for one in Inbound.objects.all()] == ["mail-2@customer.example"]

    def test_a_mail_of_fifty_megabytes_passes(self, dovecot, fetched_mailbox):
        line = b"0123456789" * 7 + b"\r\n"
        big = a_mail() + line * (50 * 1024 * 1024 // len(line))
        dovecot.put(fetched_mailbox.imap_username, big)

        fetch(fetched_mailbox)

        inbound = Inbound.objects.get()
        assert inbound.size == len(big)
        understand(inbound_id=inbound.pk)
        assert Inbound.objects.get().understood_at

    def test_one_that_the_server_keeps_back_blocks_nobody_and_can_be_asked_for_again(
        self, dovecot, fetched_mailbox, monkeypatch
    ):
        mails = [a_mail(number=n) for n in range(1, 4)]
        dovecot.put(fetched_mailbox.imap_username, *mails)
        real = Inbox.mails
        monkeypatch.setattr(
            Inbox, "mails", lambda self, uids: {k: v for k, v in real(self, uids).items() if k != 2}
        )
        fetch(fetched_mailbox)
        kept_back = Inbound.objects.get(uid=2)
        assert Inbound.objects.count() == 3
        assert kept_back.state == Inbound.State.QUARANTINED

        retry_inbound(kept_back.pk, by=system_staff())
        fetch(fetched_mailbox)
        kept_back.refresh_from_db()
        assert kept_back.state == Inbound.State.QUARANTINED

        retry_inbound(kept_back.pk, by=system_staff())
        understand(inbound_id=kept_back.pk)
        monkeypatch.setattr(Inbox, "mails", real)
        fetch(fetched_mailbox)
        kept_back.refresh_from_db()
        assert read_raw(kept_back.raw_key) == mails[1]
        understand(inbound_id=kept_back.pk)
        kept_back.refresh_from_db()
        assert kept_back.understood_at

    def test_one_that_somebody_removed_meanwhile_was_never_ours(
        self, dovecot, fetched_mailbox, monkeypatch
    ):
        dovecot.put(fetched_mailbox.imap_username, a_mail())
        monkeypatch.setattr(Inbox, "mails", lambda self, uids: {})
        monkeypatch.setattr(Inbox, "has", lambda self, uid: False)
        fetch(fetched_mailbox)
        assert not Inbound.objects.exists()

    def test_hundreds_that_wait_come_in_batches(self, dovecot, fetched_mailbox, monkeypatch):
        monkeypatch.setattr(fetching, "BATCH", 20)
        dovecot.put(fetched_mailbox.imap_username, *[a_mail(number=n) for n in range(1, 131)])

        assert fetch(fetched_mailbox) == 130
        assert Inbound.objects.count() == 130


class TestWords:
    def words(self, mailbox, **changes):
        for name, value in changes.items():
            setattr(mailbox, name, value)
        return carrier_of("mail").check(mailbox)[0]

    def test_all_is_well(self, fetched_mailbox):
        assert self.words(fetched_mailbox).is_well

    def test_a_refused_password(self, fetched_mailbox):
        check = self.words(fetched_mailbox, imap_password=seal("wrong"))
        assert not check.is_well
        assert "localhost" in check.words
        assert "AUTHENTICATIONFAILED" in check.words

    def test_a_server_that_is_down(self, fetched_mailbox):
        assert not self.words(fetched_mailbox, imap_port=1).is_well

    def test_tls_that_is_not_there(self, fetched_mailbox):
        assert not self.words(fetched_mailbox, imap_security="tls").is_well

    def test_a_certificate_that_nobody_vouches_for(self, dovecot, fetched_mailbox):
        port = dovecot.tls_port
        check = self.words(fetched_mailbox, imap_security="tls", imap_port=port)
        assert not check.is_well

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_tls_with_a_certificate_that_is_trusted(
        self, dovecot, fetched_mailbox, monkeypatch, security
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
        port = dovecot.tls_port if security == "tls" else dovecot.port
        check = self.words(fetched_mailbox, imap_security=security, imap_port=port)
        assert check.is_well, check.words

    def test_an_unknown_name(self, fetched_mailbox):
        assert not self.words(fetched_mailbox, imap_host="no-such-host.invalid").is_well

    def test_our_own_network_is_refused(self, fetched_mailbox, settings):
        settings.MAILROOM_ALLOW_PRIVATE = False
        assert not self.words(fetched_mailbox).is_well

    def test_a_password_that_cannot_be_unsealed(self, fetched_mailbox, settings):
        settings.SECRET_KEY = "another one"
        assert not self.words(fetched_mailbox).is_well

    def test_every_trouble_has_words(self):
        for kind in MAIL_ERRORS:
            if kind.__module__ != "imap_tools.errors":
                assert words_of(kind("a"), "mail.shop.example")
