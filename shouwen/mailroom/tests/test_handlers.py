"""What the mailroom does by itself when something happens."""

import logging

import pytest
from django.db import transaction

from shouwen.accounts.queries import system_staff
from shouwen.core.files import read_raw
from shouwen.mailroom import handlers
from shouwen.mailroom.carriers.email.message import read_mail
from shouwen.mailroom.carriers.email.troubles import words_of
from shouwen.mailroom.events import BounceArrived, InboundHandled, MailboxSaved
from shouwen.mailroom.models import Outbound
from shouwen.mailroom.operations import (
    MailboxIncomplete,
    note_sending,
    queue_password_reset,
    save_mailbox,
)
from shouwen.mailroom.tests.factories import MailboxFactory
from shouwen.mailroom.words import fact_in_words

pytestmark = pytest.mark.django_db


def test_the_link_for_a_new_password_leaves_through_the_default_mailbox_once():
    MailboxFactory(is_default=True)
    for _time in range(2):
        outbound = queue_password_reset(
            5, mail="li@shop.example", link="https://kefu.example/x", by=system_staff()
        )

    mail = read_mail(read_raw(outbound.raw_key))
    assert "https://kefu.example/x" in mail.text
    assert mail.headers.get("auto-submitted") == "auto-generated"
    assert Outbound.objects.count() == 1


def test_without_a_mailbox_that_is_said_in_the_log(monkeypatch, caplog):
    from shouwen.accounts.events import PasswordResetAsked

    monkeypatch.setattr(handlers, "password_reset_token", lambda reset_id: "token")
    monkeypatch.setattr(handlers, "reverse", lambda name, args: f"/reset/{args[0]}")
    event = PasswordResetAsked(staff_id=1, reset_id=5, mail="li@shop.example")
    with caplog.at_level(logging.WARNING, logger="shouwen"):
        handlers.mail_password_reset(event)

    assert "password reset 5" in caplog.text
    assert "token" not in caplog.text


@pytest.mark.parametrize(
    ("reaction", "event"),
    [
        (handlers.show_inbound, [InboundHandled(inbound_id=3, as_kind="conversation", as_id=1)]),
        (handlers.show_outbound, BounceArrived(outbound_id=3, inbound_id=1, recipient="", status="", is_permanent=True)),
        (handlers.show_mailbox, MailboxSaved(mailbox_id=3)),
    ],
)  # fmt: skip
def test_screens_are_nudged(monkeypatch, reaction, event):
    nudges = []
    monkeypatch.setattr(handlers, "nudge", lambda *arguments: nudges.append(arguments))
    with transaction.atomic():
        reaction(event)
    assert [(topic, number) for topic, _name, number in nudges] == [("board:mailroom", 3)]


def test_a_mailbox_needs_a_server():
    with pytest.raises(MailboxIncomplete):
        save_mailbox(
            MailboxFactory.build(imap_host="", smtp_host=""), passwords={}, by=system_staff()
        )


def test_a_new_default_mailbox_takes_the_place_of_the_old():
    old = MailboxFactory(is_default=True)
    new = MailboxFactory.build(is_default=True)
    save_mailbox(new, passwords={}, by=system_staff())
    old.refresh_from_db()
    assert not old.is_default


def test_the_same_trouble_is_told_once():
    mailbox = MailboxFactory()
    for _time in range(3):
        note_sending(mailbox.pk, error="550", by=system_staff())
    mailbox.refresh_from_db()
    assert mailbox.send_error == "550"


def test_facts_have_words():
    assert fact_in_words("mailroom.InboundDropped") != "mailroom.InboundDropped"
    assert fact_in_words("other.Fact") == "other.Fact"


def test_what_a_server_says_is_one_line():
    assert "\n" not in words_of(OSError("a\nb\0c"), "mail.example")
