"""Lines of a mail's text, with what is known of each: quoted, begins a quote, part of a signature."""

import re
from dataclasses import dataclass

MAX_LINES = 8_000
_QUOTE_MARKS = re.compile(r"^\s{0,3}((?:[>＞]\s?)+)")
_ODD_SPACE = re.compile(r"[\u00a0\u2002-\u200a\u202f]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\ufeff]")


@dataclass
class Line:
    """A line of text as it is shown; `quote_depth` counts the quotes around it."""

    text: str
    quote_depth: int = 0
    begins_quote: bool = False
    is_signature: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()

    @property
    def bare(self) -> str:
        """The text without its quote marks."""
        marks = _QUOTE_MARKS.match(self.text[:200])
        return self.text[marks.end() :] if marks else self.text


def tidy_text(text: str) -> str:
    """Text with plain line ends, no invisible signs, no spaces at line ends, no empty margins."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    plain = _ODD_SPACE.sub(" ", _INVISIBLE.sub("", plain)).replace("\u2028", "\n")
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip("\n")


def lines_of_text(text: str) -> list[Line]:
    """The lines of a plain text, `>` counted and kept in the text."""
    lines = []
    for raw in tidy_text(text).split("\n")[:MAX_LINES]:
        marks = _QUOTE_MARKS.match(raw[:200])
        depth = len(re.findall("[>＞]", marks[1])) if marks else 0
        lines.append(Line(raw, depth))
    return lines


def text_of_lines(lines: list[Line]) -> str:
    """The lines as one text, never with more than one empty line between them."""
    text = "\n".join(line.text for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def unflowed(text: str, *, joins_without_space: bool = False) -> str:
    """Text of `format=flowed` (RFC 3676) with its soft line breaks undone."""
    done: list[str] = []
    open_depth = -1
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        marks = re.match(r">*", raw)
        depth = marks.end() if marks else 0
        content = raw[depth:].removeprefix(" ")
        if open_depth == depth and done and content != "-- ":
            done[-1] += content
        else:
            done.append(f"{'>' * depth} {content}" if depth else content)
        is_soft = content.endswith(" ") and content != "-- "
        open_depth = depth if is_soft else -1
        if is_soft and joins_without_space:
            done[-1] = done[-1][:-1]
    return "\n".join(done)
