"""Working hours as people write them: `8:30-12:00, 13:30-17:30`, and back."""

import re

from django.utils.translation import gettext as _

from shouwen.core.errors import Refused
from shouwen.deadlines.arithmetic import DAY_MINUTES, Minutes, Spans

_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–—~至到]\s*(\d{1,2})(?::(\d{2}))?")
_CLOSED_WORDS = {"", "-", "休", "休息", "closed"}


class HoursUnclear(Refused):
    """What was written cannot be read as working hours."""


def read_hours(text: str) -> Spans:
    """The spans of a day, in order. Empty text means closed.

    Full-width signs count as plain ones. Refuses what cannot be read, an end before its start,
    and spans that overlap.
    """
    plain = text.strip().translate(str.maketrans("：，；、－　;", ":,,,- ,"))
    if plain.lower() in _CLOSED_WORDS:
        return ()
    pieces = [piece.strip() for piece in plain.split(",")]
    return check_spans(sorted(_read_span(piece) for piece in pieces if piece))


def _read_span(piece: str) -> Minutes:
    found = _SPAN.fullmatch(piece)
    if not found:
        raise HoursUnclear(_("“%s” is not a span of hours. Write 8:30-12:00.") % piece[:40])
    opens, closes = (
        int(hour) * 60 + int(minute or 0) for hour, minute in (found.group(1, 2), found.group(3, 4))
    )
    if max(int(found.group(2) or 0), int(found.group(4) or 0)) > 59:
        raise HoursUnclear(_("“%s” has more than 59 minutes.") % piece[:40])
    return opens, closes


def check_spans(spans: list[Minutes]) -> Spans:
    """The spans themselves when they are in order and within one day."""
    reached = 0
    for opens, closes in spans:
        piece = write_span((opens, closes))
        if closes > DAY_MINUTES:
            raise HoursUnclear(_("“%s” ends after 24:00.") % piece)
        if closes <= opens:
            raise HoursUnclear(
                _("“%s” ends before it begins. Write a night in two: 20:00-24:00, then 0:00-8:00.")
                % piece
            )
        if opens < reached:
            raise HoursUnclear(_("“%s” overlaps the hours before it.") % piece)
        reached = closes
    return tuple(spans)


def write_span(span: Minutes) -> str:
    """One span, as `08:30-12:00`."""
    return "-".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in span)


def write_hours(spans: Spans) -> str:
    """The spans of a day, as `08:30-12:00, 13:30-17:30`; empty when closed."""
    return ", ".join(write_span(span) for span in spans)
