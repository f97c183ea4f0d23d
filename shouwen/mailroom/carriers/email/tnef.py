"""Opens winmail.dat (TNEF, MS-OXTNEF), the wrapping that Outlook puts around rich text."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from shouwen.mailroom.carriers.email.charsets import decode_text
from shouwen.mailroom.carriers.email.rtf import decompress_rtf, html_of_rtf, text_of_rtf

_SIGNATURE = 0x223E9F78
_MAX_ATTRIBUTES = 5_000
_MAX_PROPERTIES = 5_000
_MAX_FILES = 500
_LEVEL_FILE = 2
_OEM_CODEPAGE, _MESSAGE_PROPERTIES, _BODY = 0x9007, 0x9003, 0x800C
_FILE_RENDERING, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_TEXT, _RTF, _HTML, _CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_LONG_NAME, _NAME, _TITLE = 0x3707, 0x3704, 0x3001
_CONTENT, _MIME_TYPE, _CONTENT_ID = 0x3701, 0x370E, 0x3712
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
_MANY_VALUES, _NAMED = 0x1000, 0x8000
_FIXED_SIZES = {
    0x0001: 0,
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}


@dataclass
class TnefFile:
    """A file that was packed."""

    file_name: str = ""
    content: bytes = field(default=b"", repr=False)
    content_type: str = "application/octet-stream"
    content_id: str = ""


@dataclass
class Tnef:
    """What was packed: the body in one or two forms, and files."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


@dataclass(frozen=True)
class _Property:
    number: int
    kind: int
    value: bytes = field(repr=False)


class _Truncated(Exception):
    """The data end before they should."""


class _Reader:
    """Takes little-endian values from bytes, never past their end."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, size: int) -> bytes:
        end = self._at + size
        if size < 0 or end > len(self._raw):
            raise _Truncated
        taken = self._raw[self._at : end]
        self._at = end
        return taken

    def number(self, layout: str = "<I") -> int:
        value: int = struct.unpack(layout, self.take(struct.calcsize(layout)))[0]
        return value

    def padded(self, size: int) -> bytes:
        taken = self.take(size)
        self._at = min(len(self._raw), self._at + -size % 4)
        return taken


def read_tnef(raw: bytes) -> Tnef | None:
    """The unpacked mail, as far as it can be read; None if the bytes are no TNEF."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != _SIGNATURE:
        return None
    found = Tnef()
    codepage = ""
    for level, name, content in _attributes(raw):
        if name == _OEM_CODEPAGE and len(content) >= 4:
            codepage = f"cp{struct.unpack_from('<I', content)[0]}"
        elif level == _LEVEL_FILE:
            _read_file_attribute(found, name, content, codepage=codepage)
        elif name == _MESSAGE_PROPERTIES:
            _read_message_properties(found, content, codepage=codepage)
        elif name == _BODY:
            found.text = found.text or _text(content, _STRING8, codepage)
    found.files = [file for file in found.files if file.content or file.file_name]
    return found


def _attributes(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, name and content of each attribute; stops where the data end."""
    reader = _Reader(raw)
    reader.take(6)
    for _ in range(_MAX_ATTRIBUTES):
        try:
            level = reader.number("<B")
            name = reader.number() & 0xFFFF
            content = reader.take(reader.number())
            reader.take(2)
        except _Truncated:
            return
        yield level, name, content


def _read_file_attribute(found: Tnef, name: int, content: bytes, *, codepage: str) -> None:
    if name == _FILE_RENDERING or not found.files:
        if len(found.files) >= _MAX_FILES:
            return
        found.files.append(TnefFile())
    file = found.files[-1]
    if name == _FILE_TITLE:
        file.file_name = file.file_name or _text(content, _STRING8, codepage)
    elif name == _FILE_DATA:
        file.content = content
    elif name == _FILE_PROPERTIES:
        _read_file_properties(file, content, codepage=codepage)


def _read_file_properties(file: TnefFile, content: bytes, *, codepage: str) -> None:
    values = {one.number: one for one in _properties(content)}
    for number in (_LONG_NAME, _NAME, _TITLE):
        if named := _property_text(values.get(number), codepage):
            is_better = number == _LONG_NAME or not file.file_name
            file.file_name = named if is_better else file.file_name
            break
    if (data := values.get(_CONTENT)) and not file.content:
        file.content = data.value[16:] if data.kind == _OBJECT else data.value
    file.content_type = _property_text(values.get(_MIME_TYPE), codepage) or file.content_type
    file.content_id = _property_text(values.get(_CONTENT_ID), codepage).strip("<>")


def _read_message_properties(found: Tnef, content: bytes, *, codepage: str) -> None:
    values = {one.number: one for one in _properties(content)}
    if (page := values.get(_CODEPAGE)) and len(page.value) >= 4:
        codepage = f"cp{struct.unpack_from('<I', page.value)[0]}"
    found.text = _property_text(values.get(_TEXT), codepage) or found.text
    if html := values.get(_HTML):
        found.html = _text(html.value, html.kind, codepage)
    if (packed := values.get(_RTF)) and not found.html:
        rtf = decompress_rtf(packed.value)
        found.html = html_of_rtf(rtf)
        found.text = found.text or text_of_rtf(rtf)


def _property_text(value: _Property | None, codepage: str) -> str:
    return _text(value.value, value.kind, codepage) if value else ""


def _text(raw: bytes, kind: int, codepage: str) -> str:
    if kind == _UNICODE:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    return decode_text(raw.rstrip(b"\0"), codepage).text


def _properties(raw: bytes) -> Iterator[_Property]:
    """The MAPI properties of a block; stops where the data end."""
    reader = _Reader(raw)
    try:
        count = min(reader.number(), _MAX_PROPERTIES)
        for _ in range(count):
            kind, number = reader.number("<H"), reader.number("<H")
            if number >= _NAMED:
                _skip_name(reader)
            yield _Property(number, kind & ~_MANY_VALUES, _value(reader, kind))
    except _Truncated:
        return


def _skip_name(reader: _Reader) -> None:
    reader.take(16)
    if reader.number() == 0:
        reader.take(4)
        return
    reader.padded(reader.number())


def _value(reader: _Reader, kind: int) -> bytes:
    """The first value of a property; further ones are read over."""
    base = kind & ~_MANY_VALUES
    size = _FIXED_SIZES.get(base)
    if size is not None:
        times = reader.number() if kind & _MANY_VALUES else 1
        return reader.take(size * times)
    if base not in {_STRING8, _UNICODE, _OBJECT, _BINARY}:
        raise _Truncated
    values = [reader.padded(reader.number()) for _ in range(min(reader.number(), 10_000))]
    return values[0] if values else b""
