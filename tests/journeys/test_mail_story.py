"""A customer's mail through real servers: there, answered, answered back, one thread, found again."""

import smtplib
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from shouwen.mailroom.tests.servers import PASSWORD, Dovecot, Sink, SmtpServer
from tests.journeys.people import SLOW, NewContext, answer, go_offline, go_online, sign_in, thread
from tests.journeys.pictures import photo
from tests.served import Served

pytestmark = pytest.mark.journey
MARK = uuid4().hex[:8]
OFFICE, CUSTOMER = f"fuwu-{MARK}@office.example", f"zhenzhen-{MARK}@customer.example"
ROOM = str(uuid4().int)[:6]
WRITER = f"李珍珍{ROOM}"
QUESTION = f"您好，{ROOM}室㛃㛃家的暖气片锈穿了，镕基路的师傅能来看一下吗？照片见附件。"
ANSWER = "您好，师傅今天下午三点上门，请您留人。"
THANKS = "好的，下午有人，谢谢师傅。"


class PostOffice:
    """Takes every mail by SMTP and delivers it into its receiver's IMAP mailbox."""

    def __init__(self) -> None:
        self.imap, self.smtp = Dovecot(), SmtpServer()
        self.imap.start()
        self.smtp.sink = _Delivering(self.imap)
        self.smtp.start()

    def post(self, mail: EmailMessage) -> None:
        """A customer's own mail program hands it to the server."""
        with smtplib.SMTP("127.0.0.1", self.smtp.port) as server:
            server.send_message(mail)

    def arrived(self, address: str, within: float = 60) -> EmailMessage:
        """The first mail in this person's inbox, as soon as it is there."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            client = self.imap.client(address)
            _answer, [numbers] = client.search(None, "ALL")
            parts = client.fetch("1", "(RFC822)")[1] if numbers else []
            client.logout()
            if parts and isinstance(parts[0], tuple):
                mail = message_from_bytes(parts[0][1], policy=policy.default)
                assert isinstance(mail, EmailMessage)
                return mail
            time.sleep(0.2)
        raise AssertionError(f"nothing arrived for {address}")

    def close(self) -> None:
        """Both servers are gone."""
        self.smtp.stop()
        self.imap.remove()


class _Delivering(Sink):
    def __init__(self, imap: Dovecot) -> None:
        super().__init__()
        self._imap = imap

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        for address in envelope.rcpt_tos:
            self._imap.put(address.lower(), envelope.content)
        return said


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """Mail servers of this story alone."""
    office = PostOffice()
    try:
        yield office
    finally:
        office.close()


def test_a_mail_is_answered_and_answered_back_in_one_thread(
    new_context: NewContext, served: Served, post_office: PostOffice
):
    admin = sign_in(new_context, "admin")
    set_up_mailbox(admin, post_office)
    desk, others = sign_in(new_context, "liujia"), ("limin", "chenxd")
    for name in others:
        go_offline(sign_in(new_context, name))
    go_online(desk)

    post_office.post(question())
    opened = open_mail(desk, ROOM)
    expect(thread(desk).first).to_contain_text(QUESTION, timeout=SLOW)
    see_picture(desk)
    answer(desk, ANSWER)

    received = post_office.arrived(CUSTOMER)
    assert ANSWER in received.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert received["In-Reply-To"] == f"<question-{MARK}@customer.example>"
    assert f"<question-{MARK}@customer.example>" in received["References"]
    expect(desk.locator(".ws-lines .fate[data-tone=kept]")).to_have_text(
        "已交给邮件服务器", timeout=SLOW
    )

    post_office.post(thanks(received))
    expect(thread(desk).last).to_contain_text(THANKS, timeout=SLOW)
    assert desk.url.split("?")[0] == opened
    expect(thread(desk)).to_have_count(3)
    assert is_found_in_one_conversation(desk, "暖气")
    check_ledger(admin)
    go_offline(desk)


def set_up_mailbox(admin: Page, office: PostOffice) -> None:
    """Through the form, as an administrator does; both servers answer the trial."""
    admin.goto("/mailroom/mailboxes/new/")
    for name, value in {
        "name": f"服务信箱 {MARK}", "address": OFFICE, "from_name": "锦绣物业",
        "imap_host": "127.0.0.1", "imap_port": str(office.imap.port), "imap_password": PASSWORD,
        "smtp_host": "127.0.0.1", "smtp_port": str(office.smtp.port), "poll_seconds": "5",
    }.items():  # fmt: skip
        admin.fill(f"[name={name}]", value)
    for name in ("imap_security", "smtp_security"):
        admin.select_option(f"[name={name}]", "none")
    admin.locator("main").get_by_role("button", name="保存").click()
    admin.wait_for_url("**/mailroom/mailboxes/**")
    admin.goto("/mailroom/mailboxes/")
    admin.get_by_role("link", name=f"服务信箱 {MARK}").first.click()
    admin.locator("#mailbox-checks button").click()
    expect(admin.locator("#mailbox-checks .sw-alert[data-tone=kept]")).to_have_count(
        2, timeout=SLOW
    )


def question() -> EmailMessage:
    """Written by a mail program of the old kind: gb18030 everywhere, with a photo."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = f"{WRITER} <{CUSTOMER}>", OFFICE
    mail["Subject"] = "暖气片锈穿"
    mail["Message-ID"] = f"<question-{MARK}@customer.example>"
    mail.set_content(QUESTION, charset="gb18030", cte="base64")
    mail.add_attachment(photo(), maintype="image", subtype="png", filename="暖气片.png")
    return mail


