"""The mail that leaves is valid, and nothing can be smuggled into it."""

import email
import email.policy

import pytest

from shouwen.accounts.queries import system_staff
from shouwen.core.files import read_raw
from shouwen.mailroom.carriers.email.compose import MailFile, clean_address
from shouwen.mailroom.carriers.email.message import read_mail
from shouwen.mailroom.operations import AddressRefused, NoMailbox, queue_mail
from shouwen.mailroom.tests.factories import MailboxFactory, a_draft
from shouwen.mailroom.tokens import read_message_id, read_reply_token

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def queued(mailbox=None, **more):
    outbound = queue_mail(a_draft(**more), mailbox=mailbox or MailboxFactory(), by=system_staff())
    return outbound, read_raw(outbound.raw_key)


def test_chinese_everywhere_comes_back_as_it_was():
    files = [MailFile("报价单 2026年（最终版）.pdf", b"%PDF", "application/pdf")]
    mailbox = MailboxFactory(from_name="首问商城客服", address="kefu@shop.example")
    _outbound, raw = queued(
        mailbox, subject="关于您的订单" * 12, text="您好😀\n.\nFrom here\n", files=files
    )

    mail = read_mail(raw)

    assert mail.subject == "关于您的订单" * 12
    assert mail.from_name == "首问商城客服"
    assert mail.text.strip() == "您好😀\n.\nFrom here"
    assert mail.attachments[0].file_name == "报价单 2026年（最终版）.pdf"
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()


def test_html_with_a_picture_inside():
    files = [
        MailFile("a.png", PNG, "image/png", content_id="pic1"),
        MailFile("b.txt", b"x", "text/plain"),
    ]
    _outbound, raw = queued(html='<p>您好<img src="cid:pic1"></p>', files=files)
    mail = email.message_from_bytes(raw, policy=email.policy.default)

    types = [part.get_content_type() for part in mail.walk()]
    assert types == ["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related",
                     "text/html", "image/png", "text/plain"]  # fmt: skip


@pytest.mark.parametrize(
    "evil",
    [
        "a\r\nBcc: x@evil.example",
        "a\nBcc: x@evil.example",
        "a\r\n\r\nbody",
        "a\x00b\x0bc",
        "a\u2028Bcc: x",
    ],
)
@pytest.mark.parametrize("place", ["subject", "from_name", "file", "header"])
def test_no_header_is_smuggled_in(evil, place):
    mailbox = MailboxFactory(from_name=evil.replace("\0", "") if place == "from_name" else "客服")
    more = {
        "subject": {"subject": evil},
        "file": {"files": [MailFile(evil, b"x")]},
        "header": {"headers": {"X-Note": evil}},
    }.get(place, {})
    _outbound, raw = queued(mailbox, **more)
    mail = email.message_from_bytes(raw, policy=email.policy.default)

    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject")) == 1
    assert b"\nBcc:" not in raw


@pytest.mark.parametrize(
    "address",
    [
        "a\r\n@x.example",
        "a b@x.example",
        "a@x\r\nBcc: y@z.example",
        "",
        "a",
        "@x",
        "a@",
        "a..b@x.example",
        "<a@x.example>",
        "a@x.example,b@x.example",
        "张三@x.example",
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused(address):
    with pytest.raises(AddressRefused):
        queued(to=[address])


def test_a_chinese_domain_travels_in_ascii():
    assert clean_address("kefu@例子.中国") == "kefu@xn--fsqu00a.xn--fiqs8s"


def test_too_many_recipients_or_none():
    for to in ([], [f"a{n}@x.example" for n in range(51)]):
        with pytest.raises(AddressRefused):
            queued(to=to)


def test_without_a_mailbox_it_is_refused():
    with pytest.raises(NoMailbox):
        queue_mail(a_draft(), mailbox=None, by=system_staff())


def test_the_default_mailbox_is_taken():
    MailboxFactory()
    default = MailboxFactory(is_default=True)
    assert queue_mail(a_draft(), mailbox=None, by=system_staff()).mailbox == default


def test_ids_are_signed_and_survive_long_threads():
    long = "x" * 240 + "@very.long.example"
    references = [f"m{n}@x.example" for n in range(60)] + [long]
    outbound, raw = queued(
        in_reply_to=long, references=references, subject_kind="conversation", subject_id=42
    )
    mail = read_mail(raw)

    assert mail.message_id == outbound.message_id
    assert read_message_id(mail.message_id).id == 42
    assert mail.in_reply_to == long
    assert mail.references[0] == "m0@x.example"
    assert mail.references[-1] == long
    assert len(mail.references) == 20
    assert b"=?utf-8?q?=3C" not in raw


def test_ids_with_line_ends_are_left_out():
    _outbound, raw = queued(in_reply_to="a@b\r\nBcc: x@evil.example", references=["c d", "e@f"])
    assert b"Bcc" not in raw
    assert read_mail(raw).references == ["e@f"]


def test_a_signed_reply_address_where_the_mailbox_takes_it():
    mailbox = MailboxFactory(address="kefu@shop.example", uses_subaddresses=True)
    _outbound, raw = queued(mailbox, subject_kind="conversation", subject_id=42)
    (reply_to,) = read_mail(raw).reply_to
    assert reply_to.address.startswith("kefu+conversation-42-")
    assert read_reply_token(reply_to.address).id == 42


def test_headers_that_are_not_for_callers_are_a_mistake():
    with pytest.raises(ValueError, match="Bcc"):
        queued(headers={"Bcc": "x@y.example"})
