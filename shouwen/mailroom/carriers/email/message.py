"""One mail, understood: the entry to this library."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

from shouwen.mailroom.carriers.email.addresses import Address, addresses_in, sender_of
from shouwen.mailroom.carriers.email.automatic import Automatic, automatic_kind
from shouwen.mailroom.carriers.email.body import Attachment, Body, read_body
from shouwen.mailroom.carriers.email.headers import Headers
from shouwen.mailroom.carriers.email.html import clean_html
from shouwen.mailroom.carriers.email.mime import read_tree
from shouwen.mailroom.carriers.email.replies import Reply, reply_of_html, reply_of_text

_PREFIX = re.compile(
    r"^\s*(?:re|fw|fwd|aw|wg|sv|vs|rv|tr|ref|antw|odp|ynt|enc|res|rif|i|r"
    r"|回复|回覆|答复|答覆|转发|轉寄|轉發|回|转|返信|転送|자동회신|회신|전달)(?:\s?[\[(]\d+[\])]|\^?\d+)?\s?[:：]\s*",
    re.I,
)
_ID = re.compile(r"<([^<>]+)>")


class UnreadableMail(ValueError):
    """The bytes hold nothing that could be a mail: they are empty or blank."""


@dataclass(frozen=True, kw_only=True)
class ParsedMail:
    """What a mail says. Texts use plain newlines; ids stand without angle brackets."""

    subject: str
    from_address: str
    from_name: str
    to: list[Address]
    cc: list[Address]
    reply_to: list[Address]
    date: datetime | None
    message_id: str
    in_reply_to: str
    references: list[str]
    text: str
    raw_html: str = field(repr=False)
    reply: str
    folded: str
    signature: str
    attachments: list[Attachment]
    automatic: Automatic | None
    problems: list[str]
    headers: Headers = field(repr=False)

    @cached_property
    def html(self) -> str:
        """The HTML without what could harm whoever looks at it; cleaned when first asked for."""
        return clean_html(self.raw_html)

    @property
    def bare_subject(self) -> str:
        """The subject without 回复:, 答复:, 转发:, Re:, Fwd: and the like in front."""
        return bare_subject(self.subject)


def read_mail(raw: bytes, *, own_domains: Collection[str] = ()) -> ParsedMail:
    """Understand a mail as it came.

    Whatever is broken is read as far as it can be and named in `problems`; only bytes that hold
    nothing at all raise `UnreadableMail`. Time and memory are bounded for hostile mail too.
    `own_domains` are those of our own Message-IDs, to recognise what comes back to us.
    """
    root, problems = read_tree(_prepared(raw))
    body = read_body(root)
    problems = _problems([*problems, *body.problems], root.headers)
    return _parsed(root.headers, body, problems, own_domains)


def _parsed(
    headers: Headers, body: Body, problems: list[str], own_domains: Collection[str]
) -> ParsedMail:
    sender, text = sender_of(headers), body.whole_text()
    reply = _reply(text, body)
    return ParsedMail(
        subject=headers.get("subject"),
        from_address=sender.address,
        from_name=sender.name,
        to=addresses_in(headers, "to"),
        cc=addresses_in(headers, "cc"),
        reply_to=addresses_in(headers, "reply-to"),
        date=_date_of(headers),
        message_id=next(iter(_ids_of(headers, "message-id")), ""),
        in_reply_to=next(iter(_ids_of(headers, "in-reply-to")), ""),
        references=_ids_of(headers, "references"),
        text=text,
        raw_html=body.whole_html(),
        reply=reply.text,
        folded=reply.folded,
        signature=reply.signature,
        attachments=body.attachments,
        automatic=automatic_kind(headers, own_domains=own_domains, report=body.report or text),
        problems=problems,
        headers=headers,
    )


def bare_subject(subject: str) -> str:
    """A subject without its prefixes of answering and forwarding, in any number."""
    bare = subject
    for _ in range(20):
        shorter = _PREFIX.sub("", bare, count=1)
        if shorter == bare or not shorter.strip():
            break
        bare = shorter
    return bare.strip()


def _prepared(raw: bytes) -> bytes:
    """The mail without what stands before it, line ends made such that a line feed ends each."""
    if _is_blank(raw[:65_536]) and _is_blank(raw):
        raise UnreadableMail("The mail is empty.")
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    head = raw[start : start + 65_536]
    start += len(head) - len(head.lstrip(b"\r\n"))
    if raw.startswith((b"From ", b">From "), start):
        line_end = raw.find(b"\n", start, start + 1_000)
        start = line_end + 1 if line_end >= 0 else start
    source = raw[start:] if start else raw
    if b"\r\r\n" in source[:65_536]:
        source = source.replace(b"\r\r\n", b"\n")
    if b"\n" not in source[:65_536] and b"\r" in source[:65_536]:
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return source


def _is_blank(raw: bytes) -> bool:
    return not raw.strip(b"\0 \t\r\n\xef\xbb\xbf")


def _reply(text: str, body: Body) -> Reply:
    """The new text: from the plain text, unless only the HTML shows where the quote begins."""
    reply = reply_of_text(text)
    html = body.whole_html()
    if reply.folded or not html:
        return reply
    by_html = reply_of_html(html)
    return by_html if by_html.folded or by_html.signature else reply


def _ids_of(headers: Headers, name: str) -> list[str]:
    found: list[str] = []
    for value in headers.unfolded(name):
        ids = _ID.findall(value) or [word for word in value.split() if "@" in word]
        found += ["".join(one.split()) for one in ids or value.split()[:1]]
    return list(dict.fromkeys(one.strip("<>,;") for one in found))[:1_000]


def _date_of(headers: Headers) -> datetime | None:
    for value in headers.get_all("date"):
        for read in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                date = read(value[:200])
                return date.astimezone(UTC) if date.tzinfo is None else date
            except (ValueError, TypeError, OverflowError, IndexError):
                continue
    return None


def _problems(found: list[str], headers: Headers) -> list[str]:
    """Troubles met while reading, and what the header lacks; each once."""
    if not sender_of(headers).address:
        found.append("sender-missing")
    elif "from" not in headers:
        found.append("from-missing")
    if not headers.get("date"):
        found.append("date-missing")
    return list(dict.fromkeys(found))
