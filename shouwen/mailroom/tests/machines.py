"""What machines write: bounces, automatic replies, lists and notices, in the shapes in which they come."""

from dataclasses import dataclass

ROBOT = "MAILER-DAEMON@mx.example"
PERSON = "li@customer.example"


@dataclass(frozen=True)
class MachineMail:
    """Who it says it is from, about what, with which header lines, and what it says."""

    sender: str
    subject: str
    headers: str = ""
    text: str = "See above."

    def raw(self, number: int) -> bytes:
        """The mail as bytes."""
        head = (
            f"From: {self.sender}\nTo: service@shop.example\nSubject: {self.subject}\n"
            f"Message-ID: <machine-{number}@mx.example>\nDate: Sun, 22 Nov 2026 10:00:00 +0800\n"
        )
        kind = "" if "Content-Type" in self.headers else "Content-Type: text/plain; charset=utf-8\n"
        lines = f"{self.headers}\n" if self.headers else ""
        return f"{head}{lines}{kind}\n{self.text}\n".replace("\n", "\r\n").encode()


REPORT = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
REPORT_TEXT = (
    "--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; nobody@gone.example\n"
    "Action: failed\nStatus: 5.1.1\n\n--b--"
)
BOUNCES = [
    MachineMail(ROBOT, "Undelivered Mail Returned to Sender", REPORT, REPORT_TEXT),
    MachineMail(f"Mail Delivery System <{ROBOT}>", "Mail delivery failed: returning message to sender", "X-Failed-Recipients: nobody@gone.example\nAuto-Submitted: auto-replied"),
    MachineMail("postmaster@mx.example", "Delivery Status Notification (Failure)"),
    MachineMail("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", text="Address not found. Your message wasn't delivered to nobody@gone.example"),
    MachineMail("postmaster@outlook.com", "Undeliverable: 回复：电梯坏了", "X-MS-Exchange-Message-Is-Ndr:"),
    MachineMail("PostMaster@qq.com", "系统退信", text="抱歉，您的邮件被退回来了……无法发送到 nobody@gone.example"),
    MachineMail("Postmaster@163.com", "系统退信/Systems bounce"),
    MachineMail("postmaster@aliyun.com", "退信通知"),
    MachineMail("postmaster@sina.com", "邮件投递失败"),
    MachineMail("MAILER-DAEMON@yahoo.com", "Failure Notice"),
    MachineMail(ROBOT, "failure notice", "Return-Path: <>", "Hi. This is the qmail-send program at mx.example."),
    MachineMail("postmaster@mx.example", "Returned mail: see transcript for details"),
    MachineMail("postmaster@mx.example", "Warning: could not send message for past 4 hours", "Return-Path: <>"),
    MachineMail("postmaster@mx.example", "Unzustellbar: Antwort"),
    MachineMail("postmaster@mx.example", "Non remis : réponse"),
    MachineMail("postmaster@mx.example", "配信不能 (Delivery failure)"),
    MachineMail("no-reply@mx.example", "Message delivery failure", "Return-Path: <>"),
    MachineMail("bounce@mx.example", "DSN: Service unavailable", REPORT, REPORT_TEXT),
    MachineMail("Mail Delivery System <noreply@mx.example>", "Mail System Error - Returned Mail"),
    MachineMail("postmaster@mx.example", "Delivery delayed: 您的邮件", REPORT, REPORT_TEXT.replace("5.1.1", "4.4.1")),
    MachineMail("x@mx.example", "Undeliverable", "Return-Path: <>"),
    MachineMail(ROBOT, "User unknown"),
]  # fmt: skip
AUTO_REPLIES = [
    MachineMail(PERSON, "自动回复：回复：电梯坏了"),
    MachineMail(PERSON, "自动答复: 电梯坏了"),
    MachineMail(PERSON, "自動回覆：電梯"),
    MachineMail(PERSON, "Automatic reply: Re: 电梯坏了"),
    MachineMail(PERSON, "Out of Office: Re: lift"),
    MachineMail(PERSON, "Out of Office AutoReply: lift"),
    MachineMail(PERSON, "Auto: I am on leave"),
    MachineMail(PERSON, "Autoreply: lift"),
    MachineMail(PERSON, "Abwesenheitsnotiz: Aufzug"),
    MachineMail(PERSON, "Automatische Antwort: Aufzug"),
    MachineMail(PERSON, "Réponse automatique : ascenseur"),
    MachineMail(PERSON, "Respuesta automática: ascensor"),
    MachineMail(PERSON, "Risposta automatica: ascensore"),
    MachineMail(PERSON, "Automatisch antwoord: lift"),
    MachineMail(PERSON, "自動応答: エレベーター"),
    MachineMail(PERSON, "Re: 电梯坏了", "Auto-Submitted: auto-replied"),
    MachineMail(PERSON, "Re: 电梯坏了", "Auto-Submitted: auto-replied (vacation)"),
    MachineMail(PERSON, "Re: 电梯坏了", "Auto-Submitted: auto-generated; owner-email=x"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Autoreply: yes"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Autorespond: 电梯坏了"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Auto-Response-Suppress: All"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply"),
    MachineMail(PERSON, "Re: 电梯坏了", "Precedence: auto_reply"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Precedence: auto_reply"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Vacation: yes"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Autoresponder: mailcow"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-MS-Exchange-Inbox-Rules-Loop: li@customer.example"),
    MachineMail(PERSON, "Re: 电梯坏了", "X-Loop: service@shop.example"),
    MachineMail(PERSON, "外出期间自动回复"),
    MachineMail(PERSON, "休假中，暂时无法回复"),
]
OTHERS = [
    MachineMail("news@shop2.example", "双十二大促", "List-Unsubscribe: <https://shop2.example/u>"),
    MachineMail("news@shop2.example", "周报", "List-Id: <weekly.shop2.example>"),
    MachineMail("news@shop2.example", "周报", "Precedence: bulk"),
    MachineMail("news@shop2.example", "周报", "Precedence: list"),
    MachineMail("news@shop2.example", "周报", "Precedence: junk"),
    MachineMail("news@shop2.example", "周报", "Feedback-ID: 1:2:3:mailer"),
    MachineMail("noreply@bank.example", "您的账单"),
    MachineMail("no-reply@platform.example", "订单已发货"),
    MachineMail("do-not-reply@platform.example", "Your receipt"),
    MachineMail("ticket@vendor.example", "[Ticket 12] received", "Auto-Submitted: auto-generated"),
    MachineMail(PERSON, "已读：电梯坏了", 'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"', "--b\nContent-Type: text/plain\n\nread\n--b--"),
]  # fmt: skip
MACHINES = [*BOUNCES, *AUTO_REPLIES, *OTHERS]
