"""Search in what was said: exact substrings, the newest first, with the match marked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, Max

from shouwen.accounts.models import Role, Staff
from shouwen.conversations.models import Line, LinePiece
from shouwen.conversations.permissions import ConversationPermission
from shouwen.conversations.queries.conversations import visible_conversations
from shouwen.customers.queries import shown_name

AROUND = 60
# The newest lines are looked through first, then four times as many, and so on.
FIRST_WINDOW, WIDER = 1000, 4
BATCH = 1000


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
    """Lines with all of the words, newest first, in conversations this person may read.

    Exact substrings of two Chinese characters or more; recalled lines are left out. Further pieces
    of very long lines (mails) are searched too, after all else is shown.
    """
    asked = words.strip()
    if not asked or not staff.may(ConversationPermission.SERVE):
        return Found(rows=[], next_cursor="")
    before = int(after) if after.isdigit() and len(after) < 19 else None
    ids = _newest_ids(staff, asked, before=before, count=size + 1)
    if len(ids) <= size:
        ids += [pk for pk in _long_ids(staff, asked, size - len(ids)) if pk not in ids]
        return Found(rows=_shown(ids, staff, asked), next_cursor="")
    return Found(rows=_shown(ids[:size], staff, asked), next_cursor=str(ids[size - 1]))


def _shown(ids: list[int], staff: Staff, asked: str) -> list[FoundLine]:
    lines = (
        Line.objects.filter(pk__in=ids)
        .select_related("conversation__customer")
        .only(
            "kind", "author_name", "text", "at", "seq", "conversation__channel",
            *(f"conversation__customer__{name}" for name in ("number", "name", "alias", "kind")),
        )
    )  # fmt: skip
    by_id = {line.pk: line for line in lines}
    return [
        FoundLine(
            line=by_id[pk],
            name=shown_name(by_id[pk].conversation.customer, staff),
            pieces=marked(by_id[pk].text, asked),
        )
        for pk in ids
    ]


def _newest_ids(staff: Staff, words: str, *, before: int | None, count: int) -> list[int]:
    """The newest lines with the words, by key.

    A frequent word is found among the newest lines at once, a rare one on the index; the database
    cannot tell them apart. So it looks through the newest lines, and from how many have the word
    and may be read it sees which way is shorter.
    """
    found: list[int] = []
    seen = held = 0
    for low, high in _windows(before):
        hits = _hits(words, low, high)
        held, seen = held + len(hits), seen + high - low
        found += _readable(staff, hits)
        if len(found) >= count or low <= 0:
            return found[:count]
        still_to_scan = (count - len(found)) * seen / max(len(found), 0.5)
        on_the_index = max(held, 0.5) * low / seen
        if on_the_index < still_to_scan:
            return found + _ids_on_the_index(staff, words, before=low, count=count - len(found))
    return found


def _windows(before: int | None) -> Iterator[tuple[int, int]]:
    """Spans of keys from the newest down, each from `low` on and below `high`, ever wider."""
    if before is None:
        before = (Line.objects.aggregate(newest=Max("pk"))["newest"] or 0) + 1
    width = FIRST_WINDOW
    while before > 0:
        yield max(before - width, 0), before
        before -= width
        width *= WIDER


def _hits(words: str, low: int, high: int) -> list[tuple[int, int]]:
    """Line and conversation of each hit in a span of keys, newest first."""
    lines = Line.objects.filter(pk__gte=low, pk__lt=high, recalled_at__isnull=True)
    return list(
        lines.filter(search__words_here=words).order_by("-pk").values_list("pk", "conversation_id")
    )


def _readable(staff: Staff, hits: Iterable[tuple[int, int]]) -> list[int]:
    if staff.reach == Role.Reach.ALL:
        return [pk for pk, _conversation in hits]
    asked = {conversation for _pk, conversation in hits}
    allowed = set(visible_conversations(staff).filter(pk__in=asked).values_list("pk", flat=True))
    return [pk for pk, conversation in hits if conversation in allowed]


def _ids_on_the_index(staff: Staff, words: str, *, before: int, count: int) -> list[int]:
    """Hits below a key by the index of words: ordered by what no index has, so that it is used."""
    found: list[int] = []
    order = (F("pk") + 0).desc()
    lines = Line.objects.filter(recalled_at__isnull=True, search__words=words).order_by(order)
    while len(found) < count:
        batch = lines.filter(pk__lt=before).values_list("pk", "conversation_id")[:BATCH]
        hits = list(batch)
        found += _readable(staff, hits)
        if len(hits) < BATCH:
            break
        before = hits[-1][0]
    return found[:count]


def _long_ids(staff: Staff, words: str, count: int) -> list[int]:
    """Lines whose later pieces have the words, the newest first."""
    # Not qualified: inside another query Django gives this table an alias.
    pieces = LinePiece.objects.filter(search__words=words)
    lines = Line.objects.filter(pk__in=pieces.values("line"), recalled_at__isnull=True)
    if staff.reach != Role.Reach.ALL:
        lines = lines.filter(conversation__in=visible_conversations(staff))
    return list(lines.order_by("-pk").values_list("pk", flat=True)[:count])


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
