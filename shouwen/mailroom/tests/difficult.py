"""Mails as they really come: old charsets, wrong labels, broken words. Each with what it should say."""

import base64
import quopri
from dataclasses import dataclass

SUBJECT = "关于镕基路3号楼电梯故障的投诉"
TEXT = "您好，喆喆家电梯又停了，请问何时修好？"
TRADITIONAL = "請問電梯何時可以修復？我們等了三天，裏面有老人。"
PLAIN = "请问订单什么时候发货，谢谢。"


@dataclass(frozen=True)
class DifficultMail:
    """A mail, and the words that must come out of it."""

    name: str
    raw: bytes
    subject: str
    text: str


def word(text: str, charset: str, label: str = "", way: str = "B") -> bytes:
    raw = text.encode(charset)
    content = base64.b64encode(raw) if way == "B" else b"".join(b"=%02X" % byte for byte in raw)
    return b"=?" + (label or charset).encode() + b"?" + way.encode() + b"?" + content + b"?="


def mail(
    name: str,
    subject: bytes,
    body: bytes,
    content_type: str,
    *,
    encoding: str = "8bit",
    says: tuple[str, str],
) -> DifficultMail:
    head = (
        b"From: " + word("王小明", "gbk") + b" <wang@customer.example>\r\nTo: kefu@shop.example\r\nSubject: "
        + subject + f"\r\nMessage-ID: <{name}@customer.example>\r\n".encode()
        + b"Date: Sun, 22 Nov 2026 10:00:00 +0800\r\nMIME-Version: 1.0\r\n"
    )  # fmt: skip
    if content_type:
        head += (
            f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n".encode()
        )
    return DifficultMail(name, head + b"\r\n" + body, *says)


def _charset_cases() -> list[DifficultMail]:
    """Right and wrong labels on Chinese text, in the header and in the body alike."""
    cases = []
    for real, label in [
        *[
            ("gb18030", one)
            for one in ("gb18030", "gbk", "gb2312", "GB2312", "x-gbk", "cp936", "ISO-GB2312")
        ],
        *[("gb18030", one) for one in ("csGB2312", "gb_2312-80", "windows-936", "GB-18030")],
        *[("utf-8", one) for one in ("utf-8", "UTF8", "unicode-1-1-utf-8", "utf8mb4")],
    ]:
        raw = TEXT.encode(real)
        cases.append(
            mail(f"{real}-as-{label}", word(SUBJECT, real, label), raw, f"text/plain; charset={label}", says=(SUBJECT, TEXT))
        )  # fmt: skip
    for label in ("big5", "Big5", "cp950", "big5-hkscs", "x-x-big5"):
        raw = TRADITIONAL.encode("big5hkscs")
        cases.append(
            mail(f"big5-as-{label}", word(TRADITIONAL, "big5hkscs", label), raw, f"text/plain; charset={label}", says=(TRADITIONAL, TRADITIONAL))
        )  # fmt: skip
    return cases


def _header_cases() -> list[DifficultMail]:
    utf8, plain = "text/plain; charset=utf-8", PLAIN.encode()
    raw = SUBJECT.encode()
    halves = (
        b"=?utf-8?B?"
        + base64.b64encode(raw[:16])
        + b"?=\r\n =?utf-8?B?"
        + base64.b64encode(raw[16:])
        + b"?="
    )
    gbk = SUBJECT.encode("gb18030")
    odd = (
        b"=?gb2312?B?"
        + base64.b64encode(gbk[:11])
        + b"?=\r\n =?gb2312?B?"
        + base64.b64encode(gbk[11:])
        + b"?="
    )
    return [
        mail("split-inside-a-character", halves, plain, utf8, says=(SUBJECT, PLAIN)),
        mail("split-inside-a-gbk-character", odd, plain, utf8, says=(SUBJECT, PLAIN)),
        mail("undeclared-utf8-subject", raw, plain, utf8, says=(SUBJECT, PLAIN)),
        mail("undeclared-gbk-subject", gbk, plain, utf8, says=(SUBJECT, PLAIN)),
        mail("q-encoded-gbk", word(SUBJECT, "gb18030", "gb2312", "Q"), plain, utf8, says=(SUBJECT, PLAIN)),
        mail("lower-case-b", word(SUBJECT, "utf-8").replace(b"?B?", b"?b?"), plain, utf8, says=(SUBJECT, PLAIN)),
        mail("quoted-word", b'"' + word(SUBJECT, "utf-8") + b'"', plain, utf8, says=(f'"{SUBJECT}"', PLAIN)),
        mail("words-without-a-space", word("电梯", "utf-8") + word("故障", "utf-8"), plain, utf8, says=("电梯故障", PLAIN)),
        mail("language-tag", word(SUBJECT, "utf-8").replace(b"?utf-8?", b"?utf-8*zh-cn?").replace(b"=?utf-8?", b"=?utf-8*zh-cn?"), plain, utf8, says=(SUBJECT, PLAIN)),
    ]  # fmt: skip


def _body_cases() -> list[DifficultMail]:
    subject, says = word("咨询", "utf-8"), ("咨询", PLAIN)
    gbk, utf8 = PLAIN.encode("gb18030"), PLAIN.encode()
    html = f"<html><head><meta charset=gb2312></head><body><p>{PLAIN}</p></body></html>".encode(
        "gb18030"
    )
    both = (
        b"--b\r\nContent-Type: text/plain; charset=gbk\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(gbk) + b"\r\n--b\r\nContent-Type: text/html; charset=gbk\r\n\r\n" + html + b"\r\n--b--\r\n"
    )  # fmt: skip
    return [
        mail("no-content-type-utf8", subject, utf8, "", says=says),
        mail("no-content-type-gbk", subject, gbk, "", says=says),
        mail("charset-us-ascii-but-gbk", subject, gbk, "text/plain; charset=us-ascii", says=says),
        mail("charset-unknown", subject, utf8, "text/plain; charset=unknown-8bit", says=says),
        mail("charset-nonsense", subject, gbk, "text/plain; charset=x-user-defined-7", says=says),
        mail("labelled-utf8-but-gbk", subject, gbk, "text/plain; charset=utf-8", says=says),
        mail("labelled-gbk-but-utf8", subject, utf8, "text/plain; charset=gbk", says=says),
        mail("base64-gbk", subject, base64.encodebytes(gbk), "text/plain; charset=gb2312", encoding="base64", says=says),
        mail("base64-without-padding", subject, base64.b64encode(utf8).rstrip(b"="), "text/plain; charset=utf-8", encoding="base64", says=says),
        mail("quoted-printable-gbk", subject, quopri.encodestring(gbk), "text/plain; charset=gbk", encoding="quoted-printable", says=says),
        mail("html-only-with-meta", subject, html, "text/html", says=says),
        mail("both-with-a-broken-end", subject, both[:-6], 'multipart/alternative; boundary="b"', says=says),
        mail("boundary-in-quotes-and-space", subject, both, "multipart/alternative ; boundary = b", says=says),
        mail("bare-line-feeds", subject, utf8, "text/plain; charset=utf-8", says=says),
        mail("utf8-with-a-mark", subject, b"\xef\xbb\xbf" + utf8, "text/plain; charset=utf-8", says=says),
    ]  # fmt: skip


def difficult_mails() -> list[DifficultMail]:
    """Some fifty mails, one per difficulty."""
    cases = [*_charset_cases(), *_header_cases(), *_body_cases()]
    return [
        DifficultMail(one.name, one.raw.replace(b"\r\n", b"\n"), one.subject, one.text)
        if one.name == "bare-line-feeds"
        else one
        for one in cases
    ]
