"""A mailbox full of mails of the kinds that really come, each with what should become of it."""

import base64
import binascii
import io
import quopri
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from PIL import Image

from tools.shoppers import reviews

CHINESE = re.compile(r"[\u4e00-\u9fff，。！？、；]+")

DOMAIN = "customer.example"
BEGIN = datetime(2026, 11, 2, 1, tzinfo=UTC)
# As often as they come: most mails are gb or utf-8, many of the gb ones with the wrong label.
CHARSETS = [
    *[("utf-8", "utf-8")] * 6,
    *[("gb18030", "gb18030")] * 3,
    *[("gb18030", "gb2312"), ("gb18030", "gbk"), ("gb2312", "gb2312")],
    ("big5hkscs", "big5"),
]
FAMILY = "李王张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗"
GIVEN = "明华丽军敏静强磊洋艳勇杰娟涛超秀霞平刚桂"
MACHINES = ("auto_reply", "bounce", "newsletter")


@dataclass(frozen=True)
class SentMail:
    """A mail in the mailbox: its Message-ID, words that must be readable, and its fate.

    `fate` is `line` (it must stand in a conversation), `dropped` (a rule drops it) or `any` (it is
    broken: on the ledger, wherever it ends). `answers` is the Message-ID whose conversation it joins.
    """

    message_id: str
    raw: bytes
    says: str = ""
    fate: str = "line"
    answers: str = ""


@dataclass
class Writer:
    """A customer with a mail program, a charset, and what he wrote before."""

    name: str
    address: str
    charset: str
    label: str
    written: list[tuple[str, str]] = field(default_factory=list)


def shoppers_sentences() -> list[str]:
    """Different sentences that shoppers wrote."""
    words = dict.fromkeys("".join(one.split()) for one in reviews())
    return [one for one in words if 12 <= len(one) <= 600 and CHINESE.fullmatch(one)]


