"""Content-Transfer-Encoding, also when it is broken: base64, quoted-printable, uuencode."""

import binascii
import re
from dataclasses import dataclass

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_UU_BEGIN = re.compile(rb"(?m)^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,300})\r?\n")
_UU_END = re.compile(rb"(?m)^(?:`|[ ]?)\r?\n?end[ \t]*\r?$")
_MAX_UU_FILES = 50


@dataclass(frozen=True)
class UuFile:
    """A file that stood uuencoded in a text."""

    file_name: bytes
    content: bytes


def decode_transfer(raw: bytes, encoding: str) -> bytes:
    """The content under a Content-Transfer-Encoding; what cannot be decoded stays as it is."""
    name = re.sub(r"[^a-z0-9]", "", encoding.lower())
    if name == "base64":
        return from_base64(raw)
    if name in {"quotedprintable", "qp"}:
        return from_quoted_printable(raw)
    if name in {"xuuencode", "uuencode", "xuue"}:
        _, files = take_uu_files(raw)
        return files[0].content if files else raw
    return raw


def from_base64(raw: bytes) -> bytes:
    """Decode leniently: foreign bytes are skipped, padding may be wrong or stand in the middle."""
    try:
        decoded = binascii.a2b_base64(raw)
    except binascii.Error:
        return _from_broken_base64(raw)
    if len(decoded) < len(raw) * 7 // 10 - 8 and b"=" in raw.rstrip(b"=\r\n \t-"):
        return _from_broken_base64(raw)
    return decoded


def _from_broken_base64(raw: bytes) -> bytes:
    pieces = _NOT_BASE64.sub(b"", raw).split(b"=")
    decoded = []
    for piece in pieces:
        whole = piece[:-1] if len(piece) % 4 == 1 else piece
        decoded.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(decoded)


def from_quoted_printable(raw: bytes) -> bytes:
    """Decode leniently: an equals sign that starts nothing stays as it is."""
    return binascii.a2b_qp(re.sub(rb"=[ \t]+(\r?\n)", rb"=\1", raw))


def take_uu_files(raw: bytes) -> tuple[bytes, list[UuFile]]:
    """The text without its uuencoded files, and those files."""
    files: list[UuFile] = []
    kept = []
    position = 0
    while len(files) < _MAX_UU_FILES and (begin := _UU_BEGIN.search(raw, position)):
        end = _UU_END.search(raw, begin.end())
        stop = end.start() if end else len(raw)
        content = _from_uu_lines(raw[begin.end() : stop])
        if content is None:
            break
        files.append(UuFile(begin[1].strip(), content))
        kept.append(raw[position : begin.start()])
        position = end.end() if end else len(raw)
    kept.append(raw[position:])
    return b"".join(kept), files


def _from_uu_lines(block: bytes) -> bytes | None:
    """The decoded lines; None if they are not uuencoded at all."""
    decoded = []
    for line in block.splitlines():
        if not line.strip():
            continue
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            wanted = ((line[0] - 32) & 63) * 4 // 3 + 1
            try:
                decoded.append(binascii.a2b_uu(line[: wanted + 3]))
            except binascii.Error:
                return None
    return b"".join(decoded) if decoded else None
