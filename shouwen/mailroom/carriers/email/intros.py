"""Finds the lines that announce quoted mail: "... wrote:", header blocks, dividers."""

import enum
import re
from dataclasses import dataclass

from shouwen.mailroom.carriers.email.lines import Line
from shouwen.mailroom.carriers.email.quotewords import (
    DATE_THEN_ADDRESS,
    ENDS_WITH_WROTE,
    FORWARD_LINE,
    HAS_ADDRESS,
    HAS_DATE,
    LABEL_KINDS,
    LABEL_LINE,
    LABEL_WITHIN,
    ORIGINAL_LINE,
    RULE,
    RULED_TITLE,
    RULED_WROTE,
    STARTS_WITH_DATE,
    STARTS_WITH_ON,
    WROTE_THEN_NAME,
)

_LONGEST_INTRO = 5
_LONGEST_BLOCK = 14
_LONGEST_LINE = 500
_MANY_RECIPIENTS = 4_000
_LAST_SIGNS = set(":：->*_)")


class IntroKind(enum.Enum):
    """How quoted mail is announced."""

    WROTE = "wrote"
    BLOCK = "block"
    DIVIDER = "divider"
    FORWARD = "forward"


@dataclass(frozen=True)
class Intro:
    """An announcement and how many lines it takes."""

    kind: IntroKind
    length: int


def intro_at(lines: list[Line], at: int) -> Intro | None:
    """The announcement that begins at this line, if one does."""
    line = lines[at]
    text = line.text.strip()
    if not text or line.quote_depth:
        return None
    if len(text) > _LONGEST_LINE:
        return _block_at(lines, at)
    if FORWARD_LINE.match(text):
        return Intro(IntroKind.FORWARD, 1)
    if ORIGINAL_LINE.match(text) or line.begins_quote:
        return Intro(IntroKind.DIVIDER, 1)
    if RULE.match(text) or RULED_TITLE.match(text):
        return _ruled_at(lines, at)
    return _block_at(lines, at) or _wrote_at(lines, at)


def _ruled_at(lines: list[Line], at: int) -> Intro | None:
    """A rule or a title between rules counts when a header block follows."""
    if RULED_WROTE.match(lines[at].text):
        return Intro(IntroKind.WROTE, 1)
    following = _next_written(lines, at + 1)
    if following is None or following - at > 3 or lines[following].quote_depth:
        return None
    found = _block_at(lines, following) or _wrote_at(lines, following)
    return Intro(found.kind, following - at + found.length) if found else None


def _block_at(lines: list[Line], at: int) -> Intro | None:
    """Header lines of a quoted mail: two kinds at least, with an address, a subject or three kinds."""
    if not _labels_of(lines[at].text):
        return None
    kinds: set[str] = set()
    last, strays = at, 0
    stop = min(at + _LONGEST_BLOCK, len(lines))
    for index in range(at, stop):
        found = _labels_of(lines[index].text)
        if found & kinds and found <= kinds:
            break
        if found:
            kinds |= found
            last, strays = index, 0
            continue
        strays += 1 if not lines[index].is_blank or "subject" in kinds else 0
        if strays > (0 if "subject" in kinds else 2):
            break
    block = "\n".join(line.text[:_MANY_RECIPIENTS] for line in lines[at : last + 1])
    return Intro(IntroKind.BLOCK, last + 1 - at) if _is_block(kinds, block) else None


def _is_block(kinds: set[str], block: str) -> bool:
    real = kinds - {"other", "cc"}
    if len(real) < 2 or not real & {"from", "date"}:
        return False
    has_address = bool(HAS_ADDRESS.search(block))
    if "date" in real and not HAS_DATE.search(block):
        return len(real) > 2
    return has_address or "subject" in real or (len(real) > 2 and bool(_EASTERN.search(block)))


_EASTERN = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")


def _labels_of(text: str) -> set[str]:
    match = LABEL_LINE.match(text[:120])
    if not match or not (first := _kind_of(match["label"])):
        return set()
    has_more = text.count(":") + text.count("：") > 2
    others = LABEL_WITHIN.findall(text[:_LONGEST_LINE]) if has_more else []
    return {first, *map(_kind_of, others)} - {""}


def _kind_of(label: str) -> str:
    return LABEL_KINDS.get(re.sub(r"[\s\u3000]", "", label).lower(), "")


def _wrote_at(lines: list[Line], at: int) -> Intro | None:
    """`On <date> <somebody> wrote:` in any order and language, over some lines."""
    joined = ""
    for length in range(1, _LONGEST_INTRO + 1):
        index = at + length - 1
        if index >= len(lines) or len(joined) > _LONGEST_LINE:
            return None
        text = lines[index].text.strip()
        if not text and not _goes_on_after(lines, index):
            return None
        if length > 1 and _begins_anew(text):
            return None
        joined = f"{joined} {text}".strip()
        if length == 1 and not _may_begin(joined):
            return None
        if not _may_end(text):
            continue
        if _is_wrote(joined) or (length == 1 and _is_name_before_quote(lines, at)):
            return Intro(IntroKind.WROTE, length)
    return None


def _goes_on_after(lines: list[Line], blank: int) -> bool:
    following = _next_written(lines, blank)
    return following is not None and lines[following].text.lstrip()[:1] == "<"


def _begins_anew(text: str) -> bool:
    return bool(STARTS_WITH_ON.match(text) and HAS_DATE.search(text[:60])) and text[:1].isupper()


def _may_begin(text: str) -> bool:
    if STARTS_WITH_ON.match(text) or text.startswith(("在", "於", "于")):
        return bool(re.search(r"\d", text) or HAS_DATE.search(text))
    return bool(
        STARTS_WITH_DATE.match(text)
        or HAS_ADDRESS.search(text)
        or _has_verb(text)
        or ("<" in text and HAS_DATE.search(text))
    )


def _may_end(text: str) -> bool:
    return text[-1:] in _LAST_SIGNS or bool(ENDS_WITH_WROTE.search(text[-40:]))


def _has_verb(text: str) -> bool:
    if ENDS_WITH_WROTE.search(text[-80:]):
        return True
    return text.rstrip(" *->")[-1:] in {":", "："} and bool(WROTE_THEN_NAME.search(text[-240:]))


def _is_wrote(text: str) -> bool:
    if len(text) > _LONGEST_LINE:
        return False
    starts = STARTS_WITH_ON.match(text) or STARTS_WITH_DATE.match(text)
    is_dated = HAS_DATE.search(text)
    if DATE_THEN_ADDRESS.search(text) and STARTS_WITH_DATE.match(text) and is_dated:
        return True
    if not _has_verb(text):
        return False
    if HAS_ADDRESS.search(text):
        return text.rstrip(" *_->")[-1:] in ":：" or bool(is_dated)
    if re.search(r"[写寫]道|[写寫]到", text):
        return bool(is_dated) or text.rstrip(" *_->")[-1:] in ":："
    if re.search(r"\S via \S", text):
        return text.endswith((":", "："))
    return bool(is_dated) and (bool(starts) or text.rstrip(" *_->")[-1:] in ":：")


def _is_name_before_quote(lines: list[Line], at: int) -> bool:
    """`John wrote:` is an announcement only right before quoted lines."""
    text = lines[at].text.strip()
    if len(text) > 120 or not ENDS_WITH_WROTE.search(text) or text[-1] not in ":：":
        return False
    following = _next_written(lines, at + 1)
    return following is not None and lines[following].quote_depth > 0


def _next_written(lines: list[Line], at: int) -> int | None:
    for index in range(at, min(at + 6, len(lines))):
        if not lines[index].is_blank:
            return index
    return None
