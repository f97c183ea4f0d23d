"""The MIME tree of a mail: found by offsets in the raw bytes, within bounds on depth and parts."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from shouwen.mailroom.carriers.email.headers import Headers, parameters_of, read_headers
from shouwen.mailroom.carriers.email.transfer import decode_transfer

MAX_PARTS = 1_000
MAX_DEPTH = 40
MAX_DELIMITERS = 120_000
_TYPE = re.compile(r"^([a-z0-9!#$&^_.+-]+)\s*/\s*([a-z0-9!#$&^_.+*-]+)")
_GUESSED_BOUNDARY = re.compile(rb"(?mi)^--(\S[^\r\n]{0,198}?)[ \t]*\r?\n(?=content-)")


@dataclass
class Part:
    """One node of the tree; its content lies between two offsets of the source."""

    source: bytes = field(repr=False)
    headers: Headers
    content_type: str
    parameters: dict[str, str]
    start: int
    end: int
    children: list["Part"] = field(default_factory=list)

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)

    @property
    def disposition(self) -> str:
        """`attachment`, `inline` or empty, in lower case."""
        return self.headers.get("content-disposition").split(";", 1)[0].strip().lower()

    @property
    def content_id(self) -> str:
        return self.headers.get("content-id").strip().strip("<>").strip()

    @property
    def transfer_encoding(self) -> str:
        return self.headers.get("content-transfer-encoding")

    def content(self) -> bytes:
        """The content with its transfer encoding undone."""
        return decode_transfer(self.source[self.start : self.end], self.transfer_encoding)

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in their order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class _Reading:
    """What is left of the bounds while one mail is read."""

    source: bytes
    parts_left: int = MAX_PARTS
    problems: list[str] = field(default_factory=list)
    dashed_lines: list[int] | None = None

    def dashed(self, start: int) -> list[int]:
        """Where lines begin with two dashes: found once, for each level to look among."""
        if self.dashed_lines is None:
            self.dashed_lines = []
            at = self.source.find(b"\n--", max(0, start - 1))
            while at >= 0 and len(self.dashed_lines) < MAX_DELIMITERS:
                self.dashed_lines.append(at + 1)
                at = self.source.find(b"\n--", at + 3)
        return self.dashed_lines

    def note(self, *problems: str) -> None:
        self.problems += [problem for problem in problems if problem not in self.problems]


def read_tree(source: bytes) -> tuple[Part, list[str]]:
    """The tree of a mail and the troubles met on the way."""
    reading = _Reading(source)
    root = _read_part(reading, 0, len(source), depth=0, usual_type="text/plain")
    return root, reading.problems


def _read_part(reading: _Reading, start: int, end: int, *, depth: int, usual_type: str) -> Part:
    reading.parts_left -= 1
    block = read_headers(reading.source, start, end)
    reading.note(*block.problems)
    value = next(iter(block.headers.unfolded("content-type")), "")
    part = Part(
        source=reading.source,
        headers=block.headers,
        content_type=_content_type(value, usual_type),
        parameters=parameters_of(value),
        start=min(block.body_start, end),
        end=end,
    )
    if part.content_type.startswith("multipart/"):
        _read_children(reading, part, depth=depth)
    return part


def _content_type(value: str, usual_type: str) -> str:
    lowered = value.strip().strip("\"'").lower()
    if match := _TYPE.match(lowered):
        return f"{match[1]}/{match[2]}"
    bare = lowered.split(";", 1)[0].strip(" /")
    if bare in {"html", "multipart"}:
        return {"html": "text/html", "multipart": "multipart/mixed"}[bare]
    return usual_type


def _read_children(reading: _Reading, part: Part, *, depth: int) -> None:
    if depth >= MAX_DEPTH:
        reading.note("too-deep")
        return
    usual_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in _spans(reading, part):
        if reading.parts_left <= 0:
            reading.note("too-many-parts")
            return
        child = _read_part(reading, start, end, depth=depth + 1, usual_type=usual_type)
        part.children.append(child)
    if not part.children:
        reading.note("boundary-missing")


def _spans(reading: _Reading, part: Part) -> Iterator[tuple[int, int]]:
    """Where the parts stand: by the boundary named, else by one that can be seen."""
    named = b"--" + part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    if named != b"--" and next(_delimiters(reading, named, part), None):
        return _spans_between(_delimiters(reading, named, part), part)
    window = part.source[part.start : min(part.end, part.start + 65_536)]
    if seen := _GUESSED_BOUNDARY.search(window):
        return _spans_between(_delimiters(reading, b"--" + seen[1], part), part)
    return iter(())


@dataclass(frozen=True)
class _Delimiter:
    """A line between parts: where the part before ends, where the next begins."""

    end_before: int
    start_after: int
    is_closing: bool


def _spans_between(delimiters: Iterator[_Delimiter], part: Part) -> Iterator[tuple[int, int]]:
    """From each delimiter to the next; the last part may miss its end."""
    last: _Delimiter | None = None
    for delimiter in delimiters:
        if last and not last.is_closing:
            yield last.start_after, max(last.start_after, delimiter.end_before)
        last = delimiter
    if last and not last.is_closing and last.start_after < part.end:
        yield last.start_after, part.end


def _delimiters(reading: _Reading, delimiter: bytes, part: Part) -> Iterator[_Delimiter]:
    source, end = part.source, part.end
    dashed = reading.dashed(part.start)
    for index in range(bisect_left(dashed, part.start), len(dashed)):
        at = dashed[index]
        if at >= end:
            return
        if not source.startswith(delimiter, at):
            continue
        line_end = source.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        rest = source[at + len(delimiter) : min(line_end, at + len(delimiter) + 200)].strip()
        if rest in {b"", b"--"}:
            before = _before_newline(source, at, part.start)
            yield _Delimiter(before, min(line_end + 1, end), rest == b"--")


def _before_newline(source: bytes, at: int, start: int) -> int:
    """The end of the content before a delimiter: its line break belongs to the delimiter."""
    if at > start and source[at - 1 : at] == b"\n":
        at -= 1
    if at > start and source[at - 1 : at] == b"\r":
        at -= 1
    return at
