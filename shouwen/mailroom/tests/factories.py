"""Test data of the mailroom."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from shouwen.mailroom.models import Inbound, Mailbox
from shouwen.mailroom.operations import MailDraft


class MailboxFactory(DjangoModelFactory):
    """A mailbox that can fetch and send."""

    class Meta:
        model = Mailbox

    name = factory.Sequence("客服邮箱{}".format)
    address = factory.Sequence("service{}@shop.example".format)
    imap_host = "imap.shop.example"
    imap_username = "service"
    smtp_host = "smtp.shop.example"
    uidvalidity = 1


class InboundFactory(DjangoModelFactory):
    """A mail that waits."""

    class Meta:
        model = Inbound

    mailbox = factory.SubFactory(MailboxFactory)
    identity = factory.Sequence("{:064d}".format)
    message_id = factory.Sequence("m{}@customer.example".format)
    sender = "li@customer.example"
    subject = "电梯坏了"
    received_at = factory.LazyFunction(timezone.now)


def a_mail(
    *,
    number: int = 1,
    sender: str = "李女士 <li@customer.example>",
    to: str = "service@shop.example",
    subject: str = "电梯坏了",
    text: str = "三号楼的电梯又停了。",
    extra: str = "",
) -> bytes:
    """A plain mail as bytes; `extra` are further header lines."""
    head = (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Sun, 22 Nov 2026 10:{number % 60:02}:00 +0800\n"
        f"Message-ID: <mail-{number}@customer.example>\n{extra}"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return (head + text + "\n").replace("\n", "\r\n").encode()


def a_draft(key: str = "k1", **more: object) -> MailDraft:
    """A mail to send."""
    values = {"to": ["li@customer.example"], "subject": "回复：电梯坏了", "text": "师傅已经出发。"}
    return MailDraft(key=key, **values | more)
