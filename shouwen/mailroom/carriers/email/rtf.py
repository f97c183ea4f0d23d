"""Rich text as Outlook packs it: decompressed (MS-OXRTFCP), then read as HTML or plain text."""

import re
import struct

from shouwen.mailroom.carriers.email.charsets import decode_text

MAX_RTF = 5_000_000
_PRELOADED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])"
    rb"|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
_HIDDEN = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"generator", b"listtable"),
    *(
        b"header",
        b"footer",
        b"object",
        b"themedata",
        b"datastore",
        b"listoverridetable",
        b"xmlnstbl",
    ),
}
_SIGNS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–"} | {
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"row": "\n",
    b"cell": "\t",
}


def decompress_rtf(raw: bytes) -> bytes:
    """The RTF behind PidTagRtfCompressed; empty if it is not readable."""
    if len(raw) < 16:
        return b""
    size, kind = struct.unpack_from("<I", raw, 4)[0], raw[8:12]
    if kind == _PLAIN:
        return raw[16 : 16 + size]
    return _unpacked(raw, min(size, MAX_RTF)) if kind == _COMPRESSED else b""


def _unpacked(raw: bytes, size: int) -> bytes:
    window = bytearray(_PRELOADED.ljust(4096, b" "))
    write = len(_PRELOADED)
    done = bytearray()
    at = 16
    while at < len(raw) and len(done) < size:
        control = raw[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                piece, at = raw[at : at + 1], at + 1
            else:
                piece = _referenced(window, raw[at : at + 2], write)
                at += 2
            if not piece:
                return bytes(done[:size])
            for byte in piece:
                window[write] = byte
                write = (write + 1) % 4096
            done += piece
    return bytes(done[:size])


def _referenced(window: bytearray, token: bytes, write: int) -> bytes:
    """What a reference into the window stands for; empty at the end of the data."""
    if len(token) < 2:
        return b""
    value = token[0] << 8 | token[1]
    offset, length = value >> 4, (value & 15) + 2
    if offset == write:
        return b""
    copied = bytearray()
    for step in range(length):
        place = (offset + step) % 4096
        distance = (place - write) % 4096
        copied.append(copied[distance] if distance < len(copied) else window[place])
    return bytes(copied)


def html_of_rtf(rtf: bytes) -> str:
    """The HTML that was put into RTF (MS-OXRTFEX); empty if none was."""
    return _read(rtf, wants_html=True) if b"\\fromhtml" in rtf[:2_000] else ""


def text_of_rtf(rtf: bytes) -> str:
    """The readable text of RTF."""
    if b"\\fromhtml" in rtf[:2_000]:
        return ""
    return re.sub(r"\n{3,}", "\n\n", _read(rtf, wants_html=False).replace("\0", "")).strip()


class _State:
    """What holds within a group: whether text is left out, and how many signs follow `\\u`."""

    is_hidden: bool
    is_html_tag: bool
    is_unhtml: bool
    unicode_skip: int

    def __init__(self, outer: "_State | None" = None) -> None:
        self.is_hidden = outer.is_hidden if outer else False
        self.is_html_tag = outer.is_html_tag if outer else False
        self.is_unhtml = outer.is_unhtml if outer else False
        self.unicode_skip = outer.unicode_skip if outer else 1


class _RtfReader:
    """Gathers text while tokens pass by."""

    def __init__(self, *, wants_html: bool) -> None:
        self.wants_html = wants_html
        self.codepage = "cp1252"
        self.pieces: list[str] = []
        self._bytes = bytearray()
        self._states = [_State()]
        self._skip = 0
        self._is_starred = False

    @property
    def state(self) -> _State:
        return self._states[-1]

    def add(self, text: str) -> None:
        self.flush()
        if not self.state.is_hidden and not (self.wants_html and self.state.is_unhtml):
            self.pieces.append(text)

    def add_bytes(self, raw: bytes) -> None:
        while self._skip and raw:
            raw = raw[1:]
            self._skip -= 1
        if raw and not self.state.is_hidden and not (self.wants_html and self.state.is_unhtml):
            self._bytes += raw

    def flush(self) -> None:
        if self._bytes:
            self.pieces.append(decode_text(bytes(self._bytes), self.codepage).text)
            self._bytes.clear()

    def brace(self, sign: bytes) -> None:
        self.flush()
        self._skip = 0
        if sign == b"{" and len(self._states) < 1_000:
            self._states.append(_State(self.state))
        elif sign == b"}" and len(self._states) > 1:
            self._states.pop()

    def sign(self, code: int) -> None:
        code %= 0x10000
        self.add(chr(code) if not 0xD800 <= code < 0xE000 else "")
        self._skip = self.state.unicode_skip

    def symbol(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_starred = True
        elif sign in b"\\{}":
            self.add_bytes(sign)
        elif sign in b"~":
            self.add("\u00a0")

    def word(self, word: bytes, number: int | None) -> None:
        starred, self._is_starred = self._is_starred, False
        if word == b"ansicpg" and number:
            self.codepage = f"cp{number}"
        elif word == b"uc" and number is not None:
            self.state.unicode_skip = max(0, min(number, 9))
        elif word == b"htmltag" and self.wants_html:
            self.state.is_html_tag, self.state.is_hidden = True, False
        elif word == b"htmlrtf" and self.wants_html:
            self.flush()
            self.state.is_unhtml = number != 0
        elif word in _HIDDEN or starred:
            self.state.is_hidden = True
        elif text := _SIGNS.get(word):
            self.add(text if not self.wants_html or text != "\n" else "\r\n")


def _read(rtf: bytes, *, wants_html: bool) -> str:
    reader = _RtfReader(wants_html=wants_html)
    for match in _TOKEN.finditer(rtf[:MAX_RTF]):
        code, sign, word, number, symbol, brace, text = match.groups()
        if text:
            reader.add_bytes(text)
        elif code:
            reader.add_bytes(bytes([int(code, 16)]))
        elif sign:
            reader.sign(int(sign))
        elif word:
            reader.word(word, int(number) if number else None)
        elif symbol:
            reader.symbol(symbol)
        elif brace:
            reader.brace(brace)
    reader.flush()
    return "".join(reader.pieces)