class Post:
    """Writes mails, the same ones for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._sentences = shoppers_sentences()
        self._number = 0
        self._writers: list[Writer] = []
        self._pictures = [self._picture() for _ in range(40)]

    def mails(self, count: int) -> Iterator[SentMail]:
        """So many mails in the order in which they come; about two in a hundred come from machines."""
        for _ in range(count):
            chance = self._random.random()
            if chance < 0.006:
                yield self._broken()
            elif chance < 0.03:
                yield self._by_machine(self._random.choice(MACHINES))
            elif chance < 0.28 and self._writers:
                yield self._reply()
            else:
                yield self._question()

    def _picture(self) -> bytes:
        side = self._random.randrange(40, 110)
        image = Image.frombytes("RGB", (side, side), self._random.randbytes(3 * side * side))
        file = io.BytesIO()
        image.save(file, self._random.choice(["PNG", "JPEG"]))
        return file.getvalue()

    def _writer(self) -> Writer:
        if self._writers and self._random.random() < 0.45:
            return self._random.choice(self._writers)
        charset, label = self._random.choice(CHARSETS)
        name = self._random.choice(FAMILY) + "".join(self._random.choices(GIVEN, k=2))
        writer = Writer(name, f"u{len(self._writers)}@{DOMAIN}", charset, label)
        self._writers.append(writer)
        return writer

    def _words(self, charset: str, count: int = 1) -> str:
        """Sentences that this charset can hold."""
        found: list[str] = []
        while len(found) < count:
            words = self._random.choice(self._sentences)
            kept = words.encode(charset, "ignore").decode(charset)
            if len(kept) > 10:
                found.append(kept)
        return "\n".join(found)

    def _next_id(self) -> str:
        self._number += 1
        return f"bench-{self._number}-{self._random.getrandbits(48):x}@{DOMAIN}"

    def _head(self, writer: Writer, subject: str, message_id: str, extra: str = "") -> bytes:
        moment = BEGIN + timedelta(minutes=self._number)
        lines = [
            b"Received: from mx.customer.example (mx [192.0.2.7]) by mail.shop.example; "
            + format_datetime(moment).encode(),
            b"From: " + _word(writer.name, writer) + f" <{writer.address}>".encode(),
            "To: 客服 <service@shop.example>".encode(),
            b"Subject: " + _word(subject, writer),
            f"Date: {format_datetime(moment)}".encode(),
            f"Message-ID: <{message_id}>".encode(),
            b"MIME-Version: 1.0",
            b"X-Mailer: Foxmail 7.2.25",
        ]
        return b"\r\n".join([*lines, *([extra.encode()] if extra else [])]) + b"\r\n"

    def _question(self) -> SentMail:
        writer = self._writer()
        message_id, text = self._next_id(), self._words(writer.charset, self._random.randint(1, 4))
        raw = self._head(writer, text[:14], message_id) + self._body(
            writer, f"您好，\n{text}\n谢谢"
        )
        writer.written.append((message_id, text))
        return SentMail(message_id, raw, says=text.splitlines()[0])

    def _reply(self) -> SentMail:
        """Somebody adds to what he wrote before; his program quotes it in its own way."""
        writer = self._random.choice(self._writers)
        before, quoted = self._random.choice(writer.written)
        message_id, text = self._next_id(), self._words(writer.charset)
        refs = f"In-Reply-To: <{before}>\r\nReferences: <{before}>"
        full = f"{text}\n\n{self._quote(writer, quoted)}"
        raw = self._head(writer, f"回复：{quoted[:10]}", message_id, refs) + self._body(
            writer, full
        )
        writer.written.append((message_id, text))
        return SentMail(message_id, raw, says=text, answers=before)

    def _quote(self, writer: Writer, text: str) -> str:
        heads = [
            f'------------------ 原始邮件 ------------------\n发件人: "{writer.name}"<{writer.address}>;\n'
            '发送时间: 2026年11月2日(星期一) 上午9:12\n收件人: "客服"<service@shop.example>;\n主题: 咨询\n\n',
            f'在 2026-11-02 09:12:00，"{writer.name}" <{writer.address}> 写道：\n',
            f"发件人: {writer.name} <{writer.address}>\n发送时间: 2026年11月2日 9:12\n收件人: 客服\n主题: 咨询\n\n",
        ]
        head = self._random.choice(heads)
        return head + (
            "\n".join(f"> {row}" for row in text.splitlines()) if "写道" in head else text
        )

    def _body(self, writer: Writer, text: str) -> bytes:
        chance = self._random.random()
        if chance < 0.45:
            return self._text_part(writer, text, "plain")
        if chance < 0.8:
            return self._alternative(writer, text)
        parts = [
            self._alternative(writer, text)
            if chance < 0.93
            else self._text_part(writer, text, "plain")
        ]
        parts += [self._attachment(n, writer) for n in range(self._random.randint(1, 2))]
        return _multipart("mixed", parts, self._number)

    def _alternative(self, writer: Writer, text: str) -> bytes:
        rows = "".join(
            f"<div style='font:14px 宋体;color:#333'>{row}<br></div>" for row in text.splitlines()
        )
        style = "<style>body{line-height:1.5}blockquote{margin:0 0 0 .8em}</style>"
        page = f"<html><head><meta charset={writer.label}>{style}</head><body>{rows}<table><tr><td>&nbsp;</td></tr></table></body></html>"
        parts = [self._text_part(writer, text, "plain"), self._text_part(writer, page, "html")]
        return _multipart("alternative", parts, self._number)

    def _text_part(self, writer: Writer, text: str, kind: str) -> bytes:
        raw = text.replace("\n", "\r\n").encode(writer.charset, "ignore")
        way = self._random.choice(["base64", "base64", "quoted-printable", "8bit"])
        coded = {
            "base64": base64.encodebytes(raw).replace(b"\n", b"\r\n"),
            "quoted-printable": quopri.encodestring(raw),
            "8bit": raw,
        }[way]
        head = f'Content-Type: text/{kind}; charset="{writer.label}"\r\nContent-Transfer-Encoding: {way}\r\n\r\n'
        return head.encode() + coded + b"\r\n"

    def _attachment(self, number: int, writer: Writer) -> bytes:
        content = self._random.choice(self._pictures)
        kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
        name = _word(f"照片{number}.{kind}", writer).decode()
        head = (
            f'Content-Type: image/{kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
        )
        return head.encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")

    def _by_machine(self, kind: str) -> SentMail:
        message_id, text = self._next_id(), self._words("utf-8")
        machine = Writer("系统邮件", f"{kind}@machine.example", "utf-8", "utf-8")
        extra, subject, fate = {
            "auto_reply": (
                "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All",
                "自动回复：外出",
                "dropped",
            ),
            "newsletter": (
                "List-Unsubscribe: <mailto:off@machine.example>\r\nPrecedence: bulk",
                "本周特价",
                "line",
            ),
            "bounce": (
                "Auto-Submitted: auto-replied\r\nX-Failed-Recipients: nobody@gone.example",
                "退信：邮件无法送达",
                "dropped",
            ),
        }[kind]
        if kind == "bounce":
            machine = Writer(
                "Mail Delivery Subsystem", "mailer-daemon@machine.example", "utf-8", "utf-8"
            )
        raw = self._head(machine, subject, message_id, extra) + self._text_part(
            machine, text, "plain"
        )
        return SentMail(message_id, raw, says=text if fate == "line" else "", fate=fate)

    def _broken(self) -> SentMail:
        """Cut off, mislabelled, nested without end, full of NULs."""
        writer, message_id = self._writer(), self._next_id()
        head = self._head(writer, "坏邮件", message_id)
        text = self._words("gb18030").encode("gb18030")
        body = self._random.choice(
            [
                b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n" + text[:31],
                b"Content-Type: text/plain; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n=!" + text,
                b"Content-Type: multipart/mixed; boundary=y\r\n\r\n" + b"--y\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n" * 60,
                b"Content-Type: text/html\r\n\r\n<p>" + b"\0" * 500 + b"<div>" * 3000 + text,
            ]
        )  # fmt: skip
        writer.written.append((message_id, "坏邮件坏邮件坏邮件"))
        return SentMail(message_id, head + body + b"\r\n", fate="any")


def _word(text: str, writer: Writer) -> bytes:
    coded = binascii.b2a_base64(text.encode(writer.charset, "ignore"), newline=False).decode()
    return f"=?{writer.label}?B?{coded}?=".encode()


def _multipart(kind: str, parts: list[bytes], number: int) -> bytes:
    line = f"----=_Part_{kind}_{number}"
    head = f'Content-Type: multipart/{kind}; boundary="{line}"\r\n\r\n'.encode()
    body = b"".join(f"--{line}\r\n".encode() + part + b"\r\n" for part in parts)
    return head + body + f"--{line}--\r\n".encode()
