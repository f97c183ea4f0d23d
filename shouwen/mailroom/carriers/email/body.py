"""Chooses from the MIME tree what is read as the body and what is attached."""

import re
from dataclasses import dataclass, field

from shouwen.mailroom.carriers.email.charsets import charset_named, decode_text
from shouwen.mailroom.carriers.email.filenames import file_name_of, safe_name
from shouwen.mailroom.carriers.email.html import html_of_text, text_of_html
from shouwen.mailroom.carriers.email.lines import tidy_text, unflowed
from shouwen.mailroom.carriers.email.mime import Part
from shouwen.mailroom.carriers.email.tnef import read_tnef
from shouwen.mailroom.carriers.email.transfer import UuFile, take_uu_files

MAX_TEXT_BYTES = 2_000_000
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_TEXT_TYPES = {"text/plain", "text/html", "text/enriched", "text/richtext"}
_TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
_REPORT_TYPES = {"message/delivery-status", "message/global-delivery-status"}


@dataclass(frozen=True)
class Attachment:
    """A file of a mail. `is_inline` says that it is shown inside the text."""

    file_name: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    is_inline: bool = False


@dataclass
class Body:
    """Readable text in its order, as plain text and as HTML, and all that is attached."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    report: str = ""
    problems: list[str] = field(default_factory=list)

    def add(self, plain: str, html: str) -> None:
        """Add a stretch of the mail: one of the two may be empty."""
        self.plain.append(plain if plain.strip() else text_of_html(html) if html else "")
        self.html.append(html)

    def whole_text(self) -> str:
        return tidy_text("\n\n".join(text.strip("\n") for text in self.plain if text.strip()))

    def whole_html(self) -> str:
        """All stretches as HTML; empty if none of them had any."""
        if not any(self.html):
            return ""
        pairs = zip(self.plain, self.html, strict=True)
        return "\n<br>\n".join(
            html or html_of_text(plain) for plain, html in pairs if html or plain
        )

    def note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def read_body(root: Part) -> Body:
    """The body and the attachments of a mail."""
    body = Body()
    if _is_binary(root):
        body.note("not-a-mail")
        _attach(root, body)
        return body
    _read(root, body, is_root=True)
    if not body.whole_text():
        _read_substitute(root, body)
    return body


def _read(part: Part, body: Body, *, is_root: bool = False) -> None:
    if part.is_multipart:
        if part.content_type == "multipart/alternative":
            _read_alternatives(part, body)
            return
        for child in part.children:
            _read(child, body)
    elif part.content_type in _TNEF_TYPES or _is_winmail(part):
        _read_tnef(part, body)
    elif _is_text(part, is_root=is_root):
        _read_text(part, body)
    else:
        _attach(part, body)


def _read_substitute(root: Part, body: Body) -> None:
    """Without other text, a shown part with a file name is read, or else the status of a report."""
    for part in root.walk():
        is_shown = part.disposition != "attachment" and not part.is_multipart
        if part.content_type in {"text/plain", "text/html"} and is_shown:
            _read_text(part, body)
    if not body.whole_text():
        body.add(body.report, "")


def _is_binary(root: Part) -> bool:
    """Whether the bytes are a file of another kind, such as an Outlook .msg."""
    head = root.source[root.start : root.start + 4_096]
    return not len(root.headers) and head.count(0) > len(head) // 20


def _is_winmail(part: Part) -> bool:
    return part.content_type.startswith("application/") and (
        file_name_of(part).lower() in {"winmail.dat", "win.dat"}
    )


def _is_text(part: Part, *, is_root: bool) -> bool:
    if part.content_type.startswith("multipart/"):
        return True
    if part.disposition == "attachment" and not is_root:
        return False
    if part.content_type in _TEXT_TYPES:
        return (
            is_root
            or not file_name_of(part)
            or (part.content_type == "text/html" and not part.disposition)
        )
    return (
        is_root and part.content_type.startswith("text/") and part.content_type != "text/calendar"
    )


def _read_alternatives(part: Part, body: Body) -> None:
    """Of each alternative one is text and one HTML: the first that has it, the last that has it."""
    plain = ""
    html = ""
    for child in part.children:
        branch = Body()
        _read(child, branch)
        if any(branch.html):
            html = branch.whole_html()
        elif not plain.strip():
            plain = branch.whole_text()
        body.attachments += branch.attachments
        body.report = body.report or branch.report
        for problem in branch.problems:
            body.note(problem)
    if plain.strip() or html:
        body.add(plain, html)


def _read_text(part: Part, body: Body) -> None:
    raw = part.content()
    if len(raw) > MAX_TEXT_BYTES:
        body.note("text-too-long")
        raw = raw[:MAX_TEXT_BYTES]
    if b"\nbegin" in raw or raw.startswith(b"begin"):
        raw, files = take_uu_files(raw)
        body.attachments += [_uu_attachment(file) for file in files]
    label = _charset_label(part, raw)
    decoded = decode_text(raw, label)
    if decoded.is_guessed:
        body.note("charset-guessed")
    if part.content_type == "text/html":
        body.add("", decoded.text)
    elif part.content_type in {"text/enriched", "text/richtext"}:
        body.add(re.sub(r"<[^<>]{1,60}>", "", decoded.text), "")
    else:
        body.add(_plain(part, decoded.text), "")


def _charset_label(part: Part, raw: bytes) -> str:
    label = part.parameters.get("charset", "")
    if part.content_type == "text/html" and charset_named(label) in {"", "ascii"}:
        found = _META_CHARSET.search(raw[:4096])
        return found[1].decode("ascii", "replace") if found else label
    return label


def _plain(part: Part, text: str) -> str:
    if part.parameters.get("format", "").lower() != "flowed":
        return text
    return unflowed(text, joins_without_space=part.parameters.get("delsp", "").lower() == "yes")


def _uu_attachment(file: UuFile) -> Attachment:
    name = safe_name(decode_text(file.file_name).text)
    return Attachment(name or "attachment", "application/octet-stream", file.content)


def _attach(part: Part, body: Body) -> None:
    if part.content_type in _REPORT_TYPES:
        body.report += decode_text(part.content()[:100_000]).text
    content = part.content()
    name = file_name_of(part, at=len(body.attachments) + 1)
    is_shown = part.disposition == "inline" or bool(part.content_id)
    body.attachments.append(
        Attachment(
            file_name=name,
            content_type=part.content_type,
            content=content,
            content_id=part.content_id,
            is_inline=is_shown and part.disposition != "attachment",
        )
    )


def _read_tnef(part: Part, body: Body) -> None:
    """What is packed in a winmail.dat; the file itself if it cannot be read."""
    packed = read_tnef(part.content())
    if packed is None:
        body.note("tnef-broken")
        _attach(part, body)
        return
    if not any(text.strip() for text in body.plain) and (packed.text or packed.html):
        body.add(packed.text, packed.html)
    for file in packed.files:
        name = safe_name(file.file_name) or f"attachment-{len(body.attachments) + 1}"
        body.attachments.append(
            Attachment(
                name, file.content_type, file.content, file.content_id, bool(file.content_id)
            )
        )
