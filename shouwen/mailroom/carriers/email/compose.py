"""Builds the mail that leaves: valid headers whatever the text, no header can be smuggled in."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9-]{1,63}")
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,900}")
_CONTENT_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}")
_HEADER_NAME = re.compile(r"X-[A-Za-z0-9-]{1,60}|List-[A-Za-z-]{1,30}|Auto-Submitted|Precedence")
# So many ancestors are named: the first, and the latest.
_REFERENCES = 20


class AddressUnclear(ValueError):
    """The text is not a mail address that can be written to."""


@dataclass(frozen=True)
class MailFile:
    """A file to attach. With `content_id` it is a picture inside the HTML text."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class MailContent:
    """All that stands in a mail; addresses are plain, ids without angle brackets."""

    from_address: str
    from_name: str
    to: list[str]
    cc: list[str]
    reply_to: str
    subject: str
    text: str
    html: str
    files: list[MailFile]
    message_id: str
    in_reply_to: str
    references: list[str]
    headers: dict[str, str]
    at: datetime


def clean_address(address: str) -> str:
    """The address in the form that travels: domain in ASCII letters. Raises AddressUnclear."""
    local, at, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode() if domain else ""
    except UnicodeError:
        domain = ""
    is_good = at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    if not is_good or local.startswith(".") or local.endswith(".") or ".." in local:
        raise AddressUnclear(address)
    return f"{local}@{domain.lower()}"


def one_line(text: str) -> str:
    """The text without line ends and controls, so that it stays inside its header."""
    flat = _CONTROL.sub(" ", text).encode("utf-8", "replace").decode()
    return " ".join(flat.split())


def compose(mail: MailContent) -> bytes:
    """The mail as bytes, ready for SMTP."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(mail.from_name, mail.from_address)
    message["To"] = [_address("", one) for one in mail.to]
    if mail.cc:
        message["Cc"] = [_address("", one) for one in mail.cc]
    if mail.reply_to:
        message["Reply-To"] = _address(mail.from_name, mail.reply_to)
    message["Subject"] = one_line(mail.subject)[:900]
    message["Date"] = format_datetime(mail.at)
    for name, value in mail.headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"header {name} is not for callers")
        message[name] = one_line(value)[:900]
    _write_body(message, mail)
    return _id_headers(mail) + message.as_bytes()


def _address(name: str, address: str) -> Address:
    local, _at, domain = clean_address(address).rpartition("@")
    return Address(one_line(name)[:200], local, domain)


def _id_headers(mail: MailContent) -> bytes:
    """The id headers, written by hand: the library would break long ids into encoded words."""
    answered = [one for one in [mail.in_reply_to] if _MESSAGE_ID.fullmatch(one)]
    ancestors = [one for one in mail.references if _MESSAGE_ID.fullmatch(one)]
    ancestors = list(dict.fromkeys([*ancestors, *answered]))
    if len(ancestors) > _REFERENCES:
        ancestors = [ancestors[0], *ancestors[1 - _REFERENCES :]]
    lines = [f"Message-ID: <{mail.message_id}>"]
    lines += [f"In-Reply-To: <{one}>" for one in answered]
    if ancestors:
        lines.append("References: " + "\r\n ".join(f"<{one}>" for one in ancestors))
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _write_body(message: EmailMessage, mail: MailContent) -> None:
    message.set_content(_encodable(mail.text) or "\n", cte="base64")
    inside = [one for one in mail.files if one.content_id and mail.html]
    if mail.html:
        message.add_alternative(_encodable(mail.html), subtype="html", cte="base64")
        html_part = message.get_payload()[-1]  # type: ignore[index]
        for file in inside:
            _attach(html_part, file, is_inside=True)  # type: ignore[arg-type]
    for file in mail.files:
        if file not in inside:
            _attach(message, file, is_inside=False)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _attach(part: EmailMessage, file: MailFile, *, is_inside: bool) -> None:
    content_type = file.content_type.lower()
    if not _CONTENT_TYPE.fullmatch(content_type) or content_type.startswith(
        ("multipart/", "message/")
    ):
        content_type = "application/octet-stream"
    maintype, _slash, subtype = content_type.partition("/")
    name = one_line(file.name)[:200] or "file"
    if is_inside:
        cid = f"<{one_line(file.content_id)}>"
        part.add_related(
            file.content, maintype, subtype, filename=name, cid=cid, disposition="inline"
        )
        return
    part.add_attachment(file.content, maintype, subtype, filename=name)
