"""Signatures below a new text, and the lines by which phones and apps praise themselves."""

import re

from shouwen.mailroom.carriers.email.lines import Line
from shouwen.mailroom.carriers.email.quotewords import SENT_FROM

_DELIMITER = re.compile(r"^\s{0,3}(?:[-–—]{2}|__)\s*$")
_LOOSE_DELIMITER = re.compile(r"^\s{0,3}(?:-{3,}|_{3,}|={5,}|—{2,}|\*{5,})\s*$")
_DASHED_NAME = re.compile(r"^\s{0,3}[-–—]{1,2} ?[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){0,3}\s*$")
_DISCLAIMER = re.compile(
    r"^[\s*_]*(?:disclaimer|confidentiality (?:notice|statement)|legal disclaimer|haftungsausschluss"
    r"|(?:免责|保密|法律)(?:声明|条款|提示)|聲明)[\s*:：_]*$",
    re.I,
)
_TABLE_LINE = re.compile(r"^\|[\s|]*$")
_TABLE_SIGNATURE = re.compile(r"邮箱|电话|手机|签名由|@|\d{7}")
_FIRST_SIGNS = set("-–—_=*|")
_MOST_LOOSE_LINES = 12
_MOST_LINES = 30
_MOST_STACKED = 3


def signature_start(lines: list[Line]) -> int:
    """Where the signature begins; the number of lines if there is none.

    Of several below each other, as when a mailing list adds its own, it is the first.
    """
    end = len(lines)
    for _ in range(_MOST_STACKED):
        start = _last_signature(lines[:end])
        if start == end:
            break
        end = start
    return end


def _last_signature(lines: list[Line]) -> int:
    first = next((at for at, line in enumerate(lines) if not line.is_blank), len(lines))
    for at in range(max(first + 1, _start_of_tail(lines)), len(lines)):
        if _begins_signature(lines, at):
            return at
    return len(lines)


def _start_of_tail(lines: list[Line]) -> int:
    """The first line below which no more written lines stand than a signature may have."""
    written = 0
    for at in range(len(lines) - 1, -1, -1):
        written += not lines[at].is_blank
        if written > _MOST_LINES + 1:
            return at + 1
    return 0


def without_sent_from(lines: list[Line]) -> list[Line]:
    """The lines without "Sent from my phone" and the like, and the bare link below such a line."""
    kept: list[Line] = []
    was_removed = False
    for line in lines:
        text = line.text.strip()
        if text and len(text) < 160 and SENT_FROM.match(_without_links(text)):
            was_removed = True
            continue
        if was_removed and re.match(r"^[<(\[]?https?://\S+$", text):
            continue
        was_removed = was_removed and not text
        kept.append(line)
    return kept if _has_text(kept) else lines


def _without_links(text: str) -> str:
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return re.sub(r"\s*[<(\[]https?://[^>)\]]*[>)\]]?", "", text) or text


def _has_text(lines: list[Line]) -> bool:
    return any(not line.is_blank for line in lines)


def _begins_signature(lines: list[Line], at: int) -> bool:
    text = lines[at].text
    if _DISCLAIMER.match(text[:80]):
        return True
    if text[:1] not in _FIRST_SIGNS and not text.startswith(" "):
        return False
    rest = [line for line in lines[at + 1 :] if not line.is_blank]
    if _DELIMITER.match(text):
        return len(rest) <= _MOST_LINES
    if _LOOSE_DELIMITER.match(text):
        return len(rest) <= _MOST_LOOSE_LINES and all(len(line.text) < 120 for line in rest)
    if _DASHED_NAME.match(text):
        return len(rest) <= 1 and (not at or lines[at - 1].is_blank)
    if _TABLE_LINE.match(text) and len(rest) <= _MOST_LOOSE_LINES:
        return bool(_TABLE_SIGNATURE.search("".join(line.text for line in rest)))
    return False
