"""Header fields of a mail or part: read within bounds, looked up without regard to case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from shouwen.mailroom.carriers.email.charsets import decode_text
from shouwen.mailroom.carriers.email.encodedwords import decode_header, decode_words, unfold

MAX_BLOCK_BYTES = 1_048_576
MAX_FIELD_BYTES = 131_072
MAX_FIELDS = 5_000
_WINDOW = 65_536
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_PARAMETER = re.compile(
    r""";\s*([^\s;="]{1,100})\s*=\s*("(?:[^"\\]|\\.)*"?|'[^';]*'(?=\s*(?:;|$))|[^;]*)""", re.S
)
_KNOWN = re.compile(
    rb"(?i)(from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|x-[a-z-]+"
    rb"|return-path|reply-to|sender|references|in-reply-to|delivered-to|importance)[ \t]*:"
)
# Fields still looked for in what lies beyond MAX_BLOCK_BYTES.
_WANTED_BEYOND = (
    *(b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Content-Type"),
    *(b"Content-Transfer-Encoding", b"Auto-Submitted", b"Precedence", b"X-Loop"),
)


@dataclass(frozen=True)
class HeaderBlock:
    """The fields that stand at a place, where the body after them begins, and troubles met."""

    headers: "Headers"
    body_start: int
    problems: tuple[str, ...] = ()


class Headers:
    """The fields in their order; values are decoded when asked for."""

    def __init__(self, fields: list[tuple[str, bytes]]) -> None:
        self._fields = fields
        self._by_name: dict[str, list[bytes]] = {}
        for name, value in fields:
            self._by_name.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Names in lower case with their decoded values."""
        return ((name, decode_header(value)) for name, value in self._fields)

    def __contains__(self, name: str) -> bool:
        return bool(self.raw_all(name))

    def __len__(self) -> int:
        return len(self._fields)

    def get(self, name: str) -> str:
        """The first field of that name, decoded on one line; empty if there is none."""
        values = self.raw_all(name)
        return decode_header(values[0]) if values else ""

    def get_all(self, name: str) -> list[str]:
        """All fields of that name, decoded."""
        return [decode_header(value) for value in self.raw_all(name)]

    def unfolded(self, name: str) -> list[str]:
        """All fields of that name on one line each, encoded words left as they are."""
        return [unfold(value) for value in self.raw_all(name)]

    def raw_all(self, name: str) -> list[bytes]:
        """All fields of that name as the bytes that arrived."""
        return self._by_name.get(name.lower(), [])


def read_headers(source: bytes, start: int, end: int) -> HeaderBlock:
    """The header block that begins at `start`; none of it is read beyond `end`."""
    block_end, body_start = _end_of_block(source, start, end)
    problems = []
    stop = block_end
    if block_end - start > MAX_BLOCK_BYTES:
        problems.append("headers-too-large")
        stop = start + MAX_BLOCK_BYTES
    fields, used = _fields_of(source[start:stop])
    if used is not None and start + used < stop:
        return HeaderBlock(Headers(fields), start + used, ("headers-broken",))
    if stop < block_end:
        fields += _fields_beyond(source, stop, block_end, known={name for name, _ in fields})
    return HeaderBlock(Headers(fields), body_start, tuple(problems))


def parameters_of(value: str) -> dict[str, str]:
    """Parameters after the first semicolon, RFC 2231 and encoded words undone, names in lower case."""
    simple: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value[:MAX_FIELD_BYTES]):
        name, content = match[1].lower(), _unquoted(match[2])
        base, _, rest = name.partition("*")
        if not rest and not name.endswith("*"):
            simple.setdefault(name, decode_words(content))
            continue
        number, is_extended = rest.rstrip("*"), name.endswith("*")
        order = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        pieces.setdefault(base, {}).setdefault(order, (content, is_extended))
    return simple | {name: _joined(parts) for name, parts in pieces.items()}


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """An RFC 2231 value: the pieces in order, percent signs undone in one charset."""
    charset, raw = "", b""
    for order in sorted(parts):
        content, is_extended = parts[order]
        if not raw and is_extended and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        raw += unquote_to_bytes(content) if is_extended else content.encode("utf-8", "replace")
    return decode_words(decode_text(raw, charset).text)


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] == '"':
        return re.sub(r"\\([\"\\])", r"\1", value.strip('"'))
    return value.strip("'") if value[:1] == value[-1:] == "'" else value


def _end_of_block(source: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the fields end and where the body begins: the first empty line parts them."""
    for newline in (b"\n", b"\r\n"):
        if source.startswith(newline, start, end):
            return start, start + len(newline)
    for window_end in (min(end, start + _WINDOW), end):
        found = [
            (at, at + len(mark))
            for mark in (b"\n\n", b"\n\r\n")
            if (at := source.find(mark, start, window_end)) >= 0
        ]
        if found:
            return min(found)
    return end, end


def _fields_of(block: bytes) -> tuple[list[tuple[str, bytes]], int | None]:
    """The fields, and where the body begins if it does so without an empty line before it."""
    fields: list[tuple[str, list[bytes]]] = []
    position = 0
    for line in block.split(b"\n"):
        is_continuation = line[:1] in {b" ", b"\t"} or not line.strip()
        if is_continuation and fields:
            fields[-1][1].append(line)
        elif match := _FIELD.match(line):
            if len(fields) >= MAX_FIELDS:
                break
            fields.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
        elif line.strip() and not _is_stray(line, block, position, bool(fields)):
            return _whole(fields), position
        position += len(line) + 1
    return _whole(fields), None


def _whole(fields: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b"\n".join(lines)[:MAX_FIELD_BYTES].strip()) for name, lines in fields]


def _is_stray(line: bytes, block: bytes, position: int, has_fields: bool) -> bool:  # noqa: FBT001
    """Whether a line that is no field stands among fields, rather than begins the body."""
    following = block[position + len(line) + 1 :][:4_000].split(b"\n")[:4]
    if any(_KNOWN.match(later) for later in following):
        return True
    return has_fields and line[:5] in {b"From ", b">From"}


def _fields_beyond(
    source: bytes, start: int, end: int, *, known: set[str]
) -> list[tuple[str, bytes]]:
    fields = []
    for name in _WANTED_BEYOND:
        if name.decode("ascii").lower() in known:
            continue
        at = source.find(b"\n" + name + b":", start - 1, end)
        if at < 0:
            continue
        chunk = source[at + len(name) + 2 : min(end, at + MAX_FIELD_BYTES)]
        value = re.split(rb"\r?\n(?![ \t])", chunk, maxsplit=1)[0]
        fields.append((name.decode("ascii").lower(), value.strip()))
    return fields
