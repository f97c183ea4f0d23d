"""What the writer newly wrote: the text without quoted mail and signature."""

import re
from dataclasses import dataclass
from itertools import pairwise

from shouwen.mailroom.carriers.email.html import lines_of_html
from shouwen.mailroom.carriers.email.intros import Intro, IntroKind, intro_at
from shouwen.mailroom.carriers.email.lines import Line, lines_of_text, text_of_lines
from shouwen.mailroom.carriers.email.quotewords import (
    ORIGINAL_TITLE,
    ORIGINAL_WITHIN,
    RULE,
    WROTE_ON_SAME_LINE,
)
from shouwen.mailroom.carriers.email.signatures import signature_start, without_sent_from

_LONG_LINE = 60
_LONGEST_SHARED = 600
_LEAST_UNANNOUNCED = 3
_LEAST_COMMENT = 100
_DISCLAIMER = re.compile(
    r"confidential|disclaimer|intended (?:recipient|only)|vertraulich|confidencial|confidentiel"
    r"|riservat|保密|机密|免责|unsubscribe|mailing list",
    re.I,
)


@dataclass(frozen=True)
class Reply:
    """The new text, what was folded away, and the signature; empty where there was none."""

    text: str
    folded: str = ""
    signature: str = ""


@dataclass(frozen=True)
class _Region:
    """Quoted lines from `start` up to `end`, with the line that announces them."""

    start: int
    end: int
    is_announced: bool


def reply_of_text(text: str) -> Reply:
    """Split a plain text. If nothing new is found the whole text counts as new."""
    return _split(lines_of_text(_with_intros_on_own_lines(text)))


def reply_of_html(html: str) -> Reply:
    """Split HTML, going also by the marks that mailers put around quotes."""
    return _split(lines_of_html(html))


def _with_intros_on_own_lines(text: str) -> str:
    """Quote announcements that share a line with the reply get a line of their own."""
    text = text.replace("------------------&nbsp;", "------------------ ")
    text = text.replace("&nbsp;------------------", " ------------------")
    if not any(mark in text for mark in ("---", "wrote:", "sent:")):
        return text
    return "\n".join(map(_split_at_intro, text.split("\n")))


def _split_at_intro(line: str) -> str:
    if len(line) > _LONGEST_SHARED:
        return line
    if "---" in line:
        line = ORIGINAL_WITHIN.sub("\n", line, count=1)
    if line.endswith(":") and (match := WROTE_ON_SAME_LINE.match(line)):
        return f"{match['reply']}\n{match['intro']}"
    return line


def _split(lines: list[Line]) -> Reply:
    kept, folded = _without_quotes(lines)
    marked = [line for line in kept if line.is_signature]
    if marked and any(not (line.is_signature or line.is_blank) for line in kept):
        kept = [line for line in kept if not line.is_signature]
    start = signature_start(kept)
    signature = [*marked, *kept[start:]] if start < len(kept) or marked else []
    new = text_of_lines(without_sent_from(_trimmed(kept[:start])))
    if not new.strip():
        whole = text_of_lines(without_sent_from(kept)) or text_of_lines(lines)
        return Reply(whole.strip(), text_of_lines(folded) if kept and whole else "")
    return Reply(new.strip(), text_of_lines(folded), text_of_lines(signature))


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without empty lines and rules at the end."""
    end = len(lines)
    while end and (lines[end - 1].is_blank or RULE.match(lines[end - 1].text)):
        end -= 1
    return lines[:end]


def _without_quotes(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that are new, and those that are not."""
    regions, cut = _find_quotes(lines)
    kept, folded = lines[:cut], lines[cut:]
    if not any(region.is_announced for region in regions):
        regions = [region for region in regions if _counts(region, kept)]
    if not regions:
        return kept, folded
    last_end = regions[-1].end
    has_text_after = any(not line.is_blank for line in kept[last_end:])
    if _is_interleaved(regions, kept) or _is_amid_text(regions, kept):
        end = len(kept) if has_text_after else regions[-1].start
        return kept[:end], kept[end:] + folded
    quoted = {index for region in regions for index in range(region.start, region.end)}
    new = [line for index, line in enumerate(kept) if index not in quoted]
    return new, [line for index, line in enumerate(kept) if index in quoted] + folded


