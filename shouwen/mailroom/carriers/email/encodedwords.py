"""Encoded words (RFC 2047) in headers, as they should be and as mailers write them."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from shouwen.mailroom.carriers.email.charsets import charset_named, decode_text

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?=]*)*)(?:\?=|$)")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass
class _Run:
    """Neighbouring encoded words of one charset: their bytes are joined before decoding."""

    charset: str
    encoding: str
    content: str
    decoded: bytes = b""


def decode_words(text: str) -> str:
    """The text with its encoded words decoded.

    Neighbours of one charset are joined first, since many Chinese mailers cut a character in two.
    """
    if "=?" not in text:
        return text
    return "".join(_pieces(text))


def decode_header(raw: bytes) -> str:
    """A header value as a reader sees it: one line, decoded, single spaces."""
    text = decode_words(unfold(raw))
    return " ".join(_CONTROL.sub("", text).split())


def unfold(raw: bytes) -> str:
    """A header value on one line, with undeclared 8-bit text decoded, encoded words left alone."""
    text = decode_text(raw).text
    return re.sub(r"\r?\n[ \t]*|\r[ \t]+", " ", text).strip()


def _pieces(text: str) -> Iterator[str]:
    run: _Run | None = None
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        charset, encoding, content = match[1].lower(), match[2].lower(), match[3]
        if run and not gap.strip() and _continues(run, charset):
            _append(run, encoding, content)
        else:
            if run:
                yield _finished(run)
            yield "" if run and not gap.strip() else gap
            run = _Run(charset, encoding, content)
        end = match.end()
    if run:
        yield _finished(run)
    yield text[end:]


def _continues(run: _Run, charset: str) -> bool:
    return run.charset == charset or charset_named(run.charset) == charset_named(charset) != ""


def _append(run: _Run, encoding: str, content: str) -> None:
    """Join the next word: as base64 text if the last one stopped between two quanta."""
    is_cut = "=" not in run.content and len(_NOT_BASE64.sub("", run.content)) % 4
    if run.encoding == encoding == "b" and is_cut:
        run.content += content
        return
    run.decoded += _decoded(run.encoding, run.content)
    run.encoding, run.content = encoding, content


def _finished(run: _Run) -> str:
    raw = run.decoded + _decoded(run.encoding, run.content)
    return decode_text(raw, run.charset).text


def _decoded(encoding: str, content: str) -> bytes:
    if encoding == "b":
        return _from_base64(content)
    raw = content.replace("_", " ").encode("utf-8", "replace")
    return _HEX.sub(lambda match: binascii.unhexlify(match[1]), raw)


def _from_base64(content: str) -> bytes:
    decoded = b""
    for piece in content.split("="):
        clean = _NOT_BASE64.sub("", piece)
        if len(clean) % 4 == 1:
            clean = clean[:-1]
        decoded += binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
    return decoded
