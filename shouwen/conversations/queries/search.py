"""Search in what was said: exact substrings, with the match marked."""

import re
from dataclasses import dataclass

from shouwen.accounts.models import Staff
from shouwen.conversations.models import Line
from shouwen.conversations.queries.conversations import lines_with, long_lines_with
from shouwen.core.paging import keyset_page
from shouwen.customers.queries import shown_name

AROUND = 60


@dataclass(frozen=True)
class Piece:
    """Some words of a line; `is_match` says that they were asked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, kw_only=True)
class FoundLine:
    """A line that was found, as one person may see it."""

    line: Line
    name: str
    pieces: list[Piece]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Some lines and where the next ones begin."""

    rows: list[FoundLine]
    next_cursor: str


def found_lines(staff: Staff, words: str, *, after: str = "", size: int = 30) -> Found:
    """Lines with the words, newest first, in conversations this person may read.

    Further pieces of very long lines (mails) are searched too, after all else is shown.
    """
    asked = words.strip()
    if not asked:
        return Found(rows=[], next_cursor="")
    page = keyset_page(lines_with(staff, asked), order=("-pk",), after=after, size=size)
    lines = list(page.rows)
    if not page.next_cursor and len(lines) < size:
        known = {line.pk for line in lines}
        long_ones = long_lines_with(staff, asked)[: size - len(lines)]
        lines += [line for line in long_ones if line.pk not in known]
    rows = [
        FoundLine(
            line=line,
            name=shown_name(line.conversation.customer, staff),
            pieces=marked(line.text, asked),
        )
        for line in lines
    ]
    return Found(rows=rows, next_cursor=page.next_cursor)


def marked(text: str, words: str) -> list[Piece]:
    """The surroundings of the first match, cut into what matches and what does not."""
    asked = [re.escape(word) for word in words.split() if word]
    if not asked:
        return [Piece(text[: 2 * AROUND], is_match=False)]
    pattern = re.compile("|".join(sorted(asked, key=len, reverse=True)), re.IGNORECASE)
    first = pattern.search(text)
    middle = first.start() if first else 0
    start = max(0, middle - AROUND)
    end = min(len(text), middle + 2 * AROUND)
    excerpt = " ".join(text[start:end].split())
    pieces = [Piece("…", is_match=False)] if start else []
    at = 0
    for match in pattern.finditer(excerpt):
        pieces.append(Piece(excerpt[at : match.start()], is_match=False))
        pieces.append(Piece(match.group(), is_match=True))
        at = match.end()
    pieces.append(Piece(excerpt[at:], is_match=False))
    if end < len(text):
        pieces.append(Piece("…", is_match=False))
    return [one for one in pieces if one.text]