def _counts(region: _Region, lines: list[Line]) -> bool:
    """A few marked lines that nobody announced amid text are the writer's own choice."""
    is_last = all(line.is_blank for line in lines[region.end :])
    marked = sum(1 for line in lines[region.start : region.end] if line.quote_depth)
    return is_last or marked >= _LEAST_UNANNOUNCED


def _is_interleaved(regions: list[_Region], lines: list[Line]) -> bool:
    """Whether new text stands between two quotes: then the quotes are needed to understand it."""
    return any(
        any(not line.is_blank for line in lines[before.end : after.start])
        for before, after in pairwise(regions)
    )


def _is_amid_text(regions: list[_Region], lines: list[Line]) -> bool:
    """Whether a quote stands between stretches of new text that speak about it."""
    after = "\n".join(line.text for line in lines[regions[-1].end :]).strip()
    if len(after) < _LEAST_COMMENT or _DISCLAIMER.search(after) or RULE.match(after.split("\n")[0]):
        return False
    return any(not line.is_blank for line in lines[: regions[0].start])


def _find_quotes(lines: list[Line]) -> tuple[list[_Region], int]:
    """Regions of marked lines, and where quoted mail begins that runs to the end unmarked."""
    regions: list[_Region] = []
    index = 0
    while index < len(lines):
        if lines[index].quote_depth:
            end = _end_of_marked(lines, index)
            regions.append(_Region(index, end, is_announced=False))
            index = end
            continue
        intro = intro_at(lines, index)
        if intro is None:
            index += 1
            continue
        if intro.kind is IntroKind.FORWARD:
            return regions, len(lines)
        announced_end = _end_of_announced(lines, index, intro)
        if announced_end is None:
            return regions, _start_of_cut(lines, index)
        start = _start_of_cut(lines, index)
        regions.append(_Region(start, announced_end, is_announced=True))
        index = announced_end
    return regions, len(lines)


def _end_of_announced(lines: list[Line], at: int, intro: Intro) -> int | None:
    """Where marked lines after an announcement end; None if what follows is not marked."""
    following = at + intro.length
    while following < len(lines) and lines[following].is_blank:
        following += 1
    if following < len(lines) and lines[following].quote_depth:
        return _end_of_marked(lines, following)
    return None


def _end_of_marked(lines: list[Line], at: int) -> int:
    """The end of a run of marked lines; empty lines and wrapped rests within belong to it."""
    end = at
    index = at
    while index < len(lines):
        if lines[index].quote_depth:
            end = index + 1
        elif not lines[index].is_blank and not _is_wrapped_rest(lines, index):
            break
        index += 1
    return end


def _is_wrapped_rest(lines: list[Line], at: int) -> bool:
    """Whether an unmarked line between marked ones is the rest of a line that was too long."""
    before, after = lines[at - 1], lines[at + 1 : at + 2]
    if not before.quote_depth or not after or not after[0].quote_depth:
        return False
    text = lines[at].text.strip()
    if re.search(r"\([^()]*https?://[^()]*$", before.text) or re.match(r"\(https?://\S+\)", text):
        return True
    return len(before.text) >= _LONG_LINE and len(text) < _LONG_LINE and " " not in text


def _start_of_cut(lines: list[Line], at: int) -> int:
    """The cut, moved up over rules, titles and empty lines that stand right before it."""
    while at and _is_margin(lines[at - 1]):
        at -= 1
    return at


def _is_margin(line: Line) -> bool:
    text = line.text
    if len(text) > _LONG_LINE + 20:
        return not text.strip("-_=—─*~ ")
    return line.is_blank or bool(RULE.match(text) or ORIGINAL_TITLE.match(text))