def thanks(received: EmailMessage) -> EmailMessage:
    """The customer presses "answer" in his mail program; the subject is another one."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"{WRITER} <{CUSTOMER}>"
    mail["To"] = str(received["Reply-To"] or received["From"])
    mail["Subject"] = "谢谢"
    mail["Message-ID"] = f"<thanks-{MARK}@customer.example>"
    mail["In-Reply-To"] = str(received["Message-ID"])
    mail["References"] = f"{received['References']} {received['Message-ID']}"
    body = received.get_body(("plain",))
    quoted = "".join(f"> {line}\n" for line in body.get_content().splitlines()) if body else ""
    mail.set_content(f"{THANKS}\n\n{received['From']} 写道：\n{quoted}", charset="gb18030")
    return mail


def open_mail(desk: Page, words: str) -> str:
    """The mail's conversation is hers, given or claimed; its address."""
    desk.goto("/workspace/?tab=all")
    row = desk.locator(".ws-rows .ws-row", has_text=words).first
    expect(row).to_be_visible(timeout=SLOW)
    row.click()
    expect(thread(desk).first).to_be_visible(timeout=SLOW)
    claim = desk.locator(".ws-head-actions").get_by_role("button", name="领取")
    if claim.count():
        claim.click()
    expect(desk.locator(".ws-head-sub")).to_contain_text("接待 佳佳", timeout=SLOW)
    return desk.url.split("?")[0]


def see_picture(desk: Page) -> None:
    picture = desk.locator(".ws-lines img.picture")
    expect(picture).to_have_count(1, timeout=SLOW)
    picture.scroll_into_view_if_needed()
    desk.wait_for_function("document.querySelector('.ws-lines img.picture').naturalWidth === 640")


def is_found_in_one_conversation(desk: Page, word: str) -> bool:
    desk.goto(f"/workspace/search/?q={word}")
    found = desk.locator(".ws-found li", has_text=WRITER)
    expect(found.first).to_be_visible(timeout=SLOW)
    addresses = {one.get_attribute("href") or "" for one in found.locator("a").all()}
    return len({one.split("?")[0] for one in addresses}) == 1


def check_ledger(admin: Page) -> None:
    """Two came, two are handled, none is anywhere else."""
    admin.goto("/mailroom/")
    row = admin.locator("#mailroom-ledger tr", has_text=MARK)
    expect(row).to_have_count(1, timeout=SLOW)
    cells = row.locator("td").all_inner_texts()[2:7]
    assert cells == ["2", "2", "0", "0", "0"]
