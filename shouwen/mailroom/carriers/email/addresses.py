"""Mail addresses in headers, also where they are written against the rules."""

import re
from dataclasses import dataclass

from shouwen.mailroom.carriers.email.encodedwords import decode_header, decode_words, unfold
from shouwen.mailroom.carriers.email.headers import Headers

MAX_ADDRESSES = 2_000
_MAX_LENGTH = 131_072
_TOKEN = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<comment>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))"""
    r"""|(?P<angle><[^<>]*>?)|(?P<stop>[,;])|(?P<group>:)|(?P<word>[^\s",;:<>()]+)"""
    r"""|(?P<space>\s+)|(?P<other>.)""",
    re.S,
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@＜＞（）【】]+@[^\s<>()\[\],;:\"'@＜＞（）【】]+")
_WIDE = str.maketrans("＜＞＠", "<>@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Address:
    """A name and an address; either may be empty in a broken mail."""

    name: str
    address: str


@dataclass
class _Mailbox:
    """What was gathered between two commas."""

    words: str = ""
    comment: str = ""
    angle: str | None = None

    def __bool__(self) -> bool:
        return bool(self.words.strip() or self.comment or self.angle)


def read_addresses(value: bytes) -> list[Address]:
    """The addresses of one header field, names decoded, groups opened."""
    text = unfold(value[:_MAX_LENGTH])
    if "@" not in text:
        text = _seen_through(text)
    found = [_finished(mailbox) for mailbox in _mailboxes(text)[:MAX_ADDRESSES]]
    found = [address for address in _rejoined(found) if address.name or address.address]
    if found and not any(address.address for address in found):
        whole = decode_header(value[:_MAX_LENGTH])
        if match := _ADDRESS.search(whole.translate(_WIDE)):
            return [Address(_clean(whole[: match.start()]), _bare(match[0]))]
    return found


def addresses_in(headers: Headers, name: str) -> list[Address]:
    """The addresses of all fields of that name, each once."""
    found = [address for value in headers.raw_all(name) for address in read_addresses(value)]
    return list(dict.fromkeys(found))[:MAX_ADDRESSES]


def sender_of(headers: Headers) -> Address:
    """Who wrote: From, else Reply-To, Sender, Return-Path; empty if nobody is named."""
    named = Address("", "")
    for field in ("from", "reply-to", "sender", "resent-from", "return-path", "x-sender"):
        for address in addresses_in(headers, field):
            if "@" in address.address:
                return Address(named.name or address.name, address.address)
            if not (named.name or named.address):
                named = address
    return named


def _seen_through(text: str) -> str:
    """The text with address marks that hid in encoded words or full-width signs."""
    decoded = decode_words(text).translate(_WIDE)
    return decoded if "@" in decoded else text


def _mailboxes(text: str) -> list[_Mailbox]:
    found = [_Mailbox()]
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        last = found[-1]
        if kind == "stop":
            found.append(_Mailbox())
        elif kind == "group" and "@" not in last.words:
            found[-1] = _Mailbox() if last.angle is None else last
        else:
            _take(last, kind or "", token)
        if len(found) > MAX_ADDRESSES:
            break
    return [mailbox for mailbox in found if mailbox]


def _take(mailbox: _Mailbox, kind: str, token: str) -> None:
    if kind == "angle":
        if mailbox.angle is None or "@" not in mailbox.angle:
            mailbox.angle = token.strip("<>")
    elif kind == "comment":
        mailbox.comment = mailbox.comment or token[1:-1]
    elif kind == "quoted":
        mailbox.words += _unquoted(token)
    else:
        mailbox.words += token


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def _finished(mailbox: _Mailbox) -> Address:
    words = mailbox.words.strip()
    if mailbox.angle is not None and ("@" in mailbox.angle or "@" not in words):
        return Address(_clean(words or mailbox.comment), _bare(mailbox.angle))
    match = _ADDRESS.search(words)
    if not match:
        return Address(_clean(words or mailbox.comment), "")
    name = (words[: match.start()] + words[match.end() :]).strip(" \"'<>[]()")
    return Address(_clean(name or mailbox.comment), _bare(match[0]))


def _rejoined(found: list[Address]) -> list[Address]:
    """`Smith, John <j@x>` without quotes is one person: a bare name joins what follows."""
    joined: list[Address] = []
    waiting = ""
    for address in found:
        if not address.address:
            waiting = f"{waiting}, {address.name}" if waiting else address.name
            continue
        name = f"{waiting}, {address.name}" if waiting and address.name else address.name
        joined.append(Address(name, address.address))
        waiting = ""
    return [*joined, Address(waiting, "")] if waiting else joined


def _clean(name: str) -> str:
    decoded = _CONTROL.sub("", decode_words(name))
    decoded = " ".join(decoded.split()).strip(" <>＜＞")
    while len(decoded) > 1 and decoded[0] == decoded[-1] and decoded[0] in "\"'":
        decoded = decoded[1:-1].strip()
    return decoded


def _bare(address: str) -> str:
    decoded = _CONTROL.sub("", decode_words(address)).translate(_WIDE).strip()
    decoded = re.sub(r"(?i)^mailto:", "", decoded).strip(" <>'\"\\")
    if decoded.startswith("@") and ":" in decoded:
        decoded = decoded.split(":", 1)[1]
    return re.sub(r"\s*@\s*", "@", decoded).rstrip(".,;").replace(" ", "")
